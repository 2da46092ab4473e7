package io.datamirror.resolve;

import io.datamirror.change.BigEndian;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import java.util.Arrays;

/**
 * The greatest change of each key since the last flush: a hash table with open addressing, whose
 * entries are numbered in the order in which their keys came.
 *
 * <p>Entries are numbers in one array and bytes in another, not objects: they outlive many
 * collections of garbage, which would copy each of them, and a flush that walks through them finds
 * one beside the other. Only what is handed out is made an object of.
 *
 * <p>A slot holds the upper half of what is left of the hash, and the entry's number plus one in
 * its lower half, so that most comparisons touch no entry.
 */
final class Bundle<R> {

  /** The number of no entry. */
  static final int NONE = -1;

  private static final int FIRST_SLOTS = 1 << 10;
  private static final long PLACE = 0xFFFFFFFFL;

  /** What an entry costs besides its rank and its row: its numbers, and slots half of them full. */
  private static final int ENTRY_BYTES = 96;

  // The numbers of an entry, as large as a line of a processor's cache.
  private static final int WIDTH = 8;
  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int TABLE_AND_FLAGS = 2;
  private static final int TIME = 3;
  private static final int ROW = 4;
  private static final int RANK = 5;
  private static final int RANK_START = 6;
  private static final int RANK_GOES_ON = 7;

  private static final long DELETES = 1;
  private static final long REMEMBERED = 2;
  private static final long FLAGS = DELETES | REMEMBERED;

  /** As many bytes of a rank stand in its entry, so that most comparisons touch nothing else. */
  private static final int RANK_BYTES_IN_ENTRY = 2 * Long.BYTES;

  private final RowStore<R> rows;
  private final Pending<R> view = new Pending<>();
  private long[] slots = new long[FIRST_SLOTS];
  private long[] entries = new long[FIRST_SLOTS / 2 * WIDTH];
  private byte[] ranks = new byte[FIRST_SLOTS * 16];
  private int rankBytes;
  private int size;

  // Of the search for many keys.
  private final int[] hashes = new int[Incoming.ROOM];
  private final long[] firstSlots = new long[Incoming.ROOM];
  private final int[] found = new int[Incoming.ROOM];
  private final long[] places = new long[Incoming.ROOM];

  Bundle(RowStore<R> rows) {
    this.rows = rows;
  }

  int size() {
    return size;
  }

  /** The memory that all entries hold, roughly. */
  long bytes() {
    return (long) size * ENTRY_BYTES + rankBytes + rows.bytes();
  }

  /** The number of the entry of {@code key}, or {@link #NONE}. */
  int find(KeyId key) {
    return find(key, KeyHash.of(key));
  }

  private int find(KeyId key, int hash) {
    int mask = slots.length - 1;
    for (int at = hash & mask; slots[at] != 0; at = at + 1 & mask) {
      if ((int) (slots[at] >>> Integer.SIZE) == hash) {
        int entry = (int) (slots[at] & PLACE) - 1;
        if (isOf(entry, key)) {
          return entry;
        }
      }
    }
    return NONE;
  }

  /**
   * What {@link #find} answers for each of {@code incoming}, valid until the next call. Afterwards
   * the entries and their rows are near.
   *
   * <p>Each loop looks at one kind of memory, and no round of it waits for another: see {@link
   * Incoming}.
   */
  int[] findEach(Incoming<R> incoming) {
    int count = incoming.size();
    int mask = slots.length - 1;
    for (int i = 0; i < count; i++) {
      hashes[i] = KeyHash.of(incoming.key(i));
    }
    for (int i = 0; i < count; i++) {
      firstSlots[i] = slots[hashes[i] & mask];
    }
    for (int i = 0; i < count; i++) {
      found[i] = find(incoming.key(i), hashes[i], firstSlots[i]);
    }
    expectRows(count);
    return found;
  }

  private int find(KeyId key, int hash, long firstSlot) {
    int entry = (int) (firstSlot & PLACE) - 1;
    boolean likely = entry != NONE && (int) (firstSlot >>> Integer.SIZE) == hash;
    return likely && isOf(entry, key) ? entry : find(key, hash);
  }

