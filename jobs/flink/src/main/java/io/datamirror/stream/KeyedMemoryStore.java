package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryStore;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.operators.KeyContext;

/** Keeps what is remembered of keys in Flink's keyed state. */
final class KeyedMemoryStore implements MemoryStore {

  /** The name of the state in savepoints. */
  static final String STATE = "memory";

  private final ValueState<Memory> state;
  private final KeyContext context;
  private final BiConsumer<KeyId, Memory> onRemember;

  /**
   * @param state the keyed state
   * @param context knows the key that the state speaks of
   * @param onRemember called after a key was remembered, while it is the current one
   */
  KeyedMemoryStore(
      ValueState<Memory> state, KeyContext context, BiConsumer<KeyId, Memory> onRemember) {
    this.state = state;
    this.context = context;
    this.onRemember = onRemember;
  }

  static ValueStateDescriptor<Memory> descriptor() {
    return new ValueStateDescriptor<>(STATE, MemorySerializer.INSTANCE);
  }

  @Override
  public Memory recall(KeyId key) {
    moveTo(key);
    try {
      return state.value();
    } catch (IOException e) {
      throw new StateFailure("read", e);
    }
  }

  @Override
  public void remember(KeyId key, Memory memory) {
    moveTo(key);
    try {
      state.update(memory);
    } catch (IOException e) {
      throw new StateFailure("write", e);
    }
    onRemember.accept(key, memory);
  }

  @Override
  public void forget(KeyId key) {
    moveTo(key);
    state.clear();
  }

  /** A key is judged and then remembered: the second time the state speaks of it already. */
  private void moveTo(KeyId key) {
    if (context.getCurrentKey() != key) {
      context.setCurrentKey(key);
    }
  }

  /** The state backend failed; the task has to be restarted. */
  static final class StateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateFailure(String deed, IOException cause) {
      super("the state backend could not " + deed + " what is remembered of a key", cause);
    }
  }
}
