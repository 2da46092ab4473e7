package io.datamirror.feed;

import io.datamirror.change.BigEndian;

/**
 * PostgreSQL's binary form of a numeric: how many digits of base 10,000 there are, the weight of
 * the first, the sign, the scale that is shown, and the digits; two bytes each.
 */
final class RawDecimal {

  /** The most decimal digits that surely fit into a long. */
  static final int MOST_DIGITS = 18;

  /** The answer for a number that is none, or that does not fit. */
  static final long NONE = Long.MIN_VALUE;

  private static final int HEADER_BYTES = 8;
  private static final int BASE = 10_000;
  private static final int BASE_DIGITS = 4;
  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;
  private static final long[] POWERS = powers();

  private RawDecimal() {}

  /** The number times 10 to the power of {@code scale}, if that is whole and fits. */
  static long unscaled(byte[] bytes, int precision, int scale) {
    if (bytes.length < HEADER_BYTES) {
      return NONE;
    }
    int digits = (short) BigEndian.SHORT.get(bytes, 0);
    int weight = (short) BigEndian.SHORT.get(bytes, 2);
    int sign = (short) BigEndian.SHORT.get(bytes, 4);
    if (bytes.length != HEADER_BYTES + Short.BYTES * digits
        || (sign != POSITIVE && sign != NEGATIVE)) {
      return NONE;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      if (value > (Long.MAX_VALUE - BASE) / BASE) {
        return NONE;
      }
      value = value * BASE + (short) BigEndian.SHORT.get(bytes, HEADER_BYTES + Short.BYTES * i);
    }
    long scaled = scaled(value, BASE_DIGITS * (weight - digits + 1) + scale);
    if (scaled == NONE || scaled >= POWERS[precision]) {
      return NONE;
    }
    return sign == NEGATIVE ? -scaled : scaled;
  }

  private static long scaled(long value, int power) {
    if (value == 0 || power == 0) {
      return value;
    }
    if (power > 0) {
      boolean fits = power <= MOST_DIGITS && value <= Long.MAX_VALUE / POWERS[power];
      return fits ? value * POWERS[power] : NONE;
    }
    boolean whole = -power <= MOST_DIGITS && value % POWERS[-power] == 0;
    return whole ? value / POWERS[-power] : NONE;
  }

  private static long[] powers() {
    long[] powers = new long[MOST_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = 10 * powers[i - 1];
    }
    return powers;
  }
}
