package io.datamirror.change;

import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Identifies one key of one table in 128 bits.
 *
 * <p>Encoded keys of up to {@value #EXACT_BYTES} bytes (every single number, date or time but a
 * decimal) are packed as they are, so that two of them are equal exactly when the keys are. Longer
 * ones are the first 15 bytes of their SHA-256: ten billion of them collide with a probability
 * below 10^-16, also when somebody tries to.
 *
 * @param table the table's number, see {@link #tableNumber}
 * @param high first half of the identity
 * @param low second half of the identity
 */
public record KeyId(int table, long high, long low) implements Serializable, Comparable<KeyId> {

  /** The longest encoded key that is kept as it is. */
  public static final int EXACT_BYTES = 15;

  private static final int HASHED = 0xFF;
  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(KeyId::sha256);

  /** The identity of the encoded key {@code bytes[0, length)} in table {@code table}. */
  public static KeyId of(int table, byte[] bytes, int length) {
    if (length <= EXACT_BYTES) {
      return packed(table, bytes, length, length);
    }
    MessageDigest digest = SHA_256.get();
    digest.update(bytes, 0, length);
    return packed(table, digest.digest(), EXACT_BYTES, HASHED);
  }

  /** The number of the table called {@code name} in the lake: the same in every job and release. */
  public static int tableNumber(String name) {
    byte[] hash = SHA_256.get().digest(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return (hash[0] & 0xFF) << 24
        | (hash[1] & 0xFF) << 16
        | (hash[2] & 0xFF) << 8
        | (hash[3] & 0xFF);
  }

  /** The 16 bytes of this identity, without the table. */
  public byte[] toBytes() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
    }
    return bytes;
  }

  /** The identity whose {@link #toBytes} are {@code bytes}. */
  public static KeyId fromBytes(int table, byte[] bytes) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 8; i++) {
      high = high << 8 | (bytes[i] & 0xFF);
      low = low << 8 | (bytes[8 + i] & 0xFF);
    }
    return new KeyId(table, high, low);
  }

  /** By unsigned numbers, hence in the order of their serialized bytes. */
  @Override
  public int compareTo(KeyId other) {
    if (table != other.table) {
      return Integer.compareUnsigned(table, other.table);
    }
    return high == other.high
        ? Long.compareUnsigned(low, other.low)
        : Long.compareUnsigned(high, other.high);
  }

  @Override
  public int hashCode() {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xBF58476D1CE4E5B9L + table;
    return (int) (mixed ^ mixed >>> 32);
  }

  private static KeyId packed(int table, byte[] bytes, int length, int mark) {
    long high = mark;
    long low = 0;
    for (int i = 0; i < 7; i++) {
      high = high << 8 | (i < length ? bytes[i] & 0xFF : 0);
    }
    for (int i = 7; i < EXACT_BYTES; i++) {
      low = low << 8 | (i < length ? bytes[i] & 0xFF : 0);
    }
    return new KeyId(table, high, low);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
