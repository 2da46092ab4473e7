package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The greatest change of each key since the last flush: a hash table with open addressing, whose
 * entries stand in an array in the order in which their keys came.
 *
 * <p>A slot holds the upper half of what is left of the hash, and the entry's place plus one in its
 * lower half, so that most comparisons touch no object. Walking through the entries in their order
 * touches memory in the order in which it was given out.
 */
final class Bundle<R> {

  private static final int FIRST_SLOTS = 1 << 10;
  private static final long PLACE = 0xFFFFFFFFL;

  private long[] slots = new long[FIRST_SLOTS];
  private Pending<R>[] entries = array(FIRST_SLOTS / 2);
  private int size;

  int size() {
    return size;
  }

  /** The entry of {@code key}, or null. */
  Pending<R> find(KeyId key) {
    int hash = hash(key);
    int mask = slots.length - 1;
    for (int at = hash & mask; slots[at] != 0; at = at + 1 & mask) {
      if ((int) (slots[at] >>> Integer.SIZE) == hash) {
        Pending<R> entry = entries[(int) (slots[at] & PLACE) - 1];
        if (entry.key.equals(key)) {
          return entry;
        }
      }
    }
    return null;
  }

  /** Adds the entry of a key that has none. */
  void add(Pending<R> entry) {
    if (size == entries.length) {
      grow();
    }
    entries[size++] = entry;
    place(hash(entry.key), size);
  }

  private void place(int hash, int number) {
    int mask = slots.length - 1;
    int at = hash & mask;
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = (long) hash << Integer.SIZE | number;
  }

  private void grow() {
    entries = Arrays.copyOf(entries, 2 * entries.length);
    slots = new long[2 * slots.length];
    for (int i = 0; i < size; i++) {
      place(hash(entries[i].key), i + 1);
    }
  }

  /** The entries in the order in which their keys came, valid up to {@link #size}. */
  Pending<R>[] entries() {
    return entries;
  }

  /** The entries in another order. */
  Pending<R>[] sorted(Comparator<KeyId> order) {
    Pending<R>[] sorted = Arrays.copyOf(entries, size);
    Arrays.sort(sorted, (left, right) -> order.compare(left.key, right.key));
    return sorted;
  }

  /** Forgets all entries; what it costs depends on how many they were. */
  void clear() {
    if (size > slots.length / 8) {
      Arrays.fill(slots, 0);
    } else {
      clearSlots();
    }
    Arrays.fill(entries, 0, size, null);
    size = 0;
  }

  /** Empties the runs of slots that the entries stand in. */
  private void clearSlots() {
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      for (int at = hash(entries[i].key) & mask; slots[at] != 0; at = at + 1 & mask) {
        slots[at] = 0;
      }
    }
  }

  /** How many slots stand full side by side at most: what the slowest search looks at. */
  int longestRun() {
    int longest = 0;
    int run = 0;
    for (long slot : slots) {
      run = slot == 0 ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /**
   * A hash whose low bits depend on all bits of the key. That of {@link KeyId} itself chooses key
   * groups and can never change, and its low bits are equal for numbers that follow each other.
   */
  private static int hash(KeyId key) {
    long mixed = (key.high() * 0x9E3779B97F4A7C15L + Long.rotateLeft(key.low(), 31)) ^ key.table();
    mixed = (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 29) * 0x94D049BB133111EBL;
    return (int) (mixed ^ mixed >>> 32);
  }

  @SuppressWarnings("unchecked")
  private static <R> Pending<R>[] array(int length) {
    return (Pending<R>[]) new Pending<?>[length];
  }
}
