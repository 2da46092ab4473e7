package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryStore;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** Keeps what is remembered of keys in Flink's keyed state. */
final class KeyedMemoryStore implements MemoryStore {

  /** The name of the state in savepoints. */
  static final String STATE = "memory";

  private final ValueState<Memory> state;
  private final Consumer<KeyId> currentKey;
  private final BiConsumer<KeyId, Memory> onRemember;

  /**
   * @param state the keyed state
   * @param currentKey makes a key the one that the state speaks of
   * @param onRemember called after a key was remembered, while it is the current one
   */
  KeyedMemoryStore(
      ValueState<Memory> state, Consumer<KeyId> currentKey, BiConsumer<KeyId, Memory> onRemember) {
    this.state = state;
    this.currentKey = currentKey;
    this.onRemember = onRemember;
  }

  static ValueStateDescriptor<Memory> descriptor() {
    return new ValueStateDescriptor<>(STATE, MemorySerializer.INSTANCE);
  }

  @Override
  public Memory recall(KeyId key) {
    currentKey.accept(key);
    try {
      return state.value();
    } catch (IOException e) {
      throw new StateFailure("read", e);
    }
  }

  @Override
  public void remember(KeyId key, Memory memory) {
    currentKey.accept(key);
    try {
      state.update(memory);
    } catch (IOException e) {
      throw new StateFailure("write", e);
    }
    onRemember.accept(key, memory);
  }

  @Override
  public void forget(KeyId key) {
    currentKey.accept(key);
    state.clear();
  }

  /** The state backend failed; the task has to be restarted. */
  static final class StateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateFailure(String deed, IOException cause) {
      super("the state backend could not " + deed + " what is remembered of a key", cause);
    }
  }
}
