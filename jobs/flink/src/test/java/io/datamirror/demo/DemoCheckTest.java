package io.datamirror.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of the demo is only worth something if it finds what is wrong. */
class DemoCheckTest {
  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "id", Types.IntegerType.get()),
          NestedField.optional(2, "code", Types.StringType.get()),
          NestedField.optional(3, "name", Types.StringType.get()),
          NestedField.optional(4, "continent", Types.StringType.get()),
          NestedField.optional(5, "wikipedia_link", Types.StringType.get()),
          NestedField.optional(6, "keywords", Types.StringType.get()));

  @TempDir private Path directory;

  @Test
  void the_expected_table_is_verified() throws IOException {
    DemoCheck.Result result = DemoCheck.compare(DemoTable.COUNTRIES, table(expected()));

    assertThat(result.verified()).isTrue();
    assertThat(result.rows()).isEqualTo(249);
  }

  @Test
  void a_missing_row_is_found() throws IOException {
    List<Record> rows = expected();
    Record gone = rows.remove(100);

    assertThat(DemoCheck.compare(DemoTable.COUNTRIES, table(rows)).differing())
        .containsExactly("id " + gone.getField("id") + ": is missing");
  }

  @Test
  void a_row_that_stands_there_twice_is_found() throws IOException {
    List<Record> rows = expected();
    rows.add(rows.get(7));

    assertThat(DemoCheck.compare(DemoTable.COUNTRIES, table(rows)).differing())
        .containsExactly(
            "id " + rows.get(7).getField("id") + ": must not be there, or stands there twice");
  }

  @Test
  void a_single_other_value_is_found() throws IOException {
    List<Record> rows = expected();
    rows.get(0).setField("keywords", "");

    assertThat(DemoCheck.compare(DemoTable.COUNTRIES, table(rows)).differing())
        .containsExactly("id " + rows.get(0).getField("id") + ": differs in keywords");
  }

  private static List<Record> expected() {
    List<Record> rows = new ArrayList<>();
    try (DemoFile file = DemoTable.COUNTRIES.expected()) {
      while (file.hasNext()) {
        String[] fields = file.next();
        Record row = GenericRecord.create(SCHEMA);
        for (int i = 0; i < fields.length; i++) {
          row.set(i, DemoType.ofColumn(file.header().get(i)).value(fields[i]));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private Table table(List<Record> rows) throws IOException {
    Table table =
        new HadoopTables(new Configuration())
            .create(SCHEMA, PartitionSpec.unpartitioned(), Map.of(), directory + "/countries");
    DataWriter<Record> writer =
        Parquet.writeData(table.io().newOutputFile(directory + "/rows.parquet"))
            .schema(SCHEMA)
            .withSpec(PartitionSpec.unpartitioned())
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      rows.forEach(writer::write);
    }
    DataFile file = writer.toDataFile();
    table.newAppend().appendFile(file).commit();
    return table;
  }
}
