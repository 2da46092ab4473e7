package io.datamirror.lake;

import io.datamirror.commit.Part;
import io.datamirror.resolve.Counts;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.Table;

/** The files of one of the mirror's own tables, whose rows each speak of a mirrored table. */
final class OwnFiles {

  private final OwnTable own;
  private final LakeWriter writer;
  private final Reloaded<Opened> opened;

  private record Opened(LakeTable lake, TableFiles files) {
    byte[] partition(StringData table) {
      GenericRowData row = new GenericRowData(lake.rowType().getFieldCount());
      row.setField(lake.rowType().getFieldIndex(OwnTable.TABLE_COLUMN), table);
      return lake.partitions().of(row);
    }
  }

  OwnFiles(OwnTable own, LakeWriter writer) {
    this.own = own;
    this.writer = writer;
    this.opened = writer.reloaded(own.tableName(), this::load, files -> files.files().untouched());
  }

  private Opened load() {
    Table table = writer.catalog().load(own.tableName());
    if (!LakeSchema.partitionedAs(table, own)) {
      throw PartitionChange.error(own.tableName());
    }
    LakeTable lake = LakeTable.own(table);
    return new Opened(lake, writer.files(lake));
  }

  /** Of some table at most so many rows come until the next drain; the most of any count. */
  void expect(int rows) {
    opened.last().files().expect(rows);
  }

  /** Adds a row that speaks of a table. */
  void insert(StringData table, RowData row) {
    Opened files = opened.current();
    files.files().insert(row, files.partition(table));
  }

  /** Removes the row with the key of {@code row}, which speaks of a table. */
  void remove(StringData table, RowData row) {
    Opened files = opened.current();
    files.files().remove(row, files.partition(table));
  }

  /** Whether nothing was written since the last drain. */
  boolean untouched() {
    return opened.last().files().untouched();
  }

  /** Closes the files and hands them over. */
  Part drain(long watermarkMillis) {
    return opened
        .last()
        .files()
        .drain(own.number(), writer.subtask(), Counts.NONE, watermarkMillis);
  }

  int number() {
    return own.number();
  }

  void abort() {
    opened.last().files().abort();
  }
}
