package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import java.nio.ByteBuffer;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.writer.BinaryRowWriter;

/** Changes of a table whose rows are (id, value, place) and whose version is one number. */
public final class TestRecords {

  public static final int TABLE = 7;

  private TestRecords() {}

  public static MirrorRecord.Change upsert(
      long id, long version, long value, long place, long time) {
    return change(id, Operation.UPSERT, version, value, place, time);
  }

  public static MirrorRecord.Change delete(long id, long version, long time) {
    return change(id, Operation.DELETE, version, 0, 0, time);
  }

  /** The same change of another table. */
  public static MirrorRecord.Change of(int table, MirrorRecord.Change change) {
    KeyId key = new KeyId(table, change.key().high(), change.key().low());
    return new MirrorRecord.Change(
        key, change.operation(), change.rank(), change.timeMillis(), change.row());
  }

  public static KeyId key(long id) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    return KeyId.of(TABLE, bytes, bytes.length);
  }

  public static byte[] rank(Operation operation, long version, long value) {
    boolean delete = operation == Operation.DELETE;
    return ByteBuffer.allocate(17)
        .putLong(version)
        .put((byte) (delete ? 2 : 1))
        .putLong(delete ? 0 : value)
        .array();
  }

  public static BinaryRowData row(long id, long value, long place) {
    BinaryRowData row = new BinaryRowData(3);
    BinaryRowWriter writer = new BinaryRowWriter(row);
    writer.writeLong(0, id);
    writer.writeLong(1, value);
    writer.writeLong(2, place);
    writer.complete();
    return row.copy();
  }

  private static MirrorRecord.Change change(
      long id, Operation operation, long version, long value, long place, long time) {
    return new MirrorRecord.Change(
        key(id), operation, rank(operation, version, value), time, row(id, value, place));
  }
}
