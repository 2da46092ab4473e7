package io.datamirror.change;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * A growing buffer of values whose unsigned byte order is the order of the values.
 *
 * <p>Values are written one behind the other; each is self-delimiting, so that comparing two
 * buffers of the same column types byte by byte compares the values column by column. Null is less
 * than every value. Strings compare by UTF-8 bytes, which is the order of code points; a trailing
 * terminator keeps a prefix before its extensions.
 */
final class OrderedBytes {

  private static final byte NULL = 0;
  private static final byte PRESENT = 1;
  private static final int DECIMAL_BYTES = 17;

  private byte[] bytes = new byte[64];
  private int length;

  void clear() {
    length = 0;
  }

  int length() {
    return length;
  }

  /** The buffer itself: valid up to {@link #length} until the next write. */
  byte[] bytes() {
    return bytes;
  }

  void writeNull() {
    writeByte(NULL);
  }

  void writeBoolean(boolean value) {
    writeByte(PRESENT);
    writeByte((byte) (value ? 1 : 0));
  }

  void writeInt(int value) {
    writeByte(PRESENT);
    writeRaw((value ^ Integer.MIN_VALUE) & 0xFFFFFFFFL, 4);
  }

  void writeLong(long value) {
    writeByte(PRESENT);
    writeRaw(value ^ Long.MIN_VALUE, 8);
  }

  /** Orders as SQL engines do: NaN above all numbers, and the two zeros are one value. */
  void writeDouble(double value) {
    writeByte(PRESENT);
    long bits = Double.doubleToLongBits(value == 0.0 ? 0.0 : value);
    writeRaw(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE, 8);
  }

  /** Orders decimals of one scale by their unscaled value. */
  void writeDecimal(BigDecimal value) {
    writeByte(PRESENT);
    byte[] magnitude = value.unscaledValue().toByteArray();
    byte fill = (byte) (magnitude[0] < 0 ? 0xFF : 0);
    ensure(DECIMAL_BYTES);
    Arrays.fill(bytes, length, length + DECIMAL_BYTES - magnitude.length, fill);
    System.arraycopy(
        magnitude, 0, bytes, length + DECIMAL_BYTES - magnitude.length, magnitude.length);
    bytes[length] ^= (byte) 0x80;
    length += DECIMAL_BYTES;
  }

  /** The same as for a decimal of this unscaled value. */
  void writeUnscaled(long unscaled) {
    writeByte(PRESENT);
    ensure(DECIMAL_BYTES);
    byte fill = (byte) (unscaled < 0 ? 0xFF : 0);
    Arrays.fill(bytes, length, length + DECIMAL_BYTES - Long.BYTES, fill);
    bytes[length] ^= (byte) 0x80;
    length += DECIMAL_BYTES - Long.BYTES;
    writeRaw(unscaled, Long.BYTES);
  }

  /** How many bytes the number takes in two's complement, at least one. */
  static int wholeBytes(long number) {
    return (Long.SIZE - Long.numberOfLeadingZeros(number < 0 ? ~number : number)) / 8 + 1;
  }

  /** Writes bytes with zero doubled to {@code 00 FF} and {@code 00 00} at the end. */
  void writeBytes(byte[] value, int offset, int count) {
    writeByte(PRESENT);
    ensure(2 * count + 2);
    for (int i = offset; i < offset + count; i++) {
      bytes[length++] = value[i];
      if (value[i] == 0) {
        bytes[length++] = (byte) 0xFF;
      }
    }
    bytes[length++] = 0;
    bytes[length++] = 0;
  }

  /** Writes the low {@code count} bytes of {@code value}, high byte first, with no null mark. */
  void writeRaw(long value, int count) {
    ensure(count);
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  void writeByte(byte value) {
    ensure(1);
    bytes[length++] = value;
  }

  /** Appends all of {@code other}. */
  void append(OrderedBytes other) {
    ensure(other.length);
    System.arraycopy(other.bytes, 0, bytes, length, other.length);
    length += other.length;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
