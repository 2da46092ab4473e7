package io.datamirror.table;

import io.datamirror.change.KeyId;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.RowJson;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Memory;
import io.datamirror.spec.OnBadRow;
import io.datamirror.stream.EpochWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.types.RowKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes rows of a query out of what the resolver decides.
 *
 * <p>A delete is handed over also when its key was never seen: whoever holds rows of an earlier run
 * of the query has to let go of them. One thread at a time.
 */
final class ScanWrites implements EpochWrites<RowData> {

  private static final Logger LOG = LoggerFactory.getLogger(ScanWrites.class);
  private static final StringData UPSERT = StringData.fromString("u");
  private static final StringData DELETE = StringData.fromString("d");

  private final String table;
  private final OnBadRow onBadRow;
  private final ScanMode mode;
  private final ResolvedColumns columns;
  private final ScanCounters counters;
  private final RowJson json;
  private List<RowData> rows = new ArrayList<>();
  private boolean replacing;

  ScanWrites(
      String table,
      OnBadRow onBadRow,
      ScanMode mode,
      ResolvedColumns columns,
      ScanCounters counters) {
    this.table = table;
    this.onBadRow = onBadRow;
    this.mode = mode;
    this.columns = columns;
    this.counters = counters;
    this.json = new RowJson(columns.layout());
  }

  @Override
  public byte[] partition(int number, BinaryRowData row) {
    return Memory.NO_PARTITION;
  }

  @Override
  public void insert(int number, BinaryRowData row, byte[] partition) {
    rows.add(row(replacing ? RowKind.UPDATE_AFTER : RowKind.INSERT, row));
    replacing = false;
  }

  /**
   * What follows says what becomes of the key: another row, or its burial. In batch the row that
   * goes was not handed over yet, and no other key has rows here.
   */
  @Override
  public void remove(int number, BinaryRowData row, byte[] partition) {
    switch (mode) {
      case CHANGELOG -> replacing = true;
      case ROWS -> rows.clear();
    }
  }

  @Override
  public void bury(KeyId key, BinaryRowData row, byte[] rank, long timeMillis) {
    replacing = false;
    if (mode == ScanMode.CHANGELOG) {
      rows.add(row(RowKind.DELETE, row));
    }
  }

  @Override
  public void unbury(KeyId key) {}

  @Override
  public void complete(int number) {}

  @Override
  public void expect(int number, int most) {}

  /** Where a query stops for such a change, its reader has stopped already. */
  @Override
  public void record(LedgerEntry entry) {
    LOG.warn("A change of {} is skipped: {}", table, entry.reason().text());
  }

  @Override
  public void record(
      int number, LedgerReason reason, BinaryRowData row, long timeMillis, String error) {
    switch (reason) {
      case LATE -> late();
      case CONFLICT -> LOG.debug("Two changes of {} are in conflict", table);
      case NULL_KEY,
          NULL_VERSION,
          NULL_TIME,
          UNKNOWN_OPERATION,
          BAD_VALUE,
          ORPHAN,
          ORPHAN_ENDED,
          UNREADABLE ->
          throw new IllegalStateException("the resolver does not judge " + reason.text());
    }
  }

  private void late() {
    if (onBadRow == OnBadRow.STOP) {
      // A restart would only meet it again.
      throw new SuppressRestartsException(
          new MirrorException(
              ErrorCode.BAD_ROW,
              table,
              "a change is older than the allowed lateness",
              "Set on-bad-row to skip to go on without such changes, or start the query without its"
                  + " state and with a longer allowed-lateness."));
    }
    LOG.warn("A change of {} is skipped: {}", table, LedgerReason.LATE.text());
  }

  /** The row of a change is valid during the call only, what is handed over for longer. */
  private RowData row(RowKind kind, BinaryRowData told) {
    BinaryRowData row = told.copy();
    Object[] metadata = new Object[columns.metadata().size()];
    for (int i = 0; i < metadata.length; i++) {
      metadata[i] = metadata(columns.metadata().get(i), kind, row);
    }
    return new ResolvedRow(kind, row, columns.declared(), metadata);
  }

  private Object metadata(ChangeMetadata what, RowKind kind, BinaryRowData row) {
    return switch (what) {
      case VERSION -> StringData.fromString(json.version(row));
      case ORDER -> StringData.fromString(json.order(row));
      case OPERATION -> kind == RowKind.DELETE ? DELETE : UPSERT;
      case POSITION ->
          row.isNullAt(columns.positionAt()) ? null : row.getString(columns.positionAt());
      case TIME ->
          row.isNullAt(columns.timeAt())
              ? null
              : TimestampData.fromEpochMillis(row.getLong(columns.timeAt()));
    };
  }

  @Override
  public List<RowData> drain(Map<Integer, Counts> counts, IntToLongFunction watermarkMillis) {
    counts.values().forEach(counters::add);
    List<RowData> drained = rows;
    rows = new ArrayList<>();
    return drained;
  }

  @Override
  public void close() {}
}
