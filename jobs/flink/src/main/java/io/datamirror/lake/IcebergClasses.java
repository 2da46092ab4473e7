package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Initialises the classes of the table format before a task needs them.
 *
 * <p>A task that is cancelled is interrupted, and a class whose initialiser is interrupted can
 * never be used again by this process: every later attempt of the job would fail. So the
 * initialisers run here, once, on a thread that nobody interrupts.
 */
final class IcebergClasses {

  private static final Thread INITIALISER = start();

  private IcebergClasses() {}

  /** Returns when the classes are initialised, also when the caller is being interrupted. */
  static void initialise() {
    boolean interrupted = false;
    while (INITIALISER.isAlive()) {
      try {
        INITIALISER.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread start() {
    Thread thread = new Thread(IcebergClasses::writeOneOfEach, "initialise-iceberg");
    thread.setDaemon(true);
    thread.setContextClassLoader(IcebergClasses.class.getClassLoader());
    thread.start();
    return thread;
  }

  /** Writes a row and a manifest into memory: that touches what writing to a table touches. */
  private static void writeOneOfEach() {
    initialise("org.apache.iceberg.formats.FormatModelRegistry");
    // Touched by nothing but reading.
    initialise("org.apache.iceberg.avro.AvroIO");
    initialise("org.apache.iceberg.util.ThreadPools");
    // Before the first of their threads: each tidies up when it ends.
    Residue.clear();
    Schema schema = new Schema(NestedField.required(1, "name", Types.StringType.get()));
    PartitionSpec spec = PartitionSpec.builderFor(schema).identity("name").build();
    PartitionData partition = new PartitionData(spec.partitionType());
    partition.set(0, "one");
    InMemoryOutputFile data = new InMemoryOutputFile("data.parquet");
    InMemoryOutputFile manifest = new InMemoryOutputFile("manifest.avro");
    try {
      FileAppender<GenericRecord> rows =
          Parquet.write(data)
              .schema(schema)
              .createWriterFunc(type -> GenericParquetWriter.create(schema, type))
              .build();
      GenericRecord row = GenericRecord.create(schema);
      row.setField("name", "one");
      rows.add(row);
      rows.close();
      try (ManifestWriter<org.apache.iceberg.DataFile> files =
          ManifestFiles.write(2, spec, manifest, 1L)) {
        files.add(
            DataFiles.builder(spec)
                .withPath("data.parquet")
                .withFormat(FileFormat.PARQUET)
                .withPartition(partition)
                .withFileSizeInBytes(1)
                .withMetrics(rows.metrics())
                .build());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
  }

  private static void initialise(String name) {
    try {
      Class.forName(name, true, IcebergClasses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + " is not in this release of Iceberg", e);
    }
  }
}
