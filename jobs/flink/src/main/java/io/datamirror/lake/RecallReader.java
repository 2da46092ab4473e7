package io.datamirror.lake;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.DiscardedRow;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.stream.LakeRow;
import io.datamirror.stream.MirrorRecord.Change;
import io.datamirror.stream.MirrorRecord.Recall;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.FileScanTask;

/** Reads one part of what is recalled of a table. One thread at a time. */
public final class RecallReader implements AutoCloseable {

  private final LakeTable lake;
  private final RecallTask.Kind kind;
  private final RowFeeder feeder;
  private final ChangeAssembler assembler;
  private final RowBuffer deleted;
  private final ChangeAssembler deleting;
  private final int tableNumber;
  private final int orderColumn;
  private final LiveRows<RowData> live;
  private FileScanTask file;
  private byte[] partition = Memory.NO_PARTITION;

  RecallReader(TablePlan plan, LakeTable lake, RecallTask task, long skip) {
    this.lake = lake;
    this.kind = task.kind();
    this.live = new LiveRows<>(lake.table(), lake.schema(), task.runs(), LiveRows.Form.ROW_DATA);
    this.feeder = new RowFeeder(plan.layout());
    this.assembler = new ChangeAssembler(plan.layout(), new DiscardedRow());
    this.deleted = new RowBuffer(plan.layout().storedColumns());
    this.deleting = new ChangeAssembler(plan.layout(), deleted);
    this.tableNumber = plan.number();
    this.orderColumn = plan.layout().order();
    skip(skip);
  }

  private void skip(long count) {
    try {
      for (long skipped = 0; skipped < count && live.hasNext(); skipped++) {
        live.next();
      }
    } catch (RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      live.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** The next records: less than {@code most} of them only at the end. */
  public List<Recall> next(int most) {
    List<Recall> recalled = new ArrayList<>();
    while (recalled.size() < most && live.hasNext()) {
      RowData row = live.next();
      recalled.add(
          switch (kind) {
            case ROWS -> present(row);
            case TOMBSTONES -> tombstone(row);
          });
    }
    return recalled;
  }

  /**
   * The next rows, each with a deletion of the version that it has: less than {@code most} of them
   * only at the end. Tombstones are no rows.
   *
   * @param order that of the deletions, for a feed that gives one to what it reads; the lake's rows
   *     have none
   */
  public List<LakeRow> rows(int most, OptionalLong order) {
    List<LakeRow> rows = new ArrayList<>();
    while (kind == RecallTask.Kind.ROWS && rows.size() < most && live.hasNext()) {
      RowData row = live.next();
      rows.add(new LakeRow(present(row), deletion(row, order)));
    }
    return rows;
  }

  private Change deletion(RowData row, OptionalLong order) {
    feeder.feed(row, deleting);
    order.ifPresent(value -> deleting.writeLong(orderColumn, value));
    return new Change(
        deleting.key(),
        Operation.DELETE,
        deleting.rank(Operation.DELETE),
        deleting.timeMillis(),
        deleted.take());
  }

  private Recall present(RowData row) {
    feeder.feed(row, assembler);
    byte[] rank = assembler.rank(Operation.UPSERT);
    Memory memory = Memory.present(rank, partition(), assembler.timeMillis());
    return new Recall(assembler.key(), memory);
  }

  private Recall tombstone(RowData row) {
    KeyId key = KeyId.fromBytes(tableNumber, row.getBinary(OwnRows.KEY_HASH_AT));
    long timeMillis =
        row.isNullAt(OwnRows.TIME_AT)
            ? Long.MIN_VALUE
            : row.getTimestamp(OwnRows.TIME_AT, OwnRows.MICROSECONDS).getMillisecond();
    return new Recall(key, Memory.tombstone(row.getBinary(OwnRows.RANK_AT), timeMillis));
  }

  /** Where the row is that was read last. */
  private byte[] partition() {
    if (live.file() != file) {
      file = live.file();
      partition = lake.partitions().encode(file.file().partition());
    }
    return partition;
  }

  @Override
  public void close() {
    live.close();
  }
}
