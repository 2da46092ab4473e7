package io.datamirror.table;

import io.datamirror.spec.OnBadRow;
import io.datamirror.stream.EpochWrites;
import io.datamirror.stream.WritesFactory;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;

/** Opens the writes of one subtask of a scan. */
final class ScanWritesFactory implements WritesFactory<RowData> {

  private static final long serialVersionUID = 1L;

  private final String mirror;
  private final String table;
  private final OnBadRow onBadRow;
  private final ScanMode mode;
  private final ResolvedColumns columns;

  /**
   * @param mirror what the scan is counted for in metrics, together with the table
   */
  ScanWritesFactory(
      String mirror, String table, OnBadRow onBadRow, ScanMode mode, ResolvedColumns columns) {
    this.mirror = mirror;
    this.table = table;
    this.onBadRow = onBadRow;
    this.mode = mode;
    this.columns = columns;
  }

  @Override
  public EpochWrites<RowData> open(int subtask, int attempt, MetricGroup metrics) {
    ScanCounters counters = new ScanCounters(metrics, mirror, table);
    return new ScanWrites(table, onBadRow, mode, columns, counters);
  }
}
