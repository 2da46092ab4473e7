package io.datamirror.bench;

import io.datamirror.bench.child.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.TaskWriter;

/** The table of the baseline: folds changes in memory and commits them epoch by epoch. */
final class BaselineTable {

  private static final long FILE_BYTES = 512L << 20;

  private final Table table;
  private final RowDataTaskWriterFactory writers;
  private final OutputFileFactory deleteFiles;
  private final long epochRows;
  private final long filling;
  private final Map<Long, Long> known = new HashMap<>();
  private final Map<Long, Change> epoch = new HashMap<>();
  private long offered;

  /** The newest change of a key in this epoch; {@code rank} orders versions, deletes above. */
  private record Change(long rank, RowData row) {
    boolean deletes() {
      return (rank & 1) == 1;
    }
  }

  /**
   * @param filling how many of the first changes are not measured
   */
  BaselineTable(Workload workload, Path lake, long epochRows, long filling) throws IOException {
    this.epochRows = epochRows;
    this.filling = filling;
    try (HadoopCatalog catalog = new HadoopCatalog(new Configuration(), lake.toUri().toString())) {
      Schema schema = IcebergSchema.of(workload.columns());
      this.table =
          catalog.createTable(
              TableIdentifier.of("bench", "t"),
              schema,
              PartitionSpec.unpartitioned(),
              Map.of("format-version", "2", "write.parquet.compression-codec", "zstd"));
    }
    this.writers =
        new RowDataTaskWriterFactory(
            table,
            FlinkSchemaUtil.convert(table.schema()),
            FILE_BYTES,
            FileFormat.PARQUET,
            Map.of("write.parquet.compression-codec", "zstd"),
            null,
            false);
    writers.initialize(0, 0);
    this.deleteFiles = OutputFileFactory.builderFor(table, 0, 1).format(FileFormat.PARQUET).build();
  }

  void offer(long id, long version, String operation, RowData row) throws IOException {
    long rank = version * 2 + (operation.equals("d") ? 1 : 0);
    Change before = epoch.get(id);
    if (before == null || before.rank < rank) {
      epoch.put(id, new Change(rank, row));
    }
    if (++offered % epochRows == 0) {
      flush();
    }
    if (offered == filling) {
      flush();
      Meter.start(offered);
    }
  }

  /** Writes and commits what the epoch has changed. */
  void flush() throws IOException {
    if (epoch.isEmpty()) {
      return;
    }
    List<Long> deletes = new ArrayList<>();
    RowDelta delta = table.newRowDelta();
    try (TaskWriter<RowData> writer = writers.create()) {
      for (Map.Entry<Long, Change> entry : epoch.entrySet()) {
        apply(entry.getKey(), entry.getValue(), writer, deletes);
      }
      Arrays.stream(writer.complete().dataFiles()).forEach(delta::addRows);
    }
    if (!deletes.isEmpty()) {
      deletes.sort(null);
      delta.addDeletes(write(deletes));
    }
    delta.commit();
    epoch.clear();
  }

  /** What is known of a key is its rank, and in the lowest bit whether it is in the table. */
  private void apply(Long id, Change change, TaskWriter<RowData> writer, List<Long> deletes)
      throws IOException {
    Long before = known.get(id);
    if (before != null && change.rank <= before >> 1) {
      return;
    }
    if (before != null && (before & 1) == 1) {
      deletes.add(id);
    }
    if (!change.deletes()) {
      writer.write(change.row);
    }
    known.put(id, change.rank << 1 | (change.deletes() ? 0 : 1));
  }

  private org.apache.iceberg.DeleteFile write(List<Long> ids) throws IOException {
    Schema key = table.schema().select("id");
    EqualityDeleteWriter<org.apache.iceberg.data.Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .deleteFileFormat(FileFormat.PARQUET)
            .equalityFieldIds(new int[] {table.schema().findField("id").fieldId()})
            .equalityDeleteRowSchema(key)
            .build()
            .newEqualityDeleteWriter(deleteFiles.newOutputFile(), table.spec(), null);
    try (writer) {
      GenericRecord record = GenericRecord.create(key);
      for (Long id : ids) {
        record.set(0, id);
        writer.write(record);
      }
    }
    return writer.toDeleteFile();
  }
}