  private void expectRows(int count) {
    int rowCount = 0;
    for (int i = 0; i < count; i++) {
      if (found[i] != NONE) {
        places[rowCount++] = entries[found[i] * WIDTH + ROW];
      }
    }
    rows.expect(places, rowCount);
  }

  private boolean isOf(int entry, KeyId key) {
    int at = entry * WIDTH;
    return entries[at + LOW] == key.low()
        && entries[at + HIGH] == key.high()
        && tableAt(at) == key.table();
  }

  private int tableAt(int at) {
    return (int) (entries[at + TABLE_AND_FLAGS] >>> Integer.SIZE);
  }

  /** The memory that a change takes that is not in the bundle yet, roughly. */
  long bytes(KeyedChange<R> change) {
    return ENTRY_BYTES + change.rank().length + rows.bytes(change.row());
  }

  void add(KeyedChange<R> change) {
    add(change.key(), change.operation(), change.rank(), change.timeMillis(), change.row());
  }

  void replace(int entry, KeyedChange<R> change) {
    replace(entry, change.operation(), change.rank(), change.timeMillis(), change.row());
  }

  /** Adds the entry of a key that has none. */
  void add(KeyId key, Operation operation, byte[] rank, long timeMillis, R row) {
    if ((size + 1) * WIDTH > entries.length) {
      grow();
    }
    int at = size * WIDTH;
    entries[at + HIGH] = key.high();
    entries[at + LOW] = key.low();
    entries[at + TABLE_AND_FLAGS] = (long) key.table() << Integer.SIZE | flags(operation);
    entries[at + TIME] = timeMillis;
    entries[at + ROW] = rows.add(row);
    addRank(at, rank);
    size++;
    place(KeyHash.of(key), size);
  }

  /** Puts another change of the same key in the place of the one that an entry holds. */
  void replace(int entry, Operation operation, byte[] rank, long timeMillis, R row) {
    int at = entry * WIDTH;
    entries[at + TABLE_AND_FLAGS] = entries[at + TABLE_AND_FLAGS] & ~FLAGS | flags(operation);
    entries[at + TIME] = timeMillis;
    entries[at + ROW] = rows.replace(entries[at + ROW], row);
    if (rank.length <= rankLength(at)) {
      putRank(at, rankAt(at), rank);
    } else {
      addRank(at, rank);
    }
  }

  private static long flags(Operation operation) {
    return switch (operation) {
      case UPSERT -> 0;
      case DELETE -> DELETES;
    };
  }

  private void addRank(int at, byte[] rank) {
    if (rankBytes + rank.length > ranks.length) {
      ranks = Arrays.copyOf(ranks, Math.max(2 * ranks.length, rankBytes + rank.length));
    }
    putRank(at, rankBytes, rank);
    rankBytes += rank.length;
  }

  private void putRank(int at, int start, byte[] rank) {
    System.arraycopy(rank, 0, ranks, start, rank.length);
    entries[at + RANK] = (long) start << Integer.SIZE | rank.length;
    entries[at + RANK_START] = eightBytes(rank, 0);
    entries[at + RANK_GOES_ON] = eightBytes(rank, Long.BYTES);
  }

