package io.datamirror.lake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * The rows of data files that no delete names, one file after the other.
 *
 * <p>Iceberg's own readers load, for each data file, all equality deletes that came after it. Here
 * the files of a partition are read in {@linkplain #runs runs} from the newest to the oldest: what
 * is deleted from one is deleted from those before it too, so each file of deletes is loaded once a
 * run. What is held in memory is what those readers hold: the keys that are deleted from the oldest
 * file.
 *
 * <p>One thread at a time, and one file at a time.
 */
final class LiveRows<R> {

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
  private final Form<R> form;
  private final Schema read;
  private final BaseDeleteLoader loader;
  private final Map<Set<Integer>, DeletedKeys> deleted = new HashMap<>();
  private final Set<String> loaded = new HashSet<>();

  /**
   * @param columns what is read of the rows; those that tell which rows are deleted may come behind
   * @param runs all that will be opened
   */
  LiveRows(Table table, Schema columns, List<List<FileScanTask>> runs, Form<R> form) {
    this.table = table;
    this.form = form;
    this.read = withKeys(columns, runs);
    this.loader = new BaseDeleteLoader(table.io()::newInputFile);
  }

  /** The files of each partition, from the newest to the oldest; any part of a run is one too. */
  static List<List<FileScanTask>> runs(Table table, Iterable<FileScanTask> files) {
    PartitionMap<List<FileScanTask>> partitions = PartitionMap.create(table.specs());
    for (FileScanTask file : files) {
      partitions.computeIfAbsent(file.spec().specId(), file.partition(), ArrayList::new).add(file);
    }
    List<List<FileScanTask>> runs = List.copyOf(partitions.values());
    for (List<FileScanTask> run : runs) {
      run.sort(
          Comparator.comparingLong((FileScanTask file) -> file.file().dataSequenceNumber())
              .reversed());
    }
    return runs;
  }

  /** What is read: the columns that are wanted, and behind them those that deletes name. */
  private Schema withKeys(Schema columns, List<List<FileScanTask>> runs) {
    Set<Integer> keys = new TreeSet<>();
    Set<String> seen = new HashSet<>();
    for (List<FileScanTask> run : runs) {
      for (FileScanTask file : run) {
        equalityDeletes(file).stream()
            .filter(deletes -> seen.add(deletes.location()))
            .forEach(deletes -> keys.addAll(deletes.equalityFieldIds()));
      }
    }
    List<NestedField> fields = new ArrayList<>(columns.columns());
    for (int id : keys) {
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

  /** The next file begins a run. */
  void begin() {
    deleted.clear();
    loaded.clear();
  }

  /** The rows of a file, each of which may be kept; they can be walked through once. */
  CloseableIterable<R> open(FileScanTask file) {
    newEqualityDeletes(file)
        .forEach(
            (ids, files) -> deleted.computeIfAbsent(ids, none -> new DeletedKeys(ids)).add(files));
    PositionDeleteIndex gone = positionDeletes(file);
    long[] position = {0};
    return CloseableIterable.filter(
        openWhole(file), row -> !gone.isDeleted(position[0]++) && lives(row));
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
    private final StructLikeSet keys;
    private final Function<R, StructLike> values;
    private final StructProjection keyOf;

    DeletedKeys(Set<Integer> ids) {
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
