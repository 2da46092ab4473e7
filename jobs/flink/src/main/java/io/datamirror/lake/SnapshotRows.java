package io.datamirror.lake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.RowDataWrapper;
import org.apache.iceberg.flink.data.RowDataUtil;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PartitionMap;
import org.apache.iceberg.util.PartitionUtil;
import org.apache.iceberg.util.StructLikeSet;
import org.apache.iceberg.util.StructProjection;

/**
 * All rows of a snapshot, as Iceberg's own generic reader has them, in a time that grows with the
 * size of the table and not with the square of its commits.
 *
 * <p>That reader loads, for each data file, all equality deletes that came after it. Here the data
 * files of a partition are read from the newest to the oldest: what is deleted from one is deleted
 * from those before it too, so each file of deletes is loaded once a partition. What is held in
 * memory is the same: the keys that are deleted from the oldest file of a partition.
 */
public final class SnapshotRows<R> {

  /**
   * What rows are made of.
   *
   * @param constant makes a value of a partition one of a row
   * @param values how rows of a schema are compared with deleted keys
   */
  private record Form<R>(
      Class<R> type,
      BiFunction<Type, Object, Object> constant,
      Function<Schema, Function<R, StructLike>> values) {

    static final Form<Record> RECORD =
        new Form<>(
            Record.class,
            IdentityPartitionConverters::convertConstant,
            schema -> new InternalRecordWrapper(schema.asStruct())::wrap);

    static final Form<RowData> ROW_DATA =
        new Form<>(
            RowData.class,
            RowDataUtil::convertConstant,
            schema -> new RowDataWrapper(FlinkSchemaUtil.convert(schema), schema.asStruct())::wrap);
  }

  private final Table table;
  private final Schema columns;
  private final Form<R> form;
  private final Consumer<R> rows;
  private final BaseDeleteLoader loader;

  private SnapshotRows(Table table, Schema columns, Form<R> form, Consumer<R> rows) {
    this.table = table;
    this.columns = columns;
    this.form = form;
    this.rows = rows;
    this.loader = new BaseDeleteLoader(table.io()::newInputFile);
  }

  /**
   * Hands over every row of a snapshot, in no particular order.
   *
   * @param columns what is read of the rows; those that tell which rows are deleted may come behind
   * @param rows gets a row that it may keep
   */
  public static void read(Table table, long snapshotId, Schema columns, Consumer<Record> rows)
      throws IOException {
    new SnapshotRows<>(table, columns, Form.RECORD, rows).read(snapshotId);
  }

  /** As {@link #read(Table, long, Schema, Consumer)}, of all columns of the newest snapshot. */
  public static void read(Table table, Consumer<Record> rows) throws IOException {
    if (table.currentSnapshot() != null) {
      read(table, table.currentSnapshot().snapshotId(), table.schema(), rows);
    }
  }

  /** As {@link #read(Table, long, Schema, Consumer)}, with rows of Flink. */
  public static void readRowData(
      Table table, long snapshotId, Schema columns, Consumer<RowData> rows) throws IOException {
    new SnapshotRows<>(table, columns, Form.ROW_DATA, rows).read(snapshotId);
  }

