package io.datamirror.source;

import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.RowBuffer;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.OnBadRow;
import io.datamirror.stream.MirrorRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.table.data.binary.BinaryRowData;

/** Makes records of the changes of one table. Every record is an object of its own. */
final class BatchSink implements ChangeSink {

  private final TablePlan table;
  private final int number;
  private final RowBuffer row;
  private final long absentMillis;
  private List<MirrorRecord> records;
  private long bytes;
  private int rejects;
  private long maxTimeMillis;

  /** Rows with the stored columns alone. */
  BatchSink(TablePlan table) {
    this(table, table.layout().storedColumns().size(), Long.MIN_VALUE);
  }

  /**
   * @param arity how many columns the rows have; those behind the stored ones are null
   * @param absentMillis the time of changes that have none, or {@link Long#MIN_VALUE}
   */
  BatchSink(TablePlan table, int arity, long absentMillis) {
    this.absentMillis = absentMillis;
    this.table = table;
    this.number = table.number();
    this.row = new RowBuffer(table.layout().storedColumns(), arity);
  }

  /** What comes from now on is added to {@code target}. */
  void begin(List<MirrorRecord> target) {
    records = target;
    bytes = 0;
    rejects = 0;
    maxTimeMillis = Long.MIN_VALUE;
  }

  @Override
  public RowWriter row() {
    return row;
  }

  @Override
  public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
    BinaryRowData taken = row.take();
    bytes += taken.getSizeInBytes();
    maxTimeMillis = Math.max(maxTimeMillis, timeMillis);
    long millis = timeMillis == Long.MIN_VALUE ? absentMillis : timeMillis;
    records.add(new MirrorRecord.Change(key, operation, rank, millis, taken));
  }

  @Override
  public void reject(LedgerEntry entry) {
    if (table.spec().onBadRow() == OnBadRow.STOP) {
      throw new MirrorException(
          ErrorCode.BAD_ROW,
          table.name(),
          "a change cannot be applied: " + entry.reason().text() + ", " + entry.error(),
          "Mend it in the source, or set on-bad-row to ledger, in SQL to skip, to go on without"
              + " it.");
    }
    rejects++;
    bytes += entry.key().length() + entry.row().length();
    records.add(new MirrorRecord.Reject(spread(entry), entry));
  }

  private KeyId spread(LedgerEntry entry) {
    byte[] text = (entry.key() + entry.row()).getBytes(StandardCharsets.UTF_8);
    return KeyId.of(number, text, text.length);
  }

  /** About how many bytes came since {@link #begin}, in rows and in what was rejected. */
  long bytes() {
    return bytes;
  }

  int rejects() {
    return rejects;
  }

  /** The greatest time since {@link #begin}, or {@link Long#MIN_VALUE}. */
  long maxTimeMillis() {
    return maxTimeMillis;
  }
}
