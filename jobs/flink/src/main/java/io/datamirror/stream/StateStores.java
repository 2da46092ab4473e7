package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryPage;
import io.datamirror.resolve.MemoryPages;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Chooses how memories are kept: in pages where Flink keeps state on the heap, else one value a
 * key, with those of the keys that were used last on the heap too.
 *
 * <p>What was restored is moved to where this job keeps it, whichever way it was kept before. So a
 * savepoint of either backend is gone on from with either. Both states are registered then, for one
 * that nobody asks for would be dragged along from savepoint to savepoint.
 */
final class StateStores {

  private final KeyedStateBackend<KeyId> backend;
  private final KeyContext context;
  private final BiConsumer<KeyId, Memory> onRemember;
  private final long recentBytes;

  /** Null where every key has a value of its own. */
  private PagedMemoryStore pages;

  /**
   * @param context knows the key that the backend's state speaks of
   * @param onRemember called after a key was remembered, but not for one that was restored
   * @param recentBytes how much of the heap may be taken so that state elsewhere is read less
   *     often; 0 where keys do not come back
   */
  StateStores(
      KeyedStateBackend<KeyId> backend,
      KeyContext context,
      BiConsumer<KeyId, Memory> onRemember,
      long recentBytes) {
    this.backend = backend;
    this.context = context;
    this.onRemember = onRemember;
    this.recentBytes = recentBytes;
  }

  /** A store that remembers nothing yet. */
  StateStore fresh() throws Exception {
    return backend instanceof HeapKeyedStateBackend<KeyId> heap ? paged(heap) : nearer(keyed());
  }

  /** A store of what the backend has restored. */
  StateStore restored() throws Exception {
    return backend instanceof HeapKeyedStateBackend<KeyId> heap
        ? restored(paged(heap))
        : nearer(restored(keyed()));
  }

  private PagedMemoryStore paged(HeapKeyedStateBackend<KeyId> heap) throws Exception {
    MapState<Integer, MemoryPage> state =
        heap.getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            PagedMemoryStore.descriptor());
    pages =
        new PagedMemoryStore(
            state, context, onRemember, heap.getKeyGroupRange(), heap.getNumberOfKeyGroups());
    return pages;
  }

  private ValueState<Memory> values() throws Exception {
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, KeyedMemoryStore.descriptor());
  }

  private KeyedMemoryStore keyed() throws Exception {
    return new KeyedMemoryStore(values(), context, onRemember);
  }

  private StateStore nearer(StateStore store) {
    return recentBytes > 0 ? new RecentStateStore(store, recentBytes) : store;
  }

  private StateStore restored(PagedMemoryStore store) throws Exception {
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        PagedMemoryStore.descriptor(),
        (groupKey, pages) -> store.putAll(groupKey, all(pages)));
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        KeyedMemoryStore.descriptor(),
        (key, value) -> {
          store.put(key, value.value());
          value.clear();
        });
    return store;
  }

  private StateStore restored(KeyedMemoryStore store) throws Exception {
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        PagedMemoryStore.descriptor(),
        (groupKey, pages) -> {
          Map<Integer, MemoryPage> all = all(pages);
          pages.clear();
          MemoryPages.of(all).forEach(store::put);
        });
    return store;
  }

  /**
   * Does with each key of these tables that was restored what is done after one is remembered. Of
   * one without a time nobody knows how old it is: it is left alone.
   */
  void rememberAgain(Set<Integer> tables) throws Exception {
    if (pages != null) {
      pages.forEach(
          (key, memory) -> {
            if (tables.contains(key.table())) {
              rememberAgain(key, memory);
            }
          });
      return;
    }
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        KeyedMemoryStore.descriptor(),
        (key, value) -> {
          // The value of a key has to be read from disk, its table has not.
          if (tables.contains(key.table())) {
            rememberAgain(key, value.value());
          }
        });
  }

  private void rememberAgain(KeyId key, Memory memory) {
    if (memory.timeMillis() != Long.MIN_VALUE) {
      onRemember.accept(key, memory);
    }
  }

  private static Map<Integer, MemoryPage> all(MapState<Integer, MemoryPage> pages)
      throws Exception {
    Map<Integer, MemoryPage> all = new HashMap<>();
    for (Map.Entry<Integer, MemoryPage> page : pages.entries()) {
      all.put(page.getKey(), page.getValue());
    }
    return all;
  }
}
