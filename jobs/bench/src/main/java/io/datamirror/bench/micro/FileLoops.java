package io.datamirror.bench.micro;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.lake.LakeSchema;
import io.datamirror.lake.ParquetRowWriter;
import io.datamirror.lake.RowBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.data.FlinkParquetWriters;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A file of rows, or many small ones, compression included; nanoseconds for each row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FileLoops {

  private static final int ROWS = 100_000;
  private static final int SMALL_FILES = 25;

  private static final List<Column> COLUMNS =
      List.of(
          column("id", ColumnType.of(Kind.LONG)),
          column("ver", ColumnType.of(Kind.LONG)),
          column("ts", ColumnType.of(Kind.TIMESTAMP)),
          column("status", ColumnType.of(Kind.STRING)),
          column("price", ColumnType.of(Kind.DOUBLE)),
          column("amount", ColumnType.decimal(12, 2)),
          column("comment", ColumnType.of(Kind.STRING)),
          column("flag", ColumnType.of(Kind.BOOLEAN)),
          column("day", ColumnType.of(Kind.DATE)),
          column("count", ColumnType.of(Kind.INT)));

  private static final Schema SCHEMA =
      LakeSchema.of(
          new ChangeLayout(
              "t", COLUMNS, List.of(0), List.of(1), -1, -1, ChangeLayout.Tie.DELETE_WINS));

  private static final String[] STATUS = {"NEW", "PACKED", "SHIPPED", "RETURNED BY THE CUSTOMER"};

  private final BinaryRowData[] rows = rows();

  /** How large the dictionary of a column of a small file may become. */
  @State(Scope.Thread)
  public static class Dictionaries {
    /** Iceberg's default, and two bytes for each row. */
    @Param({"2097152", "8000"})
    public String mostBytes;
  }

  private static Column column(String name, ColumnType type) {
    return new Column(name, name, type, false);
  }

  private static BinaryRowData[] rows() {
    RowBuffer buffer = new RowBuffer(COLUMNS);
    BinaryRowData[] rows = new BinaryRowData[ROWS];
    for (int i = 0; i < ROWS; i++) {
      buffer.reset();
      buffer.writeLong(0, i);
      buffer.writeLong(1, i * 7_919L);
      buffer.writeLong(2, i * 1_000_003L);
      write(buffer, 3, STATUS[i % STATUS.length]);
      buffer.writeDouble(4, i * 0.25);
      buffer.writeUnscaled(5, i * 31L, 2);
      write(buffer, 6, "a comment of order " + i * 7_919L);
      buffer.writeBoolean(7, i % 3 == 0);
      buffer.writeInt(8, i % 1_000);
      buffer.writeInt(9, i % 100);
      rows[i] = buffer.take();
    }
    return rows;
  }

  private static void write(RowBuffer buffer, int column, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    buffer.writeBytes(column, bytes, 0, bytes.length);
  }

  private long file(BiFunction<Schema, MessageType, ParquetValueWriter<?>> writer)
      throws IOException {
    return file(Map.of(), writer, 0, ROWS);
  }

  private long file(
      Map<String, String> properties,
      BiFunction<Schema, MessageType, ParquetValueWriter<?>> writer,
      int from,
      int to)
      throws IOException {
    FileAppender<RowData> file =
        Parquet.write(new InMemoryOutputFile())
            .schema(SCHEMA)
            .set(TableProperties.PARQUET_COMPRESSION, "zstd")
            .setAll(properties)
            .createWriterFunc(writer)
            .build();
    try (file) {
      for (int i = from; i < to; i++) {
        file.add(rows[i]);
      }
    }
    return file.length();
  }

  /** As the mirror writes rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long mirror() throws IOException {
    return file((schema, type) -> new ParquetRowWriter(SCHEMA, schema, type));
  }

  /** As the mirror writes rows when few have changed. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long smallFiles(Dictionaries dictionaries) throws IOException {
    Map<String, String> properties =
        Map.of(TableProperties.PARQUET_DICT_SIZE_BYTES, dictionaries.mostBytes);
    long bytes = 0;
    for (int i = 0; i < SMALL_FILES; i++) {
      int from = i * (ROWS / SMALL_FILES);
      bytes +=
          file(
              properties,
              (schema, type) -> new ParquetRowWriter(SCHEMA, schema, type),
              from,
              from + ROWS / SMALL_FILES);
    }
    return bytes;
  }

  /** As Iceberg writes rows of Flink. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long iceberg() throws IOException {
    return file(
        (schema, type) -> FlinkParquetWriters.buildWriter(FlinkSchemaUtil.convert(schema), type));
  }
}
