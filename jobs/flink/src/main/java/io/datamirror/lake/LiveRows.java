package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableScan;
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
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PartitionMap;
import org.apache.iceberg.util.PartitionUtil;
import org.apache.iceberg.util.StructLikeSet;
import org.apache.iceberg.util.StructProjection;

/**
 * The rows of data files that no delete names, file by file; each may be kept.
 *
 * <p>Iceberg's own readers load, for each data file, all equality deletes that came after it. Here
 * the files of a partition are read in {@linkplain #runs(Table, Iterable) runs} from the newest to
 * the oldest: what is deleted from one is deleted from those before it too, so each file of
 * equality deletes is loaded once a run. What is held in memory are the keys that are deleted from
 * any file of the run.
 *
 * <p>One thread at a time.
 */
final class LiveRows<R> implements CloseableIterator<R> {

  /**
   * What rows are made of.
   *
   * @param constant makes a value of a partition one of a row
   * @param values how rows of a schema are compared with deleted keys
   */
  record Form<R>(
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
  private final BaseDeleteLoader loader;
  private final Iterator<List<FileScanTask>> runs;

  // Of the run.
  private final Map<Set<Integer>, DeletedKeys> deleted = new HashMap<>();
  private final Set<String> loaded = new HashSet<>();
  private Iterator<FileScanTask> files = Collections.emptyIterator();
  private Schema read;

  private FileScanTask file;
  private CloseableIterable<R> opened = CloseableIterable.empty();
  private Iterator<R> rows = Collections.emptyIterator();

  /**
   * @param columns what is read of the rows; those that tell which rows are deleted may come behind
   * @param runs the files, in the order in which they are read
   */
  LiveRows(Table table, Schema columns, List<List<FileScanTask>> runs, Form<R> form) {
    this.table = table;
    this.columns = columns;
    this.form = form;
    this.loader = new BaseDeleteLoader(table.io()::newInputFile);
    this.runs = runs.iterator();
  }

  /** The files that a scan finds, as {@link #runs(Table, Iterable)} orders them. */
  static List<List<FileScanTask>> runs(TableScan scan) throws IOException {
    try (CloseableIterable<FileScanTask> planned = scan.planFiles()) {
      return runs(scan.table(), planned);
    }
  }

  /**
   * The files of each partition, from the newest to the oldest. Any part of a run is one too; so is
   * each file where nobody says how old it is, as a catalog that plans scans itself does not.
   */
  static List<List<FileScanTask>> runs(Table table, Iterable<FileScanTask> files) {
    PartitionMap<List<FileScanTask>> partitions = PartitionMap.create(table.specs());
    for (FileScanTask file : files) {
      partitions.computeIfAbsent(file.file().specId(), file.partition(), ArrayList::new).add(file);
    }
    List<List<FileScanTask>> runs = new ArrayList<>();
    for (List<FileScanTask> partition : partitions.values()) {
      if (partition.stream().allMatch(file -> file.file().dataSequenceNumber() != null)) {
        partition.sort(
            Comparator.comparingLong((FileScanTask file) -> file.file().dataSequenceNumber())
                .reversed());
        runs.add(partition);
      } else {
        partition.forEach(file -> runs.add(List.of(file)));
      }
    }
    return runs;
  }

  @Override
  public boolean hasNext() {
    while (!rows.hasNext()) {
      if (files.hasNext()) {
        open(files.next());
      } else if (runs.hasNext()) {
        begin(runs.next());
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return rows.next();
  }

  /** The file of the row that {@link #next} gave last, until it is asked whether more follow. */
  FileScanTask file() {
    return file;
  }

  private void begin(List<FileScanTask> run) {
    deleted.clear();
    loaded.clear();
    read = withKeys(run);
    files = run.iterator();
  }

  /** What is read: the columns that are wanted, and behind them those that deletes name. */
  private Schema withKeys(List<FileScanTask> run) {
    Set<Integer> keys = new TreeSet<>();
    Set<String> seen = new HashSet<>();
    for (FileScanTask one : run) {
      equalityDeletes(one).stream()
          .filter(deletes -> seen.add(deletes.location()))
          .forEach(deletes -> keys.addAll(deletes.equalityFieldIds()));
    }
    List<NestedField> fields = new ArrayList<>(columns.columns());
    for (int id : keys) {
      if (columns.findField(id) == null) {
        // Files that came after the column was dropped do not have it.
        fields.add(field(id).asOptional());
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
            .reduce((older, newer) -> newer)
            .orElseThrow(
                () -> new IllegalStateException(table.name() + " never had a column of id " + id));
  }

  private void open(FileScanTask next) {
    close();
    file = next;
    newEqualityDeletes(next)
        .forEach(
            (ids, found) -> deleted.computeIfAbsent(ids, none -> new DeletedKeys(ids)).add(found));
    PositionDeleteIndex gone = positionDeletes(next);
    long[] position = {0};
    opened =
        CloseableIterable.filter(
            openWhole(next), row -> !gone.isDeleted(position[0]++) && lives(row));
    rows = opened.iterator();
  }

  @Override
  public void close() {
    try {
      opened.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The equality deletes of a file that are not loaded yet, by the columns that they name. */
  private Map<Set<Integer>, List<DeleteFile>> newEqualityDeletes(FileScanTask file) {
    Map<Set<Integer>, List<DeleteFile>> found = new LinkedHashMap<>();
    for (DeleteFile deletes : equalityDeletes(file)) {
      if (loaded.add(deletes.location())) {
        found
            .computeIfAbsent(Set.copyOf(deletes.equalityFieldIds()), none -> new ArrayList<>())
            .add(deletes);
      }
    }
    return found;
  }

  private static List<DeleteFile> equalityDeletes(FileScanTask file) {
    return deletes(file, FileContent.EQUALITY_DELETES);
  }

  private static List<DeleteFile> deletes(FileScanTask file, FileContent content) {
    return file.deletes().stream().filter(deletes -> deletes.content() == content).toList();
  }

  private PositionDeleteIndex positionDeletes(FileScanTask file) {
    List<DeleteFile> files = deletes(file, FileContent.POSITION_DELETES);
    return files.isEmpty()
        ? PositionDeleteIndex.empty()
        : loader.loadPositionDeletes(files, file.file().location());
  }

  private boolean lives(R row) {
    for (DeletedKeys keys : deleted.values()) {
      if (keys.have(row)) {
        return false;
      }
    }
    return true;
  }

  private CloseableIterable<R> openWhole(FileScanTask file) {
    ReadBuilder<R, Object> builder =
        FormatModelRegistry.<R, Object>readBuilder(
                file.file().format(), form.type, table.io().newInputFile(file.file()))
            .project(read)
            .idToConstant(PartitionUtil.constantsMap(file, form.constant));
    String names = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    return (names == null ? builder : builder.withNameMapping(NameMappingParser.fromJson(names)))
        .build();
  }

  /** Keys over the same columns that are deleted from the file that is read, and older ones. */
  private final class DeletedKeys {

    private final Schema keyColumns;
    private final Function<R, StructLike> values;
    private final StructProjection keyOf;
    private StructLikeSet keys;

    DeletedKeys(Set<Integer> ids) {
      this.keyColumns = TypeUtil.select(read, ids);
      this.values = form.values.apply(read);
      this.keyOf = StructProjection.create(read, keyColumns);
    }

    void add(List<DeleteFile> files) {
      StructLikeSet found = loader.loadEqualityDeletes(files, keyColumns);
      if (keys == null) {
        // The first are often by far the most: they are not copied.
        keys = found;
      } else {
        keys.addAll(found);
      }
    }

    boolean have(R row) {
      return keys.contains(keyOf.wrap(values.apply(row)));
    }
  }
}
