package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.operators.KeyContext;

/** Keeps what is remembered of keys in Flink's keyed state, one value a key. */
final class KeyedMemoryStore implements StateStore {

  /** The name of the state in savepoints. */
  static final String STATE = "memory";

  private final ValueState<Memory> state;
  private final KeyContext context;
  private final BiConsumer<KeyId, Memory> onRemember;

  /**
   * @param state the keyed state
   * @param context knows the key that the state speaks of
   * @param onRemember called after a key was remembered
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
    put(key, memory);
    onRemember.accept(key, memory);
  }

  /** Takes over what was remembered of a key before. */
  void put(KeyId key, Memory memory) {
    moveTo(key);
    try {
      state.update(memory);
    } catch (IOException e) {
      throw new StateFailure("write", e);
    }
  }

  @Override
  public void forget(KeyId key) {
    moveTo(key);
    state.clear();
  }

  /** A state on disk has them in this order. */
  @Override
  public boolean ordered() {
    return true;
  }

  /** There is nothing to do: every memory is in the state. */
  @Override
  public void prepareSnapshot() {}

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