  /** Eight bytes of a rank as a number that orders as they do; behind its end there are zeros. */
  private static long eightBytes(byte[] rank, int from) {
    if (from + Long.BYTES <= rank.length) {
      return (long) BigEndian.LONG.get(rank, from);
    }
    long bytes = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      bytes = bytes << 8 | (i < rank.length ? rank[i] & 0xFF : 0);
    }
    return bytes;
  }

  private int rankAt(int at) {
    return (int) (entries[at + RANK] >>> Integer.SIZE);
  }

  private int rankLength(int at) {
    return (int) entries[at + RANK];
  }

  /** Negative, zero or positive as {@code rank} is less than, equal to or greater than. */
  int compareRank(byte[] rank, int entry) {
    int at = entry * WIDTH;
    int comparison = Long.compareUnsigned(eightBytes(rank, 0), entries[at + RANK_START]);
    if (comparison == 0) {
      comparison = Long.compareUnsigned(eightBytes(rank, Long.BYTES), entries[at + RANK_GOES_ON]);
    }
    if (comparison != 0) {
      return comparison;
    }
    int start = rankAt(at);
    return Arrays.compareUnsigned(rank, 0, rank.length, ranks, start, start + rankLength(at));
  }

  /** See {@link Rank#conflicting}. */
  boolean conflicts(byte[] rank, int entry) {
    int at = entry * WIDTH;
    int same = sameBytes(rank, at);
    if (same < RANK_BYTES_IN_ENTRY && same < rank.length - Rank.HASH_BYTES) {
      return false;
    }
    int start = rankAt(at);
    return Rank.conflicting(rank, ranks, start, start + rankLength(at));
  }

  /** How many of its first bytes a rank has in common with that of an entry, as far as it tells. */
  private int sameBytes(byte[] rank, int at) {
    long start = eightBytes(rank, 0) ^ entries[at + RANK_START];
    if (start != 0) {
      return Long.numberOfLeadingZeros(start) / Byte.SIZE;
    }
    long goesOn = eightBytes(rank, Long.BYTES) ^ entries[at + RANK_GOES_ON];
    return goesOn == 0
        ? RANK_BYTES_IN_ENTRY
        : Long.BYTES + Long.numberOfLeadingZeros(goesOn) / Byte.SIZE;
  }

  /** The number of the table that the key of an entry is of. */
  int table(int entry) {
    return tableAt(entry * WIDTH);
  }

  KeyId key(int entry) {
    int at = entry * WIDTH;
    return new KeyId(tableAt(at), entries[at + HIGH], entries[at + LOW]);
  }

  /** An entry as an object, valid until the next call. */
  Pending<R> get(int entry, KeyId key) {
    int at = entry * WIDTH;
    int rankAt = rankAt(at);
    view.key = key;
    view.operation =
        (entries[at + TABLE_AND_FLAGS] & DELETES) == 0 ? Operation.UPSERT : Operation.DELETE;
    view.rank = Arrays.copyOfRange(ranks, rankAt, rankAt + rankLength(at));
    view.timeMillis = entries[at + TIME];
    view.row = rows.row(entries[at + ROW]);
    return view;
  }

  /** Marks an entry as what is now remembered of its key. */
  void markRemembered(int entry) {
    entries[entry * WIDTH + TABLE_AND_FLAGS] |= REMEMBERED;
  }

  boolean remembered(int entry) {
    return (entries[entry * WIDTH + TABLE_AND_FLAGS] & REMEMBERED) != 0;
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
      place(hash(i), i + 1);
    }
  }

  /** An entry and its key, to be put in order. */
  record Placed(int entry, KeyId key, int group) implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      return group == other.group ? key.compareTo(other.key) : Integer.compare(group, other.group);
    }
  }

  /** All entries, group by group. */
  Placed[] sorted(KeyGroups groups) {
    Placed[] sorted = new Placed[size];
    for (int i = 0; i < size; i++) {
      KeyId key = key(i);
      sorted[i] = new Placed(i, key, groups.groupOf(key));
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /** Forgets all entries; what it costs depends on how many they were. */
  void clear() {
    if (size > slots.length / 8) {
      Arrays.fill(slots, 0);
    } else {
      clearSlots();
    }
    rows.clear();
    rankBytes = 0;
    size = 0;
  }

  /** Empties the runs of slots that the entries stand in. */
  private void clearSlots() {
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      for (int at = hash(i) & mask; slots[at] != 0; at = at + 1 & mask) {
        slots[at] = 0;
      }
    }
  }

  /** How many slots stand full side by side at most: what the slowest search looks at. */
  int longestRun() {
    return KeyHash.longestRun(slots);
  }

  private int hash(int entry) {
    int at = entry * WIDTH;
    return KeyHash.of(tableAt(at), entries[at + HIGH], entries[at + LOW]);
  }
}
