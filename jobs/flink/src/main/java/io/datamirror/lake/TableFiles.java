package io.datamirror.lake;

import io.datamirror.commit.Part;
import io.datamirror.resolve.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.data.RowDataProjection;
import org.apache.iceberg.io.DataWriteResult;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.RollingDataWriter;
import org.apache.iceberg.io.RollingEqualityDeleteWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows and the removals of one table into files, from one {@link #drain} to the next.
 * One thread at a time.
 *
 * <p>Rows go into data files as they are; a removal goes into an equality-delete file of its
 * partition with the key columns alone. No key is remembered: whoever writes takes care that a key
 * is written at most once between two drains.
 */
public final class TableFiles {

  private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);
  private static final long TARGET_FILE_BYTES = 128L << 20;

  private final LakeTable lake;
  private final DictionaryLimit dataLimit;
  private final DictionaryLimit deletesLimit;
  private final ParquetFiles files;
  private final OutputFileFactory names;
  private final OpenWriters<DataWriteResult> data;
  private final OpenWriters<DeleteWriteResult> deletes;

  /**
   * @param subtask stands in the names of the files
   * @param attempt likewise
   */
  TableFiles(LakeTable lake, int subtask, int attempt) {
    this(lake, subtask, attempt, new WaitingRows());
  }

  /**
   * @param waiting where rows wait, for all tables of a writer
   */
  TableFiles(LakeTable lake, int subtask, int attempt, WaitingRows waiting) {
    this.lake = lake;
    Table table = lake.table();
    this.dataLimit = DictionaryLimit.ofData(table);
    this.deletesLimit = DictionaryLimit.ofDeletes(table);
    this.files = new ParquetFiles(lake, lake.schema(), dataLimit, deletesLimit);
    this.names =
        OutputFileFactory.builderFor(table, subtask, attempt).format(FileFormat.PARQUET).build();
    this.data = new OpenWriters<>(this::dataWriter, lake.rowType(), waiting);
    this.deletes =
        new OpenWriters<>(partition -> deleteWriter(files, partition), waitingKeys(), waiting);
  }

  /** Of a row that is to be removed, its key waits. */
  private OpenWriters.Waiting<DeleteWriteResult> waitingKeys() {
    Schema key = lake.keySchema();
    RowDataProjection keyOf = RowDataProjection.create(lake.schema(), key);
    ParquetFiles keyFiles = new ParquetFiles(lake, key, dataLimit, deletesLimit);
    return new OpenWriters.Waiting<>(
        partition -> deleteWriter(keyFiles, partition), keyOf::wrap, FlinkSchemaUtil.convert(key));
  }

  private RollingDataWriter<RowData> dataWriter(byte[] partition) {
    return new RollingDataWriter<>(
        files, names, io(), TARGET_FILE_BYTES, lake.table().spec(), decode(partition));
  }

  private RollingEqualityDeleteWriter<RowData> deleteWriter(
      ParquetFiles factory, byte[] partition) {
    return new RollingEqualityDeleteWriter<>(
        factory, names, io(), TARGET_FILE_BYTES, lake.table().spec(), decode(partition));
  }

  private StructLike decode(byte[] partition) {
    StructLike decoded = lake.partitions().decode(partition);
    PartitionNames.require(lake.name(), lake.table(), decoded);
    return decoded;
  }

  private FileIO io() {
    return lake.table().io();
  }

  /** A file has at most so many rows, until the next drain; the most of any count. */
  void expect(int rows) {
    dataLimit.expect(rows);
    deletesLimit.expect(rows);
  }

  /** Adds a row to its partition. */
  public void insert(RowData row, byte[] partition) {
    data.write(row, partition);
  }

  /** Removes, from a partition, the row that has the key of {@code row}. */
  public void remove(RowData row, byte[] partition) {
    deletes.write(row, partition);
  }

  /** Closes the open files, so that those of other tables do not add to what they hold. */
  void complete() {
    data.complete();
    deletes.complete();
  }

  /** Whether nothing was written since the last drain. */
  public boolean untouched() {
    return data.untouched() && deletes.untouched();
  }

  /** Closes the files and hands them over: from now on they belong to the receiver. */
  public Part drain(int table, int subtask, Counts counts, long watermarkMillis) {
    return new Part(table, subtask, dataFiles(), deleteFiles(), counts, watermarkMillis);
  }

  /** Closes the files of rows and hands them over. */
  List<String> dataFiles() {
    return json(drainDataFiles());
  }

  /** Closes the files of removals and hands them over. */
  List<String> deleteFiles() {
    return json(drainDeleteFiles());
  }

  List<DataFile> drainDataFiles() {
    List<DataFile> drained = flatten(data.drain(), DataWriteResult::dataFiles);
    dataLimit.forget();
    return drained;
  }

  private List<DeleteFile> drainDeleteFiles() {
    List<DeleteFile> drained = flatten(deletes.drain(), DeleteWriteResult::deleteFiles);
    deletesLimit.forget();
    return drained;
  }

  private static <R, F> List<F> flatten(List<R> results, Function<R, List<F>> files) {
    List<F> all = new ArrayList<>();
    results.forEach(result -> all.addAll(files.apply(result)));
    return all;
  }

  private List<String> json(List<? extends ContentFile<?>> files) {
    return ContentFiles.toJson(lake.table(), files);
  }

  /** Deletes what was written since the last drain, as far as it can be. Never fails. */
  public void abort() {
    data.forgetWaiting();
    deletes.forgetWaiting();
    abort(this::drainDataFiles);
    abort(this::drainDeleteFiles);
  }

  private void abort(Supplier<List<? extends ContentFile<?>>> files) {
    try {
      files.get().forEach(this::delete);
    } catch (RuntimeException e) {
      // The writer of a task that was interrupted has no end. A failure here would be one in the
      // handling of a failure, and take the whole process with it.
      LOG.warn("Files of {} could not be closed and stay behind", lake.table().name(), e);
    }
  }

  private void delete(ContentFile<?> file) {
    try {
      io().deleteFile(file.location());
    } catch (RuntimeException e) {
      LOG.warn("A file of {} that nobody needs stays behind", lake.table().name());
    }
  }
}
