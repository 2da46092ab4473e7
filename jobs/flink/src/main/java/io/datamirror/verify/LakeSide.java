package io.datamirror.verify;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.Operation;
import io.datamirror.lake.RowFeeder;
import io.datamirror.lake.SnapshotRows;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types.NestedField;

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
    if (table.currentSnapshot() == null) {
      return;
    }
    Delivery delivery = new Delivery(sink);
    SnapshotRows.readRowData(
        table, table.currentSnapshot().snapshotId(), new Schema(columns()), delivery::deliver);
    delivery.end();
  }

  private List<NestedField> columns() {
    return layout.storedColumns().stream()
        .map(column -> table.schema().findField(column.name()))
        .toList();
  }

  /** Hands rows on, one by one, and says now and then how many they were. */
  private final class Delivery {
    private final ChangeSink sink;
    private final ChangeAssembler assembler;
    private final RowFeeder feeder = new RowFeeder(layout);
    private int delivered;

    Delivery(ChangeSink sink) {
      this.sink = sink;
      this.assembler = new ChangeAssembler(layout, sink.row());
    }

    void deliver(RowData row) {
      feeder.feed(row, assembler);
      byte[] rank = assembler.rank(Operation.UPSERT);
      sink.change(Operation.UPSERT, assembler.key(), rank, assembler.timeMillis());
      if (++delivered == BATCH_ROWS) {
        end();
      }
    }

    void end() {
      progress.accept(delivered);
      delivered = 0;
    }
  }
}
