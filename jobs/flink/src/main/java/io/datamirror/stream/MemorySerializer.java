package io.datamirror.stream;

import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryLayout;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes what is remembered of a key, in the layout that {@link MemoryLayout} describes. */
public final class MemorySerializer extends TypeSerializerSingleton<Memory> {

  private static final long serialVersionUID = 1L;

  public static final MemorySerializer INSTANCE = new MemorySerializer();

  private static final Memory EMPTY = Memory.tombstone(new byte[0], Long.MIN_VALUE);

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public Memory createInstance() {
    return EMPTY;
  }

  @Override
  public Memory copy(Memory from) {
    return from;
  }

  @Override
  public Memory copy(Memory from, Memory reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  /** Into an array first: a snapshot writes into a stream, which is slow to take single bytes. */
  @Override
  public void serialize(Memory memory, DataOutputView target) throws IOException {
    target.write(MemoryLayout.toBytes(memory));
  }

  @Override
  public Memory deserialize(DataInputView source) throws IOException {
    return MemoryLayout.read(source);
  }

  @Override
  public Memory deserialize(Memory reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<Memory> snapshotConfiguration() {
    return new MemorySerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class MemorySerializerSnapshot extends SimpleTypeSerializerSnapshot<Memory> {
    public MemorySerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
