package io.datamirror.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/**
 * All rows of an unpartitioned table whose equality deletes name its key, a number, alone.
 *
 * <p>Iceberg's own readers load for each data file all deletes that came after it, which takes a
 * time that grows with the square of the commits. Here files are read from the newest to the
 * oldest, and what is deleted is gathered on the way, once. A test compares the two.
 */
final class LakeRows {

  private final Table table;
  private final Schema key;
  private final Set<Long> deleted = new HashSet<>();

  private LakeRows(Table table) {
    this.table = table;
    this.key = table.schema().select("id");
  }

  /** Hands over every row. */
  static void read(Table table, Consumer<Record> rows) throws IOException {
    new LakeRows(table).read(rows);
  }

  private void read(Consumer<Record> rows) throws IOException {
    List<FileScanTask> newestFirst = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(newestFirst::add);
    }
    newestFirst.sort(
        Comparator.comparingLong((FileScanTask task) -> task.file().dataSequenceNumber())
            .reversed());
    List<DeleteFile> deletes = equalityDeletes(newestFirst);
    int next = 0;
    for (FileScanTask task : newestFirst) {
      long sequence = task.file().dataSequenceNumber();
      while (next < deletes.size() && deletes.get(next).dataSequenceNumber() > sequence) {
        delete(deletes.get(next++));
      }
      read(task, rows);
    }
  }

  /** Those of all data files, each once, the newest first. */
  private List<DeleteFile> equalityDeletes(List<FileScanTask> tasks) {
    Map<String, DeleteFile> found = new LinkedHashMap<>();
    for (FileScanTask task : tasks) {
      for (DeleteFile file : task.deletes()) {
        if (file.content() == FileContent.EQUALITY_DELETES) {
          found.put(file.location(), checked(file));
        }
      }
    }
    List<DeleteFile> newestFirst = new ArrayList<>(found.values());
    newestFirst.sort(Comparator.comparingLong(DeleteFile::dataSequenceNumber).reversed());
    return newestFirst;
  }

  private DeleteFile checked(DeleteFile file) {
    List<Integer> ids = List.of(key.columns().get(0).fieldId());
    if (!file.equalityFieldIds().equals(ids)) {
      throw new IllegalStateException(file.location() + " deletes by other columns than the key");
    }
    return file;
  }

  private void delete(DeleteFile file) throws IOException {
    try (CloseableIterable<Record> keys = open(file.location(), key)) {
      for (Record row : keys) {
        deleted.add((Long) row.get(0));
      }
    }
  }

  private void read(FileScanTask task, Consumer<Record> rows) throws IOException {
    PositionDeleteIndex gone = positionDeletes(task);
    int id = table.schema().columns().indexOf(table.schema().findField("id"));
    long position = 0;
    try (CloseableIterable<Record> all = open(task.file().location(), table.schema())) {
      for (Record row : all) {
        if (!gone.isDeleted(position++) && !deleted.contains((Long) row.get(id))) {
          rows.accept(row);
        }
      }
    }
  }

  private PositionDeleteIndex positionDeletes(FileScanTask task) {
    List<DeleteFile> files =
        task.deletes().stream()
            .filter(file -> file.content() == FileContent.POSITION_DELETES)
            .toList();
    return files.isEmpty()
        ? PositionDeleteIndex.empty()
        : new BaseDeleteLoader(table.io()::newInputFile)
            .loadPositionDeletes(files, task.file().location());
  }

  private CloseableIterable<Record> open(String location, Schema columns) {
    return Parquet.read(table.io().newInputFile(location))
        .project(columns)
        .createReaderFunc(file -> GenericParquetReaders.buildReader(columns, file))
        .build();
  }
}
