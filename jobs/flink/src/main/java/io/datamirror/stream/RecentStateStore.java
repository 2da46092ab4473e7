package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.RecentMemories;

/**
 * Keeps memories in a store that is slow to read, and those of the keys that were used last on the
 * heap beside it. Every memory is written to the store at once, so snapshots know nothing of this.
 */
final class RecentStateStore implements StateStore {

  private final StateStore store;
  private final RecentMemories recent;

  /**
   * @param store has all memories; nobody else writes to it from now on
   * @param recentBytes how much of the heap the recent ones may take
   */
  RecentStateStore(StateStore store, long recentBytes) {
    this.store = store;
    this.recent = new RecentMemories(recentBytes);
  }

  @Override
  public Memory recall(KeyId key) {
    Memory near = recent.recall(key);
    if (near != null) {
      return near;
    }
    Memory memory = store.recall(key);
    if (memory != null) {
      recent.keep(key, memory);
    }
    return memory;
  }

  @Override
  public void expect(KeyId key) {
    recent.expect(key);
  }

  @Override
  public void remember(KeyId key, Memory memory) {
    store.remember(key, memory);
    recent.keep(key, memory);
  }

  @Override
  public void forget(KeyId key) {
    store.forget(key);
    recent.drop(key);
  }

  @Override
  public boolean ordered() {
    return store.ordered();
  }

  @Override
  public void prepareSnapshot() throws Exception {
    store.prepareSnapshot();
  }
}
