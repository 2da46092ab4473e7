package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.demo.DemoCheck;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoRecords;
import io.datamirror.demo.DemoTable;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real histories through files in a watched directory, while task managers are killed. */
class FilesMirrorIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<DemoTable> TABLES = List.of(DemoTable.COUNTRIES, DemoTable.REGIONS);
  private static final int FILES = 9;
  private static final Duration CATCH_UP = Duration.ofMinutes(3);

  @TempDir private Path directory;
  private Path uploads;

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "parquet"})
  void a_shuffled_history_gives_the_expected_tables(String format) throws Exception {
    uploads = Files.createDirectory(directory.resolve("uploads"));
    for (DemoTable table : TABLES) {
      Files.createDirectory(uploads.resolve(table.lakeName()));
    }
    try (Cluster cluster = new Cluster()) {
      upload(format, 0, 3);
      JobID id = cluster.submit(job(format, Until.STOPPED), Cluster.settings());
      cluster.killTaskManager();
      upload(format, 3, 6);
      cluster.killTaskManager();
      upload(format, 6, FILES);
      awaitExpected();
      cluster.cancel(id);

      JobResult result = cluster.result(cluster.submit(job(format, Until.NOW), Cluster.settings()));
      assertThat(result.getSerializedThrowable()).isEmpty();
      awaitExpected();
      try (Lake lake = new Lake(directory.resolve("lake"))) {
        for (DemoTable table : TABLES) {
          assertThat(lake.table(table.lakeName()).properties().get("data-mirror.position"))
              .startsWith(FILES + ":");
        }
      }
    }
  }

  private void awaitExpected() {
    try (Lake lake = new Lake(directory.resolve("lake"))) {
      for (DemoTable table : TABLES) {
        Awaitility.await(table.lakeName())
            .atMost(CATCH_UP)
            .pollInterval(Duration.ofMillis(500))
            .ignoreExceptions()
            .untilAsserted(
                () ->
                    assertThat(DemoCheck.compare(table, lake.table(table.lakeName())).differing())
                        .hasSize(0));
      }
    }
  }

  /** Writes some of the files of each history, and moves each to its place when it is whole. */
  private void upload(String format, int from, int to) throws IOException {
    for (DemoTable table : TABLES) {
      List<Map<String, Object>> changes =
          DemoRecords.changes(table, DemoOrder.shuffled(20_261_125));
      int size = changes.size() / FILES;
      for (int file = from; file < to; file++) {
        int end = file == FILES - 1 ? changes.size() : (file + 1) * size;
        Path written = uploads.resolve("_" + table.lakeName() + file);
        String name = file + suffix(format, file);
        write(format, changes.subList(file * size, end), written, name.endsWith(".gz"));
        Files.move(written, uploads.resolve(table.lakeName()).resolve(name));
      }
    }
  }

  private static String suffix(String format, int file) {
    boolean packed = !format.equals("parquet") && file % 2 == 0;
    return "." + format + (packed ? ".gz" : "");
  }

  private static void write(
      String format, List<Map<String, Object>> changes, Path file, boolean packed)
      throws IOException {
    if (format.equals("parquet")) {
      writeParquet(changes, file);
      return;
    }
    OutputStream plain = Files.newOutputStream(file);
    try (OutputStream out = packed ? new GZIPOutputStream(plain) : plain) {
      if (format.equals("csv")) {
        line(out, String.join(",", changes.get(0).keySet()));
      }
      for (Map<String, Object> change : changes) {
        line(out, format.equals("csv") ? csv(change) : JSON.writeValueAsString(change));
      }
    }
  }

  private static void line(OutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String csv(Map<String, Object> change) {
    List<String> values = new ArrayList<>();
    for (Object value : change.values()) {
      values.add(
          value instanceof String text
              ? "\"" + text.replace("\"", "\"\"") + "\""
              : value == null ? "" : value.toString());
    }
    return String.join(",", values);
  }

  private static void writeParquet(List<Map<String, Object>> changes, Path file)
      throws IOException {
    List<NestedField> fields = new ArrayList<>();
    for (String column : changes.get(0).keySet()) {
      Object example =
          changes.stream()
              .map(change -> change.get(column))
              .filter(value -> value != null)
              .findFirst()
              .orElse("");
      fields.add(NestedField.optional(fields.size() + 1, column, type(example)));
    }
    Schema schema = new Schema(fields);
    try (FileAppender<Record> out =
        Parquet.write(org.apache.iceberg.Files.localOutput(file.toFile()))
            .schema(schema)
            .createWriterFunc(GenericParquetWriter::create)
            .build()) {
      for (Map<String, Object> change : changes) {
        GenericRecord record = GenericRecord.create(schema);
        change.forEach(record::setField);
        out.add(record);
      }
    }
  }

  private static org.apache.iceberg.types.Type type(Object value) {
    if (value instanceof Integer) {
      return Types.IntegerType.get();
    }
    if (value instanceof Long) {
      return Types.LongType.get();
    }
    return value instanceof Double ? Types.DoubleType.get() : Types.StringType.get();
  }

  private MirrorJob job(String format, Until until) {
    StringBuilder text =
        new StringBuilder(
            """
            mirror: test
            source: { type: files, path: "%s", poll-interval: 100ms, settle: 0s }
            """
                .formatted(uploads));
    text.append(Lake.spec(directory.resolve("lake")));
    text.append("defaults: { format: ").append(format).append(" }\ntables:\n");
    for (DemoTable table : TABLES) {
      text.append(DemoRecords.spec(table));
      text.append("    source: ").append(table.lakeName()).append('\n');
    }
    MirrorSpec spec = SpecReader.read(text.toString());
    Launch launch = Preparation.prepare(spec, SecretSource.ofProcess());
    return new MirrorJob(launch, JobSettings.of(until));
  }
}
