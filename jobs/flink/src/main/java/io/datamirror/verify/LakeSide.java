package io.datamirror.verify;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.Operation;
import io.datamirror.lake.RowFeeder;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.CombinedScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.flink.source.DataIterator;
import org.apache.iceberg.flink.source.RowDataFileScanTaskReader;
import org.apache.iceberg.io.CloseableIterable;

/** Reads the rows of a table of the lake as the changes that wrote them. */
final class LakeSide {
  private static final int BATCH_ROWS = 1_000;

  private final Table table;
  private final ChangeLayout layout;
  private final LongConsumer progress;

  LakeSide(Table table, ChangeLayout layout, LongConsumer progress) {
    this.table = table;
    this.layout = layout;
    this.progress = progress;
  }

  /** Delivers every row of the table's current snapshot. */
  void rows(ChangeSink sink) throws IOException {
    Schema schema = new Schema(columns());
    RowFeeder feeder = new RowFeeder(layout);
    ChangeAssembler assembler = new ChangeAssembler(layout, sink.row());
    try (CloseableIterable<CombinedScanTask> tasks = table.newScan().project(schema).planTasks()) {
      for (CombinedScanTask task : tasks) {
        try (DataIterator<RowData> rows = reader(schema, task)) {
          deliver(rows, feeder, assembler, sink);
        }
      }
    }
  }

  private java.util.List<org.apache.iceberg.types.Types.NestedField> columns() {
    return layout.storedColumns().stream()
        .map(column -> table.schema().findField(column.name()))
        .toList();
  }

  private DataIterator<RowData> reader(Schema schema, CombinedScanTask task) {
    String nameMapping = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    return new DataIterator<>(
        new RowDataFileScanTaskReader(
            table.schema(), schema, nameMapping, true, java.util.List.of()),
        task,
        table.io(),
        table.encryption());
  }

  private void deliver(
      DataIterator<RowData> rows, RowFeeder feeder, ChangeAssembler assembler, ChangeSink sink) {
    int delivered = 0;
    while (rows.hasNext()) {
      feeder.feed(rows.next(), assembler);
      byte[] rank = assembler.rank(Operation.UPSERT);
      sink.change(Operation.UPSERT, assembler.key(), rank, assembler.timeMillis());
      if (++delivered == BATCH_ROWS) {
        progress.accept(delivered);
        delivered = 0;
      }
    }
    progress.accept(delivered);
  }
}
