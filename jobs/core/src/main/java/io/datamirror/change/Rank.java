package io.datamirror.change;

import java.util.Arrays;

/**
 * The rank of a change under the ordering law, as bytes: of two changes of one key, the one with
 * the greater rank wins, and nothing else decides.
 *
 * <p>Layout: the version columns, the order (one null mark when the source gives none), one byte
 * for the operation, eight bytes for the hash of the stored row (zero for a delete). Each part is
 * self-delimiting and ordered, so that unsigned comparison of the whole is the law: the greater
 * version; then the greater order; then the operation that the tie rule prefers; then the greater
 * content hash.
 */
public final class Rank {

  /** How many bytes at the end of a rank are the hash of the stored row. */
  public static final int HASH_BYTES = Long.BYTES;

  /** How many bytes at the end of a rank are behind version and order. */
  public static final int TAIL_BYTES = 1 + HASH_BYTES;

  private static final byte LOSES_TIE = 1;
  private static final byte WINS_TIE = 2;

  private Rank() {}

  /** Negative, zero or positive as {@code left} is less than, equal to or greater than. */
  public static int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right);
  }

  /** The hash of the stored row; zero for a delete. */
  public static long contentHash(byte[] rank) {
    long hash = 0;
    for (int i = rank.length - HASH_BYTES; i < rank.length; i++) {
      hash = hash << 8 | (rank[i] & 0xFF);
    }
    return hash;
  }

  /**
   * Whether two upserts have the same version and order but other content, so that only their hash
   * decides. The operation of both is known to be an upsert, hence the same tie byte.
   */
  public static boolean conflicting(byte[] left, byte[] right) {
    return conflicting(left, right, 0, right.length);
  }

  /** The same, with the right rank in {@code bytes[from, to)}. */
  public static boolean conflicting(byte[] left, byte[] bytes, int from, int to) {
    if (left.length != to - from) {
      return false;
    }
    int different = Arrays.mismatch(left, 0, left.length, bytes, from, to);
    return different >= left.length - HASH_BYTES;
  }

  static byte tieByte(Operation operation, ChangeLayout.Tie tie) {
    boolean wins =
        switch (tie) {
          case DELETE_WINS -> operation == Operation.DELETE;
          case UPSERT_WINS -> operation == Operation.UPSERT;
        };
    return wins ? WINS_TIE : LOSES_TIE;
  }
}
