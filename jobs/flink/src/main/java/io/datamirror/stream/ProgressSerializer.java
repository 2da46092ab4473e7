package io.datamirror.stream;

import io.datamirror.stream.MirrorRecord.Progress;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes the source's progress between tasks. It lives on the wire only, never in state. */
public final class ProgressSerializer extends TypeSerializerSingleton<Progress> {

  private static final long serialVersionUID = 1L;

  public static final ProgressSerializer INSTANCE = new ProgressSerializer();

  private static final int BEGUN = 1;
  private static final int DONE = 2;

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public Progress createInstance() {
    return new Progress(0, Progress.Step.BEGUN, 0, 0, 0, "", Long.MIN_VALUE);
  }

  @Override
  public Progress copy(Progress from) {
    return from;
  }

  @Override
  public Progress copy(Progress from, Progress reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(Progress progress, DataOutputView target) throws IOException {
    target.writeInt(progress.table());
    target.writeByte(
        switch (progress.step()) {
          case BEGUN -> BEGUN;
          case DONE -> DONE;
        });
    target.writeLong(progress.window());
    target.writeInt(progress.chunk());
    target.writeInt(progress.chunks());
    Bytes.writeText(progress.position(), target);
    target.writeLong(progress.watermarkMillis());
  }

  @Override
  public Progress deserialize(DataInputView source) throws IOException {
    return new Progress(
        source.readInt(),
        step(source.readByte()),
        source.readLong(),
        source.readInt(),
        source.readInt(),
        Bytes.readText(source),
        source.readLong());
  }

  private static Progress.Step step(int code) throws IOException {
    return switch (code) {
      case BEGUN -> Progress.Step.BEGUN;
      case DONE -> Progress.Step.DONE;
      default -> throw new IOException("no step " + code);
    };
  }

  @Override
  public Progress deserialize(Progress reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<Progress> snapshotConfiguration() {
    return new ProgressSerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class ProgressSerializerSnapshot
      extends SimpleTypeSerializerSnapshot<Progress> {
    public ProgressSerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
