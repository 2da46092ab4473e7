package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryStore;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Keeps memories as a state backend on disk does: what comes out is never the object that went in.
 */
public final class SerializingStore implements MemoryStore {

  private final Map<KeyId, Memory> memories = new HashMap<>();
  private final BiConsumer<KeyId, Memory> onRemember;

  /**
   * @param onRemember called after each {@link #remember}
   */
  public SerializingStore(BiConsumer<KeyId, Memory> onRemember) {
    this.onRemember = onRemember;
  }

  /** A copy of everything that is remembered. */
  public Map<KeyId, Memory> memories() {
    return new HashMap<>(memories);
  }

  @Override
  public Memory recall(KeyId key) {
    Memory memory = memories.get(key);
    return memory == null ? null : copy(memory);
  }

  @Override
  public void remember(KeyId key, Memory memory) {
    memories.put(key, copy(memory));
    onRemember.accept(key, memory);
  }

  @Override
  public void forget(KeyId key) {
    memories.remove(key);
  }

  private static Memory copy(Memory memory) {
    return memory.present()
        ? Memory.present(memory.rank().clone(), memory.partition().clone(), memory.timeMillis())
        : Memory.tombstone(memory.rank().clone(), memory.timeMillis());
  }
}
