package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.ScanTaskParser;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types.IntegerType;
import org.apache.iceberg.types.Types.LongType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, beside what Iceberg's own generic reader gives. */
class SnapshotRowsTest {

  private static final int COMMITS = 12;
  private static final int IDS = 40;

  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "id", LongType.get()),
          NestedField.required(2, "place", IntegerType.get()),
          NestedField.optional(3, "old_text", StringType.get()),
          NestedField.optional(4, "code", LongType.get()));

  /** A table that several writers commit to, each in a way of its own. */
  private static final class Life implements AutoCloseable {
    private final InMemoryCatalog catalog = new InMemoryCatalog();
    private final Random random;
    private final Table table;

    Life(long seed) {
      random = new Random(seed);
      catalog.initialize("test", Map.of());
      catalog.createNamespace(Namespace.of("n"));
      table =
          catalog.createTable(
              TableIdentifier.of("n", "t"),
              SCHEMA,
              PartitionSpec.unpartitioned(),
              Map.of(TableProperties.FORMAT_VERSION, "2"));
    }

    void commit() throws IOException {
      RowDelta delta = table.newRowDelta();
      for (int place = 0; place < 3; place++) {
        Place where = new Place(table, place, random.nextBoolean());
        // By the key alone or together with what may be null.
        int[] ids = List.of(new int[] {1}, new int[] {1}, new int[] {1, 4}).get(random.nextInt(3));
        delta.addDeletes(where.equalityDeletes(ids, rows(place, 5)).toDeleteFile());
        DataWriter<Record> data = where.data(rows(place, 10));
        delta.addRows(data.toDataFile());
        if (random.nextInt(3) == 0) {
          delta.addDeletes(
              where
                  .positionDeletes(data.toDataFile().location(), random.nextInt(10))
                  .toDeleteFile());
        }
      }
      delta.commit();
    }

    private List<Record> rows(int place, int count) {
      return IntStream.range(0, count)
          .mapToObj(
              i -> {
                GenericRecord row = GenericRecord.create(table.schema());
                row.setField("id", (long) random.nextInt(IDS));
                row.setField("place", place);
                row.setField("code", random.nextInt(4) == 0 ? null : random.nextLong(3));
                if (table.schema().findField(3) != null) {
                  row.set(2, "text " + random.nextInt(1_000));
                }
                return (Record) row;
              })
          .toList();
    }

    @Override
    public void close() throws IOException {
      catalog.close();
    }
  }

  /** Writes the files of one partition. */
  private static final class Place {
    private final Table table;
    private final PartitionKey partition;
    private final FileFormat format;
    private final OutputFileFactory names;

    Place(Table table, int place, boolean parquet) {
      this.table = table;
      this.format = parquet ? FileFormat.PARQUET : FileFormat.AVRO;
      this.names = OutputFileFactory.builderFor(table, 0, 0).format(format).build();
      this.partition = new PartitionKey(table.spec(), table.schema());
      GenericRecord row = GenericRecord.create(table.schema());
      row.setField("id", 0L);
      row.setField("place", place);
      partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(row));
    }

    private EncryptedOutputFile file() {
      return table.spec().isPartitioned()
          ? names.newOutputFile(table.spec(), partition)
          : names.newOutputFile();
    }

    private GenericFileWriterFactory.Builder writers() {
      return new GenericFileWriterFactory.Builder(table)
          .dataFileFormat(format)
          .deleteFileFormat(format);
    }

    DataWriter<Record> data(List<Record> rows) throws IOException {
      DataWriter<Record> writer = writers().build().newDataWriter(file(), table.spec(), partition);
      try (writer) {
        rows.forEach(writer::write);
      }
      return writer;
    }

    EqualityDeleteWriter<Record> equalityDeletes(int[] ids, List<Record> rows) throws IOException {
      Schema columns = table.schema().select(IntStream.of(ids).mapToObj(this::name).toList());
      EqualityDeleteWriter<Record> writer =
          writers()
              .equalityFieldIds(ids)
              .equalityDeleteRowSchema(columns)
              .build()
              .newEqualityDeleteWriter(file(), table.spec(), partition);
      try (writer) {
        rows.forEach(row -> writer.write(selected(row, columns)));
      }
      return writer;
    }

    private String name(int id) {
      return table.schema().findColumnName(id);
    }

    private static Record selected(Record row, Schema columns) {
      GenericRecord selected = GenericRecord.create(columns);
      columns
          .columns()
          .forEach(field -> selected.setField(field.name(), row.getField(field.name())));
      return selected;
    }

    PositionDeleteWriter<Record> positionDeletes(String path, long position) throws IOException {
      PositionDeleteWriter<Record> writer =
          writers().build().newPositionDeleteWriter(file(), table.spec(), partition);
      PositionDelete<Record> delete = PositionDelete.create();
      try (writer) {
        writer.write(delete.set(path, position, null));
      }
      return writer;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_261_126})
  void rows_are_those_of_icebergs_own_reader_whatever_became_of_the_table(long seed)
      throws IOException {
    try (Life life = new Life(seed)) {
      Table table = life.table;
      for (int commit = 0; commit < COMMITS; commit++) {
        switch (commit) {
          case 3 -> table.updateSpec().addField("place").commit();
          case 5 -> table.updateSchema().renameColumn("old_text", "text").commit();
          case 7 -> table.updateSchema().deleteColumn("text").commit();
          case 9 -> table.updateSpec().removeField("place").commit();
          default -> {}
        }
        life.commit();
        if (commit % 4 == 3) {
          List<String> expected = byIceberg(table);
          assertThat(all(table)).as("seed %d, commit %d", seed, commit).isEqualTo(expected);
          assertThat(rowData(table)).as("seed %d, commit %d", seed, commit).isEqualTo(expected);
        }
      }
      assertThat(all(table)).hasSizeGreaterThan(IDS);
    }
  }

  @Test
  void a_file_of_deletes_is_opened_once_and_the_order_of_files_changes_no_row() throws IOException {
    try (Life life = new Life(7)) {
      for (int commit = 0; commit < COMMITS; commit++) {
        life.commit();
      }
      Table table = life.table;
      List<FileScanTask> files;
      try (CloseableIterable<FileScanTask> planned = table.newScan().planFiles()) {
        files = new ArrayList<>();
        planned.forEach(files::add);
      }
      Opened opened = new Opened(table.io());
      List<String> expected = byIceberg(table);

      assertThat(live(opened.of(table), LiveRows.runs(table, files)))
          .isEqualTo(expected)
          .isNotEmpty();
      assertThat(opened.times(equalityDeletes(files))).hasSizeGreaterThan(COMMITS).containsOnly(1);
      for (long seed = 1; seed <= 3; seed++) {
        Collections.shuffle(files, new Random(seed));
        List<List<FileScanTask>> runs = LiveRows.runs(table, withoutAge(files));
        assertThat(runs).hasSameSizeAs(files);
        assertThat(live(table, runs)).as("seed " + seed).isEqualTo(expected);
      }
    }
  }

  /** As a catalog plans them that does so itself: over the wire, nothing says how old they are. */
  private static List<FileScanTask> withoutAge(List<FileScanTask> files) {
    return files.stream()
        .map(file -> ScanTaskParser.fromJson(ScanTaskParser.toJson(file), true))
        .toList();
  }

  private static List<String> live(Table table, List<List<FileScanTask>> runs) {
    int width = table.schema().columns().size();
    List<String> rows = new ArrayList<>();
    try (LiveRows<Record> live =
        new LiveRows<>(table, table.schema(), runs, LiveRows.Form.RECORD)) {
      live.forEachRemaining(row -> rows.add(text(row, width)));
    }
    return rows.stream().sorted().toList();
  }

  private static Set<String> equalityDeletes(List<FileScanTask> files) {
    return files.stream()
        .flatMap(file -> file.deletes().stream())
        .filter(deletes -> deletes.content() == FileContent.EQUALITY_DELETES)
        .map(DeleteFile::location)
        .collect(Collectors.toSet());
  }

  /** Counts how often files are opened, by whatever thread. */
  private static final class Opened implements FileIO {
    private static final long serialVersionUID = 1L;
    private final transient FileIO files;
    private final Map<String, Integer> times = new ConcurrentHashMap<>();

    Opened(FileIO files) {
      this.files = files;
    }

    /** The table, whose files are read by this. */
    Table of(Table table) {
      TableOperations operations = ((HasTableOperations) table).operations();
      return new BaseTable(new StaticTableOperations(operations.current(), this), table.name());
    }

    List<Integer> times(Set<String> locations) {
      return locations.stream().map(location -> times.getOrDefault(location, 0)).toList();
    }

    @Override
    public InputFile newInputFile(String location) {
      times.merge(location, 1, Integer::sum);
      return files.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      throw new UnsupportedOperationException(location);
    }

    @Override
    public void deleteFile(String location) {
      throw new UnsupportedOperationException(location);
    }
  }

  @Test
  void a_selection_of_columns_comes_first_and_an_earlier_snapshot_stays_what_it_was()
      throws IOException {
    try (Life life = new Life(5)) {
      Table table = life.table;
      for (int commit = 0; commit < 10; commit++) {
        life.commit();
      }
      long snapshot = table.currentSnapshot().snapshotId();
      Schema text = table.schema().select("old_text");
      List<String> before = texts(table, snapshot, text);
      life.commit();

      assertThat(before).isEqualTo(textsByIceberg(table, snapshot, text)).isNotEmpty();
      assertThat(texts(table, snapshot, text)).isEqualTo(before);
      assertThat(texts(table, table.currentSnapshot().snapshotId(), text)).isNotEqualTo(before);
    }
  }

  @Test
  void a_table_without_a_snapshot_has_no_rows() throws IOException {
    try (Life life = new Life(5)) {
      assertThat(all(life.table)).isEmpty();
    }
  }

  private static List<String> all(Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    int width = table.schema().columns().size();
    SnapshotRows.read(table, row -> rows.add(text(row, width)));
    return rows.stream().sorted().toList();
  }

  private static List<String> rowData(Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    List<RowData.FieldGetter> getters = new ArrayList<>();
    for (LogicalType type : FlinkSchemaUtil.convert(table.schema()).getChildren()) {
      getters.add(RowData.createFieldGetter(type, getters.size()));
    }
    SnapshotRows.readRowData(
        table,
        table.currentSnapshot().snapshotId(),
        table.schema(),
        row ->
            rows.add(
                getters.stream()
                    .map(getter -> String.valueOf(getter.getFieldOrNull(row)))
                    .toList()
                    .toString()));
    return rows.stream().sorted().toList();
  }

  private static List<String> byIceberg(Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    int width = table.schema().columns().size();
    try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
      all.forEach(row -> rows.add(text(row, width)));
    }
    return rows.stream().sorted().toList();
  }

  private static List<String> texts(Table table, long snapshot, Schema columns) throws IOException {
    List<String> rows = new ArrayList<>();
    SnapshotRows.read(table, snapshot, columns, row -> rows.add(text(row, 1)));
    return rows.stream().sorted().toList();
  }

  private static List<String> textsByIceberg(Table table, long snapshot, Schema columns)
      throws IOException {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> all =
        IcebergGenerics.read(table).useSnapshot(snapshot).project(columns).build()) {
      all.forEach(row -> rows.add(text(row, 1)));
    }
    return rows.stream().sorted().toList();
  }

  private static String text(Record row, int width) {
    return IntStream.range(0, width).mapToObj(row::get).toList().toString();
  }
}
