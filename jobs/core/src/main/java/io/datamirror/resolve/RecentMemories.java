package io.datamirror.resolve;

import io.datamirror.change.KeyId;

/**
 * What is remembered of the keys that were used last, kept near by for a store that is slow to
 * read.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A memory is the one that was {@linkplain #keep kept} last, or it is not here.
 *   <li>All of it takes at most the given bytes, and what one more key needs; whoever was used
 *       longest ago goes first, in large steps.
 * </ul>
 *
 * <p>There are two tables. A key that is used gets into the young one; when that holds half of the
 * bytes, it becomes the old one, and what the old one held is gone unless it was used since. One
 * thread at a time.
 */
public final class RecentMemories {

  private final long tableBytes;
  private MemoryPages young = new MemoryPages();
  private MemoryPages old = new MemoryPages();

  /**
   * @param limitBytes how much memory it may take
   */
  public RecentMemories(long limitBytes) {
    this.tableBytes = limitBytes / 2;
  }

  /** What is remembered of {@code key}, or null if that is not here. */
  public Memory recall(KeyId key) {
    Memory memory = young.recall(key);
    if (memory != null) {
      return memory;
    }
    memory = old.recall(key);
    if (memory != null) {
      keep(key, memory);
    }
    return memory;
  }

  /** Told that {@code key} will be recalled soon. */
  public void expect(KeyId key) {
    young.expect(key);
  }

  /** Takes what is now remembered of {@code key}. */
  public void keep(KeyId key, Memory memory) {
    young.remember(key, memory);
    if (young.memoryBytes() > tableBytes) {
      old = young;
      young = new MemoryPages();
    }
  }

  /** Nothing is remembered of {@code key} any more. */
  public void drop(KeyId key) {
    young.forget(key);
    old.forget(key);
  }

  /** The memory that it takes. */
  long memoryBytes() {
    return young.memoryBytes() + old.memoryBytes();
  }
}
