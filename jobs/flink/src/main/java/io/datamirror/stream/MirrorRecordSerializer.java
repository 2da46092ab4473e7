package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.stream.MirrorRecord.Change;
import io.datamirror.stream.MirrorRecord.Progress;
import io.datamirror.stream.MirrorRecord.Recall;
import io.datamirror.stream.MirrorRecord.Reject;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Writes records between tasks. Rows go as the bytes that they are.
 *
 * <p>Records are immutable: a copy is the record itself. They live on the wire only, never in
 * state, so the layout may change from release to release.
 */
public final class MirrorRecordSerializer extends TypeSerializerSingleton<MirrorRecord> {

  private static final long serialVersionUID = 1L;

  public static final MirrorRecordSerializer INSTANCE = new MirrorRecordSerializer();

  private static final int CHANGE = 1;
  private static final int RECALL = 2;
  private static final int REJECT = 3;
  private static final int PROGRESS = 4;

  private static final int UPSERT = 1;
  private static final int DELETE = 2;

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public MirrorRecord createInstance() {
    return new Progress(0, Progress.Step.BEGUN, 0, 0, 0, "", Long.MIN_VALUE);
  }

  @Override
  public MirrorRecord copy(MirrorRecord from) {
    return from;
  }

  @Override
  public MirrorRecord copy(MirrorRecord from, MirrorRecord reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(MirrorRecord record, DataOutputView target) throws IOException {
    if (record instanceof Change change) {
      writeChange(change, target);
    } else if (record instanceof Recall recall) {
      target.writeByte(RECALL);
      KeyIdSerializer.INSTANCE.serialize(recall.key(), target);
      MemorySerializer.INSTANCE.serialize(recall.memory(), target);
    } else if (record instanceof Reject reject) {
      target.writeByte(REJECT);
      KeyIdSerializer.INSTANCE.serialize(reject.key(), target);
      writeEntry(reject.entry(), target);
    } else if (record instanceof Progress progress) {
      target.writeByte(PROGRESS);
      ProgressSerializer.INSTANCE.serialize(progress, target);
    } else {
      throw new IOException("no layout for " + record);
    }
  }

  @Override
  public MirrorRecord deserialize(DataInputView source) throws IOException {
    int kind = source.readUnsignedByte();
    return switch (kind) {
      case CHANGE -> readChange(source);
      case RECALL -> {
        KeyId key = KeyIdSerializer.INSTANCE.deserialize(source);
        yield new Recall(key, MemorySerializer.INSTANCE.deserialize(source));
      }
      case REJECT -> {
        KeyId key = KeyIdSerializer.INSTANCE.deserialize(source);
        yield new Reject(key, readEntry(source));
      }
      case PROGRESS -> ProgressSerializer.INSTANCE.deserialize(source);
      default -> throw new IOException("no record of kind " + kind);
    };
  }

  private static void writeChange(Change change, DataOutputView target) throws IOException {
    target.writeByte(CHANGE);
    KeyIdSerializer.INSTANCE.serialize(change.key(), target);
    target.writeByte(
        switch (change.operation()) {
          case UPSERT -> UPSERT;
          case DELETE -> DELETE;
        });
    Bytes.write(change.rank(), target);
    target.writeLong(change.timeMillis());
    BinaryRowData row = change.row();
    target.writeInt(row.getArity());
    target.writeInt(row.getSizeInBytes());
    if (row.getSegments().length == 1) {
      target.write(row.getSegments()[0].getArray(), row.getOffset(), row.getSizeInBytes());
    } else {
      throw new IOException("a row spans " + row.getSegments().length + " segments");
    }
  }

  private static Change readChange(DataInputView source) throws IOException {
    KeyId key = KeyIdSerializer.INSTANCE.deserialize(source);
    Operation operation = operation(source.readUnsignedByte());
    byte[] rank = Bytes.read(source);
    long time = source.readLong();
    BinaryRowData row = new BinaryRowData(source.readInt());
    byte[] bytes = Bytes.read(source);
    row.pointTo(MemorySegmentFactory.wrap(bytes), 0, bytes.length);
    return new Change(key, operation, rank, time, row);
  }

  private static Operation operation(int code) throws IOException {
    return switch (code) {
      case UPSERT -> Operation.UPSERT;
      case DELETE -> Operation.DELETE;
      default -> throw new IOException("no operation " + code);
    };
  }

  private static void writeEntry(LedgerEntry entry, DataOutputView target) throws IOException {
    Bytes.writeText(entry.table(), target);
    Bytes.writeText(entry.reason().name(), target);
    Bytes.writeText(entry.key(), target);
    Bytes.writeText(entry.version(), target);
    Bytes.writeText(entry.order(), target);
    target.writeBoolean(entry.timeMillis() != null);
    target.writeLong(entry.timeMillis() == null ? 0 : entry.timeMillis());
    Bytes.writeText(entry.row(), target);
    Bytes.writeText(entry.error(), target);
  }

  private static LedgerEntry readEntry(DataInputView source) throws IOException {
    String table = Bytes.readText(source);
    LedgerReason reason = LedgerReason.valueOf(Bytes.readText(source));
    String key = Bytes.readText(source);
    String version = Bytes.readText(source);
    String order = Bytes.readText(source);
    boolean timed = source.readBoolean();
    long time = source.readLong();
    String row = Bytes.readText(source);
    String error = Bytes.readText(source);
    return new LedgerEntry(table, reason, key, version, order, timed ? time : null, row, error);
  }

  @Override
  public MirrorRecord deserialize(MirrorRecord reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<MirrorRecord> snapshotConfiguration() {
    return new MirrorRecordSerializerSnapshot();
  }

  /** Says that the serializer has no configuration. */
  public static final class MirrorRecordSerializerSnapshot
      extends SimpleTypeSerializerSnapshot<MirrorRecord> {
    public MirrorRecordSerializerSnapshot() {
      super(() -> INSTANCE);
    }
  }
}
