package io.datamirror.publish;

import io.datamirror.lake.SnapshotRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** Reads rows and keys of a table, and the files that single snapshots added or removed. */
final class TableRows {

  private final Table table;
  private final Schema keys;
  private final RowText keyText;

  TableRows(Table table) {
    this.table = table;
    this.keys = keySchema(table.schema());
    this.keyText = new RowText(keys.columns());
  }

  private static Schema keySchema(Schema schema) {
    return new Schema(
        schema.columns().stream()
            .filter(field -> schema.identifierFieldIds().contains(field.fieldId()))
            .toList());
  }

  /** The columns that the table had at a snapshot. */
  private Schema schema(Snapshot snapshot) {
    Schema then = snapshot.schemaId() == null ? null : table.schemas().get(snapshot.schemaId());
    return then == null ? table.schema() : then;
  }

  /** Keys and rows of a data file, as the table saw them at a snapshot. */
  void rows(DataFile file, Snapshot snapshot, BiConsumer<String, String> consumer) {
    Schema schema = schema(snapshot);
    RowText text = new RowText(schema.columns());
    KeyOfRow key = new KeyOfRow(schema);
    read(file, schema, row -> consumer.accept(key.of(row), text.of(row)));
  }

  /** The keys in a data file. */
  void keys(DataFile file, Consumer<String> consumer) {
    read(file, keys, row -> consumer.accept(keyText.of(row)));
  }

  /** The keys that a file of equality deletes names. */
  void deletedKeys(DeleteFile file, Consumer<String> consumer) {
    read(file, keys, row -> consumer.accept(keyText.of(row)));
  }

  private void read(ContentFile<?> file, Schema schema, Consumer<Record> consumer) {
    try (CloseableIterable<Record> rows =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(schema)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build()) {
      rows.forEach(consumer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys and rows of the whole table at a snapshot. */
  void all(Snapshot snapshot, BiConsumer<String, String> consumer) {
    Schema schema = schema(snapshot);
    RowText text = new RowText(schema.columns());
    KeyOfRow key = new KeyOfRow(schema);
    try {
      SnapshotRows.read(
          table, snapshot.snapshotId(), schema, row -> consumer.accept(key.of(row), text.of(row)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The key columns of rows of one schema, in the order of the key. */
  private final class KeyOfRow {
    private final int[] places;

    KeyOfRow(Schema schema) {
      this.places =
          keys.columns().stream()
              .mapToInt(field -> schema.columns().indexOf(schema.findField(field.fieldId())))
              .toArray();
    }

    String of(StructLike row) {
      return keyText.of(new Selected(row, places));
    }
  }

  /** Some columns of a row. */
  private record Selected(StructLike row, int[] places) implements StructLike {
    @Override
    public int size() {
      return places.length;
    }

    @Override
    public <T> T get(int at, Class<T> type) {
      return row.get(places[at], type);
    }

    @Override
    public <T> void set(int at, T value) {
      throw new UnsupportedOperationException("rows are only read");
    }
  }
}
