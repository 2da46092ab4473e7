package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.flink.sink.FlinkFileWriterFactory;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.FileWriterFactory;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files are written by the properties of their table, as Iceberg's own factory for Flink does. */
class ParquetFilesTest {

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              NestedField.required(1, "region", Types.StringType.get()),
              NestedField.optional(2, "price", Types.DoubleType.get()),
              NestedField.required(3, "id", Types.LongType.get())),
          Set.of(1, 3));

  private static final int ROWS = 2_000;

  private static Table table(Map<String, String> properties) {
    InMemoryCatalog catalog = new InMemoryCatalog();
    catalog.initialize("memory", Map.of());
    catalog.createNamespace(Namespace.of("ns"));
    PartitionSpec spec = PartitionSpec.builderFor(SCHEMA).identity("region").build();
    return catalog.createTable(TableIdentifier.of("ns", "t"), SCHEMA, spec, properties);
  }

  private static List<RowData> rows() {
    return LongStream.range(0, 500)
        .<RowData>mapToObj(
            id ->
                GenericRowData.of(
                    StringData.fromString("north"), id % 7 == 0 ? null : id * 0.5, id))
        .toList();
  }

  private static GenericRecord partition(Table table) {
    GenericRecord partition = GenericRecord.create(table.spec().partitionType());
    partition.setField("region", "north");
    return partition;
  }

  private static EncryptedOutputFile output(Table table) {
    return OutputFileFactory.builderFor(table, 0, 0)
        .format(FileFormat.PARQUET)
        .build()
        .newOutputFile(table.spec(), partition(table));
  }

  private static ContentFile<?> data(Table table, FileWriterFactory<RowData> files)
      throws IOException {
    DataWriter<RowData> writer = files.newDataWriter(output(table), table.spec(), partition(table));
    try (writer) {
      rows().forEach(writer::write);
    }
    return writer.toDataFile();
  }

  private static ContentFile<?> deletes(
      Table table, FileWriterFactory<RowData> files, List<RowData> rows) throws IOException {
    EqualityDeleteWriter<RowData> writer =
        files.newEqualityDeleteWriter(output(table), table.spec(), partition(table));
    try (writer) {
      rows.forEach(writer::write);
    }
    return writer.toDeleteFile();
  }

  private static ParquetFiles files(LakeTable lake, Schema rows) {
    return new ParquetFiles(
        lake, rows, DictionaryLimit.ofData(lake.table()), DictionaryLimit.ofDeletes(lake.table()));
  }

  private static FileWriterFactory<RowData> iceberg(Table table, LakeTable lake) {
    return new FlinkFileWriterFactory.Builder(table)
        .dataFileFormat(FileFormat.PARQUET)
        .dataSchema(lake.schema())
        .dataFlinkType(lake.rowType())
        .deleteFileFormat(FileFormat.PARQUET)
        .equalityFieldIds(lake.keyFieldIds())
        .equalityDeleteRowSchema(lake.keySchema())
        .build();
  }

  private static void requireEqual(Table table, ContentFile<?> ours, ContentFile<?> iceberg)
      throws IOException {
    assertThat(bytes(table, ours)).isEqualTo(bytes(table, iceberg));
    assertThat(ours.content()).isEqualTo(iceberg.content());
    assertThat(ours.format()).isEqualTo(iceberg.format());
    assertThat(ours.specId()).isEqualTo(iceberg.specId());
    assertThat(ours.partition().get(0, String.class)).isEqualTo("north");
    assertThat(ours.recordCount()).isEqualTo(iceberg.recordCount());
    assertThat(ours.fileSizeInBytes()).isEqualTo(iceberg.fileSizeInBytes());
    assertThat(ours.columnSizes()).isEqualTo(iceberg.columnSizes());
    assertThat(ours.valueCounts()).isEqualTo(iceberg.valueCounts());
    assertThat(ours.nullValueCounts()).isEqualTo(iceberg.nullValueCounts());
    assertThat(ours.nanValueCounts()).isEqualTo(iceberg.nanValueCounts());
    assertThat(ours.lowerBounds()).isEqualTo(iceberg.lowerBounds());
    assertThat(ours.upperBounds()).isEqualTo(iceberg.upperBounds());
    assertThat(ours.splitOffsets()).isEqualTo(iceberg.splitOffsets());
    assertThat(ours.equalityFieldIds()).isEqualTo(iceberg.equalityFieldIds());
    assertThat(ours.sortOrderId()).isEqualTo(iceberg.sortOrderId());
    assertThat(ours.keyMetadata()).isEqualTo(iceberg.keyMetadata());
  }

  private static byte[] bytes(Table table, ContentFile<?> file) throws IOException {
    try (var stream = table.io().newInputFile(file.location()).newStream()) {
      return stream.readAllBytes();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "write.format.default, parquet",
    "write.parquet.compression-codec, gzip",
    "write.delete.parquet.compression-codec, uncompressed",
    "write.parquet.page-row-limit, 100",
    "write.delete.parquet.page-version, v2",
    "write.parquet.page-version, v2",
    "write.parquet.bloom-filter-enabled.column.region, true",
    "write.metadata.metrics.default, none",
    "write.metadata.metrics.column.price, counts",
    "write.metadata.metrics.column.region, truncate(2)",
  })
  void the_properties_of_the_table_hold(String property, String value) throws IOException {
    Table table = table(Map.of(property, value));
    LakeTable lake = LakeTable.own(table);
    FileWriterFactory<RowData> iceberg = iceberg(table, lake);
    ParquetFiles files = files(lake, SCHEMA);
    ParquetFiles keyFiles = files(lake, lake.keySchema());
    List<RowData> keys =
        rows().stream()
            .<RowData>map(row -> GenericRowData.of(row.getString(0), row.getLong(2)))
            .toList();

    requireEqual(table, data(table, files), data(table, iceberg));
    ContentFile<?> deletes = deletes(table, iceberg, keys);
    requireEqual(table, deletes(table, files, rows()), deletes);
    requireEqual(table, deletes(table, keyFiles, keys), deletes);
  }

  @ParameterizedTest
  @CsvSource({
    "write.parquet.dict-size-bytes, 100000, 100000, 100000",
    "write.delete.parquet.dict-size-bytes, 100000, 7400, 100000",
    "write.parquet.page-row-limit, 100, 7400, 7400",
  })
  void a_dictionary_may_take_two_bytes_for_each_row_unless_the_table_says_otherwise(
      String property, String value, String ofData, String ofDeletes) {
    Table table = table(Map.of(property, value));
    DictionaryLimit data = DictionaryLimit.ofData(table);
    DictionaryLimit deletes = DictionaryLimit.ofDeletes(table);
    for (DictionaryLimit limit : List.of(data, deletes)) {
      assertThat(limit.properties()).as("nobody knows").isEmpty();
      limit.expect(40);
      limit.expect(3_700);
      limit.expect(20);
    }

    assertThat(limit(data, "write.parquet.dict-size-bytes", table)).isEqualTo(ofData);
    assertThat(limit(deletes, "write.delete.parquet.dict-size-bytes", table)).isEqualTo(ofDeletes);
    data.forget();
    assertThat(data.properties()).isEmpty();
    data.expect(10_000_000);
    assertThat(data.properties()).as("more than the usual").isEmpty();
  }

  /** What Iceberg goes by: of removals, else what holds for data files. */
  private static String limit(DictionaryLimit limit, String property, Table table) {
    Map<String, String> properties = new HashMap<>(table.properties());
    properties.putAll(limit.properties());
    return properties.getOrDefault(property, properties.get("write.parquet.dict-size-bytes"));
  }

  @Test
  void a_dictionary_of_more_than_two_bytes_for_each_row_is_given_up_and_a_smaller_one_is_kept() {
    Map<Integer, Long> usual = columnBytes(1_000, files -> {});
    Map<Integer, Long> limited = columnBytes(1_000, files -> files.expect(ROWS));
    assertThat(limited.get(1)).as("of one region").isEqualTo(usual.get(1));
    assertThat(limited.get(2)).as("of 1,000 prices").isNotEqualTo(usual.get(2));
    assertThat(limited.get(3)).as("of ids that are all different").isEqualTo(usual.get(3));

    assertThat(columnBytes(500, files -> files.expect(ROWS)))
        .as("of 500 prices")
        .isEqualTo(columnBytes(500, files -> {}));
  }

  private static Map<Integer, Long> columnBytes(int prices, Consumer<TableFiles> before) {
    LakeTable lake = LakeTable.own(table(Map.of()));
    TableFiles files = new TableFiles(lake, 0, 0);
    before.accept(files);
    for (long id = 0; id < ROWS; id++) {
      RowData row = GenericRowData.of(StringData.fromString("north"), id % prices * 0.5, id);
      files.insert(row, lake.partitions().of(row));
    }
    return files.drainDataFiles().get(0).columnSizes();
  }

  @Test
  void rows_are_not_removed_by_their_place() {
    Table table = table(Map.of());
    ParquetFiles files = files(LakeTable.own(table), SCHEMA);

    assertThatThrownBy(
            () -> files.newPositionDeleteWriter(output(table), table.spec(), partition(table)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("a mirror removes rows by their keys");
  }
}
