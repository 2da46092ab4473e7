package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryPage;
import io.datamirror.resolve.MemoryPages;
import io.datamirror.resolve.PageChanges;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Keeps what is remembered of keys in pages on the heap, a table for each key group, and hands
 * Flink the pages before each snapshot: it writes a few large arrays instead of objects of each
 * key, and does so while keys are remembered, since a page that was handed out never changes.
 *
 * <p>In Flink's state the pages of a key group are a map from their numbers, under the group's
 * {@linkplain GroupKeys key}. So they are rescaled as all keyed state is.
 */
final class PagedMemoryStore implements StateStore {

  /** The name of the state in savepoints. */
  static final String STATE = "memory-pages";

  private final MapState<Integer, MemoryPage> state;
  private final KeyContext context;
  private final BiConsumer<KeyId, Memory> onRemember;
  private final int maxParallelism;
  private final int firstGroup;
  private final KeyId[] groupKeys;

  /** By key group; null where nothing was ever remembered. */
  private final MemoryPages[] tables;

  /**
   * Without memories.
   *
   * @param state the keyed state
   * @param context knows the key that the state speaks of
   * @param onRemember called after a key was remembered
   * @param range the key groups of the subtask
   */
  PagedMemoryStore(
      MapState<Integer, MemoryPage> state,
      KeyContext context,
      BiConsumer<KeyId, Memory> onRemember,
      KeyGroupRange range,
      int maxParallelism) {
    this.state = state;
    this.context = context;
    this.onRemember = onRemember;
    this.maxParallelism = maxParallelism;
    this.firstGroup = range.getStartKeyGroup();
    this.groupKeys = GroupKeys.of(range, maxParallelism);
    this.tables = new MemoryPages[groupKeys.length];
  }

  static MapStateDescriptor<Integer, MemoryPage> descriptor() {
    return new MapStateDescriptor<>(STATE, IntSerializer.INSTANCE, MemoryPageSerializer.INSTANCE);
  }

  @Override
  public Memory recall(KeyId key) {
    MemoryPages table = tables[tableOf(key)];
    return table == null ? null : table.recall(key);
  }

  @Override
  public void expect(KeyId key) {
    MemoryPages table = tables[tableOf(key)];
    if (table != null) {
      table.expect(key);
    }
  }

  @Override
  public void remember(KeyId key, Memory memory) {
    put(key, memory);
    onRemember.accept(key, memory);
  }

  @Override
  public void forget(KeyId key) {
    MemoryPages table = tables[tableOf(key)];
    if (table != null) {
      table.forget(key);
    }
  }

  /** Takes over what was remembered of a key before. */
  void put(KeyId key, Memory memory) {
    int table = tableOf(key);
    if (tables[table] == null) {
      tables[table] = new MemoryPages();
    }
    tables[table].remember(key, memory);
  }

  /** Takes over the pages of a key group that were kept under {@code groupKey}. */
  void putAll(KeyId groupKey, Map<Integer, MemoryPage> pages) {
    tables[tableOf(groupKey)] = MemoryPages.of(pages);
  }

  /** Tells everything that is remembered; nothing must be remembered or forgotten meanwhile. */
  void forEach(BiConsumer<KeyId, Memory> memories) {
    for (MemoryPages table : tables) {
      if (table != null) {
        table.forEach(memories);
      }
    }
  }

  private int tableOf(KeyId key) {
    return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) - firstGroup;
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public void prepareSnapshot() throws Exception {
    for (int table = 0; table < tables.length; table++) {
      if (tables[table] != null) {
        hand(groupKeys[table], tables[table].drain());
      }
    }
  }

  private void hand(KeyId groupKey, PageChanges changes) throws Exception {
    if (changes.isEmpty()) {
      return;
    }
    context.setCurrentKey(groupKey);
    state.putAll(changes.written());
    for (int page : changes.gone()) {
      state.remove(page);
    }
  }
}
