package io.datamirror.stream;

import io.datamirror.resolve.MemoryPage;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes pages of memories, in the layout that {@link MemoryPage} describes. */
public final class MemoryPageSerializer extends TypeSerializerSingleton<MemoryPage> {

  private static final long serialVersionUID = 1L;

  public static final MemoryPageSerializer INSTANCE = new MemoryPageSerializer();

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public MemoryPage createInstance() {
    return MemoryPage.EMPTY;
  }

  @Override
  public MemoryPage copy(MemoryPage from) {
    return from;
  }

  @Override
  public MemoryPage copy(MemoryPage from, MemoryPage reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(MemoryPage page, DataOutputView target) throws IOException {
    page.write(target);
  }

  @Override
  public MemoryPage deserialize(DataInputView source) throws IOException {
    return MemoryPage.read(source);
  }

  @Override
  public MemoryPage deserialize(MemoryPage reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<MemoryPage> snapshotConfiguration() {
    return new MemoryPageSerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class MemoryPageSerializerSnapshot
      extends SimpleTypeSerializerSnapshot<MemoryPage> {
    public MemoryPageSerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
