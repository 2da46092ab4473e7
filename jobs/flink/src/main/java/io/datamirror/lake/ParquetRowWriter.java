package io.datamirror.lake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.TripleWriter;
import org.apache.iceberg.shaded.org.apache.parquet.column.ColumnDescriptor;
import org.apache.iceberg.shaded.org.apache.parquet.column.ColumnWriteStore;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Writes rows, or some of their columns, into a Parquet file. One thread at a time.
 *
 * <p>The file is the same, byte for byte, as the one that Iceberg's own writer for Flink's rows
 * makes; that one gets an object for each value.
 */
public final class ParquetRowWriter implements ParquetValueWriter<RowData> {

  private final ParquetColumn[] columns;
  private final Schema rows;
  private RowDataSerializer binaryRows;

  /**
   * @param rows the columns of the rows that are written
   * @param written those of them that go into the file
   * @param file what the file looks like
   */
  public ParquetRowWriter(Schema rows, Schema written, MessageType file) {
    this.rows = rows;
    List<NestedField> fields = written.columns();
    this.columns = new ParquetColumn[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      NestedField field = fields.get(i);
      ColumnDescriptor column =
          file.getColumnDescription(new String[] {file.getFields().get(i).getName()});
      columns[i] = new ParquetColumn(field, position(rows, field), column);
    }
  }

  private static int position(Schema rows, NestedField field) {
    List<NestedField> columns = rows.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).fieldId() == field.fieldId()) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column of the rows is " + field);
  }

  @Override
  public void write(int repetitionLevel, RowData row) {
    BinaryRowData values = row instanceof BinaryRowData binary ? binary : toBinary(row);
    for (ParquetColumn column : columns) {
      column.write(values);
    }
  }

  private BinaryRowData toBinary(RowData row) {
    if (binaryRows == null) {
      binaryRows = new RowDataSerializer(FlinkSchemaUtil.convert(rows));
    }
    return binaryRows.toBinaryRow(row);
  }

  @Override
  public List<TripleWriter<?>> columns() {
    List<TripleWriter<?>> all = new ArrayList<>();
    for (ParquetColumn column : columns) {
      all.add(column.values());
    }
    return all;
  }

  @Override
  public void setColumnStore(ColumnWriteStore store) {
    for (ParquetColumn column : columns) {
      column.storeIn(store);
    }
  }

  @Override
  public Stream<FieldMetrics<?>> metrics() {
    return Arrays.stream(columns)
        .<FieldMetrics<?>>map(ParquetColumn::metrics)
        .filter(Objects::nonNull);
  }
}
