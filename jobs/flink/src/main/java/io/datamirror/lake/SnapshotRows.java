package io.datamirror.lake;

import io.datamirror.lake.LiveRows.Form;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/**
 * All rows of a snapshot, as Iceberg's own generic reader has them, in a time that grows with the
 * size of the table and not with the square of its commits: see {@link LiveRows}.
 */
public final class SnapshotRows {

  private SnapshotRows() {}

  /**
   * Hands over every row of a snapshot, in no particular order.
   *
   * @param columns what is read of the rows; those that tell which rows are deleted may come behind
   * @param rows gets a row that it may keep
   */
  public static void read(Table table, long snapshotId, Schema columns, Consumer<Record> rows)
      throws IOException {
    read(table, snapshotId, columns, Form.RECORD, rows);
  }

  /** As {@link #read(Table, long, Schema, Consumer)}, of all columns of the newest snapshot. */
  public static void read(Table table, Consumer<Record> rows) throws IOException {
    if (table.currentSnapshot() != null) {
      read(table, table.currentSnapshot().snapshotId(), table.schema(), rows);
    }
  }

  /** As {@link #read(Table, long, Schema, Consumer)}, with rows of Flink. */
  public static void readRowData(
      Table table, long snapshotId, Schema columns, Consumer<RowData> rows) throws IOException {
    read(table, snapshotId, columns, Form.ROW_DATA, rows);
  }

  private static <R> void read(
      Table table, long snapshotId, Schema columns, Form<R> form, Consumer<R> rows)
      throws IOException {
    List<List<FileScanTask>> runs = LiveRows.runs(table.newScan().useSnapshot(snapshotId));
    try (LiveRows<R> live = new LiveRows<>(table, columns, runs, form)) {
      live.forEachRemaining(rows);
    }
  }
}
