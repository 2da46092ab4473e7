package io.datamirror.commit;

import io.datamirror.resolve.Counts;
import io.datamirror.stream.SerializedType;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes parts between tasks. They live on the wire only, never in state: the layout may change
 * from release to release.
 */
public final class PartSerializer extends TypeSerializerSingleton<Part> {

  private static final long serialVersionUID = 1L;

  public static final PartSerializer INSTANCE = new PartSerializer();

  /** The type of streams of parts. */
  public static TypeInformation<Part> type() {
    return new SerializedType<>(Part.class, INSTANCE);
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public Part createInstance() {
    return new Part(0, 0, List.of(), List.of(), Counts.NONE, Long.MIN_VALUE);
  }

  @Override
  public Part copy(Part from) {
    return from;
  }

  @Override
  public Part copy(Part from, Part reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(Part part, DataOutputView target) throws IOException {
    target.writeInt(part.table());
    target.writeInt(part.subtask());
    Binary.writeList(target, part.dataFiles(), Binary::writeText);
    Binary.writeList(target, part.deleteFiles(), Binary::writeText);
    Binary.writeCounts(target, part.counts());
    target.writeLong(part.watermarkMillis());
  }

  @Override
  public Part deserialize(DataInputView source) throws IOException {
    return new Part(
        source.readInt(),
        source.readInt(),
        Binary.readList(source, Binary::readText),
        Binary.readList(source, Binary::readText),
        Binary.readCounts(source),
        source.readLong());
  }

  @Override
  public Part deserialize(Part reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<Part> snapshotConfiguration() {
    return new PartSerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class PartSerializerSnapshot extends SimpleTypeSerializerSnapshot<Part> {
    public PartSerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
