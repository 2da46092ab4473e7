package io.datamirror.bench;

import io.datamirror.bench.child.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericAppenderFactory;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptionKeyMetadata;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;

/**
 * What reading all rows of a table costs as it is, with its equality deletes, against a copy of it
 * in one file.
 */
final class ReadCost {

  private static final double NANOS = 1e9;
  private static final int READINGS = 3;

  private ReadCost() {}

  /**
   * @param found rows of it by the check, which reads in a way of its own
   * @param directory of the copy, which does not exist
   */
  static Map<String, Double> of(LakeTable lake, long found, Path directory) throws IOException {
    Table table = lake.table();
    Table compacted = compact(table, directory);
    if (count(compacted) != checked(lake, found)) {
      throw new IOException("the copy has not the rows of the table");
    }
    double now = seconds(table);
    double then = seconds(compacted);
    return Map.of(
        "CPU-seconds to read it", now,
        "CPU-seconds to read it compacted", then,
        "times as long to read as compacted", now / then);
  }

  /** How many rows there are, with those that are marked as deleted. */
  private static long checked(LakeTable lake, long found) throws IOException {
    long all = 0;
    long live = 0;
    try (CloseableIterable<Record> rows = IcebergGenerics.read(lake.table()).build()) {
      for (Record row : rows) {
        all++;
        live += lake.isDeleted(row) ? 0 : 1;
      }
    }
    if (live != found) {
      throw new IOException(
          "Iceberg's own reader finds %,d rows where the check found %,d".formatted(live, found));
    }
    return all;
  }

  /**
   * The least of several readings: the first ones compile. Of the whole process, since Iceberg
   * reads deletes in threads of its own.
   */
  private static double seconds(Table table) throws IOException {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < READINGS; i++) {
      long begin = Meter.processCpuNanos();
      count(table);
      least = Math.min(least, (Meter.processCpuNanos() - begin) / NANOS);
    }
    return least;
  }

  private static long count(Table table) throws IOException {
    long rows = 0;
    try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
      for (Record row : all) {
        rows += row.size() > 0 ? 1 : 0;
      }
    }
    return rows;
  }

  private static Table compact(Table table, Path directory) throws IOException {
    Table copy =
        new HadoopTables(new Configuration())
            .create(
                table.schema(),
                PartitionSpec.unpartitioned(),
                Map.of("write.parquet.compression-codec", "zstd"),
                directory.toUri().toString());
    OutputFile file = copy.io().newOutputFile(directory.resolve("all.parquet").toUri().toString());
    DataWriter<Record> writer =
        new GenericAppenderFactory(copy.schema())
            .newDataWriter(
                EncryptedFiles.encryptedOutput(file, EncryptionKeyMetadata.EMPTY),
                FileFormat.PARQUET,
                null);
    try (writer;
        CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      rows.forEach(writer::write);
    }
    AppendFiles append = copy.newAppend();
    append.appendFile(writer.toDataFile()).commit();
    return copy;
  }
}
