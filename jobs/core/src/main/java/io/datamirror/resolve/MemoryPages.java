package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What is remembered of the keys of one key group, in a few large arrays instead of objects of each
 * key: cheap to look up, invisible to the garbage collector, and written to a snapshot as it is.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>What {@link #drain} hands out never changes again, so a snapshot may be written while keys
 *       are remembered.
 *   <li>A table made {@link #of} the pages handed out so far, each in its last version and without
 *       those that have gone, is equal to this one at the last {@link #drain}.
 *   <li>No more than half of the bytes belong to memories that are replaced or forgotten.
 * </ul>
 *
 * <p>The layout of the pages is that of {@link MemoryPage}. One thread at a time.
 */
public final class MemoryPages implements MemoryStore {

  private EntryPages entries;
  private KeySlots slots = new KeySlots();

  /** Made of what was read only to have it near: reading for nothing would be left out. */
  int nearby;

  /** A table without keys. */
  public MemoryPages() {
    this(new EntryPages(0));
  }

  private MemoryPages(EntryPages entries) {
    this.entries = entries;
  }

  /**
   * The table whose pages these are, by their numbers.
   *
   * @throws IllegalStateException if one is missing
   */
  public static MemoryPages of(Map<Integer, MemoryPage> pages) {
    MemoryPages table = new MemoryPages(EntryPages.of(pages));
    table.entries.forEach(place -> table.slots.add(table.entries.key(place), place));
    return table;
  }

  /** How many keys are remembered. */
  public int size() {
    return slots.size();
  }

  @Override
  public Memory recall(KeyId key) {
    int slot = slots.find(key, entries);
    return slot == KeySlots.NONE ? null : entries.memory(slots.place(slot));
  }

  @Override
  public void expect(KeyId key) {
    nearby += slots.find(key, entries);
  }

  @Override
  public void remember(KeyId key, Memory memory) {
    int slot = slots.find(key, entries);
    if (slot == KeySlots.NONE) {
      slots.add(key, entries.append(key, memory));
    } else if (!entries.replace(slots.place(slot), memory)) {
      entries.kill(slots.place(slot));
      slots.move(slot, entries.append(key, memory));
      rewriteIfMostlyDead();
    }
  }

  @Override
  public void forget(KeyId key) {
    int slot = slots.find(key, entries);
    if (slot != KeySlots.NONE) {
      entries.kill(slots.place(slot));
      slots.remove(slot);
      rewriteIfMostlyDead();
    }
  }

  /** It costs as much as what is left, and that is less than what died. */
  private void rewriteIfMostlyDead() {
    if (!entries.mostlyDead()) {
      return;
    }
    EntryPages before = entries;
    entries = new EntryPages(before.handedOut());
    slots = new KeySlots();
    before.forEach(
        place -> {
          KeyId key = before.key(place);
          slots.add(key, entries.append(key, before.memory(place)));
        });
  }

  /** Tells everything that is remembered; the table must not be changed meanwhile. */
  public void forEach(BiConsumer<KeyId, Memory> memories) {
    entries.forEach(place -> memories.accept(entries.key(place), entries.memory(place)));
  }

  /** The pages that are new or gone since the last call. */
  public PageChanges drain() {
    return entries.drain();
  }

  /** How many slots stand full side by side at most: what the slowest search looks at. */
  int longestRun() {
    return slots.longestRun();
  }

  /** The bytes of all entries, dead ones among them. */
  long bytes() {
    return entries.bytes();
  }

  /** The memory that the table takes, but for less than a page. */
  long memoryBytes() {
    return entries.bytes() + slots.bytes();
  }
}
