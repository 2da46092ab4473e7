package io.datamirror.commit;

import io.datamirror.lake.TableHistory;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * What the current snapshot of a table consists of.
 *
 * @param rows how many rows its readers see
 * @param equalityDeletes how many of them its readers have to apply: what reading costs
 * @param dataFiles how many files have rows
 * @param deleteFiles how many have deletes
 */
record TableSize(long rows, long equalityDeletes, long dataFiles, long deleteFiles) {

  /** A table of which nothing is known yet. */
  static final TableSize UNKNOWN = new TableSize(-1, -1, -1, -1);

  static TableSize of(Table table) {
    Snapshot current = table.currentSnapshot();
    if (current == null) {
      return new TableSize(0, 0, 0, 0);
    }
    Map<String, String> summary = current.summary();
    return new TableSize(
        TableHistory.rows(table),
        total(summary, "total-equality-deletes"),
        total(summary, "total-data-files"),
        total(summary, "total-delete-files"));
  }

  private static long total(Map<String, String> summary, String key) {
    return Long.parseLong(summary.getOrDefault(key, "0"));
  }
}
