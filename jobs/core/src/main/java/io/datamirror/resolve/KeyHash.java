package io.datamirror.resolve;

import io.datamirror.change.KeyId;

/**
 * A hash whose low bits depend on all bits of a key, for tables with open addressing.
 *
 * <p>That of {@link KeyId} itself chooses key groups and can never change; its low bits are equal
 * for numbers that follow each other, and keys of one group have much of it in common.
 */
final class KeyHash {

  private KeyHash() {}

  static int of(KeyId key) {
    return of(key.table(), key.high(), key.low());
  }

  static int of(int table, long high, long low) {
    long mixed = (high * 0x9E3779B97F4A7C15L + Long.rotateLeft(low, 31)) ^ table;
    mixed = (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 29) * 0x94D049BB133111EBL;
    return (int) (mixed ^ mixed >>> 32);
  }

  /**
   * How many slots of a table stand full side by side at most: what the slowest search looks at.
   */
  static int longestRun(long[] slots) {
    int longest = 0;
    int run = 0;
    for (long slot : slots) {
      run = slot == 0 ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
