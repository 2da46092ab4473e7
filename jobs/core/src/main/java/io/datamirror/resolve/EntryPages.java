package io.datamirror.resolve;

import io.datamirror.change.BigEndian;
import io.datamirror.change.KeyId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Keys and their memories, one after the other in pages; the layout is that of {@link MemoryPage}.
 *
 * <p>A page that was handed out is frozen: whoever writes to it first gets a copy, which takes its
 * place. So the pages that are not frozen are those that were written since.
 *
 * <p>The place of an entry is the number of its page and, in the lower {@value #OFFSET_BITS} bits,
 * where it begins there. An entry that is longer than a page has a page of its own.
 */
final class EntryPages {

  private static final int OFFSET_BITS = 12;

  /** Small, because one key that changes makes a copy of its page in every epoch. */
  private static final int PAGE_BYTES = 1 << OFFSET_BITS;

  /** How many pages the places tell apart: 4 GiB of entries. */
  private static final int MOST_PAGES = 1 << Integer.SIZE - OFFSET_BITS;

  /** The first page starts small: there may be ten thousands of groups with a few keys each. */
  private static final int FIRST_BYTES = 1 << 7;

  private static final int PAGE_HEAD = 1;
  private static final int HIGH_AT = Integer.BYTES + Integer.BYTES;
  private static final int LOW_AT = HIGH_AT + Long.BYTES;
  private static final int ENTRY_HEAD = LOW_AT + Long.BYTES;
  private static final int DEAD = Integer.MIN_VALUE;

  private byte[][] pages;
  private int[] lengths;
  private boolean[] frozen;
  private int size;

  /** How many pages there were when they were handed out. */
  private int handedOut;

  private long bytes;
  private long deadBytes;

  /**
   * Without entries.
   *
   * @param handedOut how many pages were handed out that these are going to replace
   */
  EntryPages(int handedOut) {
    this(new byte[1][], handedOut);
  }

  private EntryPages(byte[][] pages, int handedOut) {
    this.pages = pages;
    this.lengths = new int[pages.length];
    this.frozen = new boolean[pages.length];
    this.handedOut = handedOut;
  }

  /** With the entries of pages that were handed out before, by their numbers. */
  static EntryPages of(Map<Integer, MemoryPage> restored) {
    EntryPages made = new EntryPages(new byte[Math.max(1, restored.size())][], restored.size());
    for (int page = 0; page < restored.size(); page++) {
      MemoryPage from = restored.get(page);
      if (from == null) {
        throw new IllegalStateException(
            "page " + page + " of " + restored.size() + " of the state is missing");
      }
      made.pages[page] = from.bytes();
      made.lengths[page] = from.length();
      made.frozen[page] = true;
      made.size++;
      made.bytes += from.length() - PAGE_HEAD;
    }
    made.deadBytes = made.bytes - made.livingBytes();
    return made;
  }

  private long livingBytes() {
    long[] living = new long[1];
    forEach(place -> living[0] += entryBytes(pages[pageOf(place)], offsetOf(place)));
    return living[0];
  }

  int handedOut() {
    return handedOut;
  }

  long bytes() {
    return bytes;
  }

  /** Whether rewriting the entries would give back more than half of their bytes. */
  boolean mostlyDead() {
    return deadBytes * 2 > bytes;
  }

  boolean isOf(int place, KeyId key) {
    byte[] page = pages[pageOf(place)];
    int at = offsetOf(place);
    return (long) BigEndian.LONG.get(page, at + LOW_AT) == key.low()
        && (long) BigEndian.LONG.get(page, at + HIGH_AT) == key.high()
        && (int) BigEndian.INT.get(page, at + Integer.BYTES) == key.table();
  }

  KeyId key(int place) {
    byte[] page = pages[pageOf(place)];
    int at = offsetOf(place);
    return new KeyId(
        (int) BigEndian.INT.get(page, at + Integer.BYTES),
        (long) BigEndian.LONG.get(page, at + HIGH_AT),
        (long) BigEndian.LONG.get(page, at + LOW_AT));
  }

  Memory memory(int place) {
    return MemoryLayout.read(pages[pageOf(place)], offsetOf(place) + ENTRY_HEAD);
  }

  /** Adds an entry at the end, and returns its place. */
  int append(KeyId key, Memory memory) {
    int room = MemoryLayout.length(memory);
    int entry = ENTRY_HEAD + room;
    int page = size > 0 && lengths[size - 1] + entry <= PAGE_BYTES ? size - 1 : addPage(entry);
    int at = lengths[page];
    byte[] target = writable(page, at + entry);
    BigEndian.INT.set(target, at, room);
    BigEndian.INT.set(target, at + Integer.BYTES, key.table());
    BigEndian.LONG.set(target, at + HIGH_AT, key.high());
    BigEndian.LONG.set(target, at + LOW_AT, key.low());
    MemoryLayout.write(memory, target, at + ENTRY_HEAD);
    lengths[page] = at + entry;
    bytes += entry;
    return page << OFFSET_BITS | at;
  }

  /** Puts a memory in the place of another, or returns false if there is too little room. */
  boolean replace(int place, Memory memory) {
    int page = pageOf(place);
    int at = offsetOf(place);
    if (MemoryLayout.length(memory) > room(pages[page], at)) {
      return false;
    }
    MemoryLayout.write(memory, writable(page, lengths[page]), at + ENTRY_HEAD);
    return true;
  }

  /** The entry is no more; its bytes stay until all entries are rewritten. */
  void kill(int place) {
    int page = pageOf(place);
    int at = offsetOf(place);
    byte[] target = writable(page, lengths[page]);
    BigEndian.INT.set(target, at, room(target, at) | DEAD);
    deadBytes += entryBytes(target, at);
  }

  /** Tells the place of every entry that lives. */
  void forEach(IntConsumer places) {
    for (int page = 0; page < size; page++) {
      byte[] entries = pages[page];
      for (int at = PAGE_HEAD; at < lengths[page]; at += entryBytes(entries, at)) {
        if (((int) BigEndian.INT.get(entries, at) & DEAD) == 0) {
          places.accept(page << OFFSET_BITS | at);
        }
      }
    }
  }

  /** Freezes all pages, and says which of them are new since the last call, and which are gone. */
  PageChanges drain() {
    Map<Integer, MemoryPage> written = new HashMap<>();
    for (int page = 0; page < size; page++) {
      if (!frozen[page]) {
        frozen[page] = true;
        written.put(page, new MemoryPage(pages[page], lengths[page]));
      }
    }
    PageChanges changes =
        new PageChanges(written, IntStream.range(size, handedOut).boxed().toList());
    handedOut = size;
    return changes;
  }

  private int addPage(int entry) {
    if (size == MOST_PAGES) {
      throw new IllegalStateException(
          "more than 4 GiB are remembered in one key group; raise the maximum parallelism");
    }
    if (size == pages.length) {
      pages = Arrays.copyOf(pages, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      frozen = Arrays.copyOf(frozen, 2 * size);
    }
    int least = size == 0 ? FIRST_BYTES : PAGE_BYTES;
    pages[size] = new byte[Math.max(least, PAGE_HEAD + entry)];
    pages[size][0] = MemoryPage.LAYOUT;
    lengths[size] = PAGE_HEAD;
    frozen[size] = false;
    return size++;
  }

  /** The page to write to, with at least so many bytes. */
  private byte[] writable(int page, int needed) {
    byte[] target = pages[page];
    if (needed > target.length) {
      pages[page] = Arrays.copyOf(target, Math.min(PAGE_BYTES, 2 * needed));
    } else if (frozen[page]) {
      pages[page] = target.clone();
    }
    frozen[page] = false;
    return pages[page];
  }

  private static int room(byte[] page, int at) {
    return (int) BigEndian.INT.get(page, at) & ~DEAD;
  }

  private static int entryBytes(byte[] page, int at) {
    return ENTRY_HEAD + room(page, at);
  }

  private static int pageOf(int place) {
    return place >>> OFFSET_BITS;
  }

  private static int offsetOf(int place) {
    return place & PAGE_BYTES - 1;
  }
}
