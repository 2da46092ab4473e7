package io.datamirror.resolve;

import io.datamirror.change.KeyId;

/**
 * Finds the entries of keys by hash: open addressing, one number a slot.
 *
 * <p>A slot holds the hash in its upper half, so that most comparisons touch no entry, and in its
 * lower half the entry's place plus one.
 */
final class KeySlots {

  /** The slot of no key. */
  static final int NONE = -1;

  private static final int FIRST_SLOTS = 1 << 3;
  private static final long PLACE = 0xFFFFFFFFL;

  private long[] slots = new long[FIRST_SLOTS];
  private int size;

  int size() {
    return size;
  }

  /** The slot of the entry of {@code key}, or {@link #NONE}; valid until one comes or goes. */
  int find(KeyId key, EntryPages entries) {
    int hash = KeyHash.of(key);
    int mask = slots.length - 1;
    for (int at = hash & mask; slots[at] != 0; at = at + 1 & mask) {
      if (hashOf(slots[at]) == hash && entries.isOf(place(at), key)) {
        return at;
      }
    }
    return NONE;
  }

  /** Where the entry of a slot is. */
  int place(int slot) {
    return (int) slots[slot] - 1;
  }

  /** Adds the entry of a key that has none. */
  void add(KeyId key, int place) {
    if (size * 3 >= slots.length * 2) {
      grow();
    }
    put(slotOf(KeyHash.of(key), place));
    size++;
  }

  /** The entry of a slot is somewhere else now. */
  void move(int slot, int place) {
    slots[slot] = slotOf(hashOf(slots[slot]), place);
  }

  /** Empties a slot; those that stand behind it because it was full move up. */
  void remove(int slot) {
    int mask = slots.length - 1;
    int hole = slot;
    for (int at = slot + 1 & mask; slots[at] != 0; at = at + 1 & mask) {
      int home = hashOf(slots[at]) & mask;
      if ((at - home & mask) >= (at - hole & mask)) {
        slots[hole] = slots[at];
        hole = at;
      }
    }
    slots[hole] = 0;
    size--;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[2 * before.length];
    for (long slot : before) {
      if (slot != 0) {
        put(slot);
      }
    }
  }

  private void put(long slot) {
    int mask = slots.length - 1;
    int at = hashOf(slot) & mask;
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = slot;
  }

  private static long slotOf(int hash, int place) {
    return (long) hash << Integer.SIZE | place + 1 & PLACE;
  }

  private static int hashOf(long slot) {
    return (int) (slot >>> Integer.SIZE);
  }

  long bytes() {
    return (long) slots.length * Long.BYTES;
  }

  /** How many slots stand full side by side at most: what the slowest search looks at. */
  int longestRun() {
    return KeyHash.longestRun(slots);
  }
}
