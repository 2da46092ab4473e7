package io.datamirror.change;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * The hash of a stored row: 64 bits over its non-null columns in order.
 *
 * <p>A null column adds nothing, so that a column added to a table leaves the hashes of its older
 * rows as they are.
 */
final class ContentHash {

  private static final Hasher64 XXH3 = Hashing.xxh3_64();

  private byte[] bytes = new byte[256];
  private int length;

  void clear() {
    length = 0;
  }

  void addLong(int column, long value) {
    ensure(Integer.BYTES + Long.BYTES);
    BigEndian.INT.set(bytes, length, column);
    BigEndian.LONG.set(bytes, length + Integer.BYTES, value);
    length += Integer.BYTES + Long.BYTES;
  }

  void addDecimal(int column, BigDecimal value) {
    byte[] unscaled = value.unscaledValue().toByteArray();
    addBytes(column, unscaled, 0, unscaled.length);
  }

  /** The same as for a decimal of this unscaled value. */
  void addUnscaled(int column, long unscaled) {
    int count = OrderedBytes.wholeBytes(unscaled);
    ensure(8 + count);
    addInt(column);
    addInt(count);
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (unscaled >>> shift);
    }
  }

  void addBytes(int column, byte[] value, int offset, int count) {
    ensure(8 + count);
    addInt(column);
    addInt(count);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
  }

  long value() {
    return XXH3.hashBytesToLong(bytes, 0, length);
  }

  private void addInt(int value) {
    BigEndian.INT.set(bytes, length, value);
    length += Integer.BYTES;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
