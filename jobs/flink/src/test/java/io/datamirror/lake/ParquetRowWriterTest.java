package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.stream.RowArena;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.data.FlinkParquetWriters;
import org.apache.iceberg.flink.data.RowDataProjection;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are those that Iceberg's own writer makes of the same rows, byte for byte. */
class ParquetRowWriterTest {

  private static final List<ColumnType> TYPES = types();

  /** Enough for several pages, and for dictionaries that are given up. */
  private static final int ROWS = 21_000;

  /** So often is there a column of each type: nulls of that many do not fit into one word. */
  private static final int COLUMNS_OF_A_TYPE = 4;

  private record Written(byte[] bytes, Metrics metrics) {}

  private static List<ColumnType> types() {
    List<ColumnType> types = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind != Kind.DECIMAL) {
        types.add(ColumnType.of(kind));
      }
    }
    for (int precision : new int[] {1, 9, 10, 18, 19, 38}) {
      types.add(ColumnType.decimal(precision, precision / 2));
    }
    return Collections.nCopies(COLUMNS_OF_A_TYPE, types).stream().flatMap(List::stream).toList();
  }

  /** A column of every type; those of the predicate are required. */
  private static Schema schema(IntPredicate required) {
    List<NestedField> fields = new ArrayList<>();
    for (int i = 0; i < TYPES.size(); i++) {
      String name = "c" + i;
      fields.add(
          required.test(i)
              ? NestedField.required(i + 1, name, LakeSchema.type(TYPES.get(i)))
              : NestedField.optional(i + 1, name, LakeSchema.type(TYPES.get(i))));
    }
    return new Schema(fields);
  }

  /**
   * @param nullOneIn how many values of a column that may be null are one
   */
  private static List<BinaryRowData> rows(Random random, Schema schema, int count, int nullOneIn) {
    List<Column> columns =
        IntStream.range(0, TYPES.size())
            .mapToObj(i -> new Column("C" + i, "c" + i, TYPES.get(i), false))
            .toList();
    RowBuffer buffer = new RowBuffer(columns);
    RandomValues values = new RandomValues(random);
    List<BinaryRowData> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      buffer.reset();
      for (int column = 0; column < columns.size(); column++) {
        boolean optional = schema.columns().get(column).isOptional();
        if (!optional || random.nextInt(nullOneIn) > 0) {
          values.write(buffer, column, TYPES.get(column));
        }
      }
      rows.add(buffer.take());
    }
    return rows;
  }

  private static Written write(
      Schema schema,
      Iterable<? extends RowData> rows,
      BiFunction<Schema, MessageType, ParquetValueWriter<?>> writer)
      throws IOException {
    InMemoryOutputFile file = new InMemoryOutputFile("rows.parquet");
    FileAppender<RowData> appender =
        Parquet.write(file).schema(schema).createWriterFunc(writer).build();
    try (appender) {
      rows.forEach(appender::add);
    }
    return new Written(file.toByteArray(), appender.metrics());
  }

  private static Written byIceberg(Schema schema, Iterable<? extends RowData> rows)
      throws IOException {
    return write(
        schema,
        rows,
        (known, type) -> FlinkParquetWriters.buildWriter(FlinkSchemaUtil.convert(known), type));
  }

  private static Written byOurs(Schema rowSchema, Schema schema, Iterable<? extends RowData> rows)
      throws IOException {
    return write(schema, rows, (known, type) -> new ParquetRowWriter(rowSchema, known, type));
  }

  private static void requireEqual(Written ours, Written iceberg, long seed) {
    assertThat(ours.bytes()).as("seed " + seed).isEqualTo(iceberg.bytes());
    Metrics metrics = ours.metrics();
    Metrics expected = iceberg.metrics();
    assertThat(metrics.recordCount()).isEqualTo(expected.recordCount());
    assertThat(metrics.columnSizes()).isEqualTo(expected.columnSizes());
    assertThat(metrics.valueCounts()).as("seed " + seed).isEqualTo(expected.valueCounts());
    assertThat(metrics.nullValueCounts()).as("seed " + seed).isEqualTo(expected.nullValueCounts());
    assertThat(metrics.nanValueCounts()).as("seed " + seed).isEqualTo(expected.nanValueCounts());
    assertThat(metrics.lowerBounds()).as("seed " + seed).isEqualTo(expected.lowerBounds());
    assertThat(metrics.upperBounds()).as("seed " + seed).isEqualTo(expected.upperBounds());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, Integer.MAX_VALUE})
  void a_file_is_the_one_that_iceberg_writes(int nullOneIn) throws IOException {
    long seed = 71L + nullOneIn;
    Schema schema = schema(i -> i % 4 == 0);
    List<BinaryRowData> rows = rows(new Random(seed), schema, ROWS, nullOneIn);

    Written ours = byOurs(schema, schema, rows);

    requireEqual(ours, byIceberg(schema, rows), seed);
    assertThat(ours.metrics().nullValueCounts().values().stream().anyMatch(nulls -> nulls > 0))
        .isEqualTo(nullOneIn != Integer.MAX_VALUE);
  }

  @Test
  void some_columns_of_a_row_are_written_in_any_order() throws IOException {
    long seed = 72;
    Schema schema = schema(i -> false);
    List<BinaryRowData> rows = rows(new Random(seed), schema, 1_000, 4);
    List<NestedField> reversed = new ArrayList<>(schema.columns().subList(3, 11));
    Collections.reverse(reversed);
    Schema some = new Schema(reversed);
    RowDataProjection projection = RowDataProjection.create(schema, some);

    Written iceberg =
        byIceberg(some, () -> rows.stream().<RowData>map(projection::wrap).iterator());

    requireEqual(byOurs(schema, some, rows), iceberg, seed);
  }

  @Test
  void a_row_may_lie_anywhere_in_memory() throws IOException {
    long seed = 73;
    Schema schema = schema(i -> false);
    List<BinaryRowData> rows = rows(new Random(seed), schema, 3_000, 5);
    Written iceberg = byIceberg(schema, rows);
    RowArena arena = new RowArena();
    long[] places = rows.stream().mapToLong(arena::add).toArray();

    requireEqual(
        byOurs(
            schema, schema, () -> Arrays.stream(places).<RowData>mapToObj(arena::row).iterator()),
        iceberg,
        seed);
    requireEqual(
        byOurs(schema, schema, rows.stream().map(ParquetRowWriterTest::offHeap).toList()),
        iceberg,
        seed);
    requireEqual(
        byOurs(schema, schema, rows.stream().map(ParquetRowWriterTest::inParts).toList()),
        iceberg,
        seed);
  }

  private static BinaryRowData offHeap(BinaryRowData row) {
    MemorySegment segment = MemorySegmentFactory.allocateOffHeapUnsafeMemory(row.getSizeInBytes());
    row.getSegments()[0].copyTo(row.getOffset(), segment, 0, row.getSizeInBytes());
    return pointing(row, segment);
  }

  /** The columns stand in the first segment, as they always do, and what they point at behind. */
  private static BinaryRowData inParts(BinaryRowData row) {
    int size = row.getSizeInBytes();
    int part = Math.max(row.getFixedLengthPartSize(), (size + 1) / 2);
    MemorySegment[] segments = new MemorySegment[2];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = MemorySegmentFactory.allocateUnpooledSegment(part);
      int length = Math.min(part, size - i * part);
      row.getSegments()[0].copyTo(row.getOffset() + i * part, segments[i], 0, length);
    }
    return pointing(row, segments);
  }

  private static BinaryRowData pointing(BinaryRowData row, MemorySegment... segments) {
    BinaryRowData other = new BinaryRowData(row.getArity());
    other.pointTo(segments, 0, row.getSizeInBytes());
    return other;
  }

  @Test
  void a_row_of_objects_is_written_as_well() throws IOException {
    Schema schema =
        new Schema(
            NestedField.required(1, "text", Types.StringType.get()),
            NestedField.required(2, "hash", Types.FixedType.ofLength(16)),
            NestedField.optional(3, "number", Types.IntegerType.get()));
    List<GenericRowData> rows =
        List.of(
            GenericRowData.of(StringData.fromString("a"), new byte[16], 1),
            GenericRowData.of(StringData.fromString("\u6771\u4eac and more"), hash(), null));

    requireEqual(byOurs(schema, schema, rows), byIceberg(schema, rows), 0);
  }

  private static byte[] hash() {
    return ByteBuffer.allocate(16).putLong(Long.MAX_VALUE).putLong(-5).array();
  }

  @Test
  void a_row_without_a_required_value_is_refused() {
    Schema schema = new Schema(NestedField.required(1, "id", Types.StringType.get()));

    assertThatThrownBy(() -> byOurs(schema, schema, List.of(GenericRowData.of((Object) null))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a row has no id, which is required");
  }

  @Test
  void a_type_that_no_mirror_has_is_refused() {
    Schema schema = new Schema(NestedField.optional(1, "id", Types.UUIDType.get()));

    assertThatThrownBy(() -> byOurs(schema, schema, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no column of a mirror is a uuid");
  }
}