  private void read(long snapshotId) throws IOException {
    PartitionMap<List<FileScanTask>> partitions = PartitionMap.create(table.specs());
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).planFiles()) {
      for (FileScanTask task : tasks) {
        partitions
            .computeIfAbsent(task.spec().specId(), task.partition(), ArrayList::new)
            .add(task);
      }
    }
    for (List<FileScanTask> tasks : partitions.values()) {
      readPartition(tasks);
    }
  }

  private void readPartition(List<FileScanTask> tasks) throws IOException {
    tasks.sort(
        Comparator.comparingLong((FileScanTask task) -> task.file().dataSequenceNumber())
            .reversed());
    Schema read = withKeys(tasks);
    Map<Set<Integer>, DeletedKeys> deleted = new HashMap<>();
    Set<String> loaded = new HashSet<>();
    for (FileScanTask task : tasks) {
      newEqualityDeletes(task, loaded)
          .forEach(
              (ids, files) ->
                  deleted.computeIfAbsent(ids, none -> new DeletedKeys(read, ids)).add(files));
      read(task, read, deleted.values());
    }
  }

  /** What is read: the columns that are wanted, and behind them those that deletes name. */
  private Schema withKeys(List<FileScanTask> tasks) {
    Set<Integer> missing = new TreeSet<>();
    for (FileScanTask task : tasks) {
      equalityDeletes(task).forEach(file -> missing.addAll(file.equalityFieldIds()));
    }
    List<NestedField> fields = new ArrayList<>(columns.columns());
    for (int id : missing) {
      if (columns.findField(id) == null) {
        fields.add(field(id));
      }
    }
    return new Schema(fields);
  }

  private NestedField field(int id) {
    NestedField field = table.schema().findField(id);
    return field != null
        ? field
        : table.schemas().values().stream()
            .map(schema -> schema.findField(id))
            .filter(found -> found != null)
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException(table.name() + " never had a column of id " + id));
  }

  /** The equality deletes of a task that are not loaded yet, by the columns that they name. */
  private static Map<Set<Integer>, List<DeleteFile>> newEqualityDeletes(
      FileScanTask task, Set<String> loaded) {
    Map<Set<Integer>, List<DeleteFile>> found = new LinkedHashMap<>();
    for (DeleteFile file : equalityDeletes(task)) {
      if (loaded.add(file.location())) {
        found
            .computeIfAbsent(Set.copyOf(file.equalityFieldIds()), none -> new ArrayList<>())
            .add(file);
      }
    }
    return found;
  }

  private static List<DeleteFile> equalityDeletes(FileScanTask task) {
    return deletes(task, FileContent.EQUALITY_DELETES);
  }

  private static List<DeleteFile> deletes(FileScanTask task, FileContent content) {
    return task.deletes().stream().filter(file -> file.content() == content).toList();
  }

  private void read(FileScanTask task, Schema read, Collection<DeletedKeys> deleted)
      throws IOException {
    PositionDeleteIndex gone = positionDeletes(task);
    long position = 0;
    try (CloseableIterable<R> found = open(task, read)) {
      for (R row : found) {
        if (!gone.isDeleted(position++) && isIn(row, deleted)) {
          rows.accept(row);
        }
      }
    }
  }

  private boolean isIn(R row, Collection<DeletedKeys> deleted) {
    for (DeletedKeys keys : deleted) {
      if (keys.have(row)) {
        return false;
      }
    }
    return true;
  }

  private PositionDeleteIndex positionDeletes(FileScanTask task) {
    List<DeleteFile> files = deletes(task, FileContent.POSITION_DELETES);
    return files.isEmpty()
        ? PositionDeleteIndex.empty()
        : loader.loadPositionDeletes(files, task.file().location());
  }

  private CloseableIterable<R> open(FileScanTask task, Schema read) {
    ReadBuilder<R, Object> builder =
        FormatModelRegistry.<R, Object>readBuilder(
                task.file().format(), form.type, table.io().newInputFile(task.file()))
            .project(read)
            .idToConstant(PartitionUtil.constantsMap(task, form.constant));
    String names = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    return (names == null ? builder : builder.withNameMapping(NameMappingParser.fromJson(names)))
        .build();
  }

  /** Keys over the same columns that are deleted from the files that are still to be read. */
  private final class DeletedKeys {

    private final Schema keyColumns;
    private final StructLikeSet keys;
    private final Function<R, StructLike> values;
    private final StructProjection keyOf;

    DeletedKeys(Schema read, Set<Integer> ids) {
      this.keyColumns = TypeUtil.select(read, ids);
      this.keys = StructLikeSet.create(keyColumns.asStruct());
      this.values = form.values.apply(read);
      this.keyOf = StructProjection.create(read, keyColumns);
    }

    void add(List<DeleteFile> files) {
      keys.addAll(loader.loadEqualityDeletes(files, keyColumns));
    }

    boolean have(R row) {
      return keys.contains(keyOf.wrap(values.apply(row)));
    }
  }
}
