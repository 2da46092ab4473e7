package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.lake.SnapshotRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Reads a lake of the tests. */
final class Lake implements AutoCloseable {

  private final JdbcCatalog catalog = new JdbcCatalog();

  Lake(Path directory) {
    catalog.setConf(new Configuration());
    catalog.initialize(
        "data-mirror",
        Map.of(
            "uri",
            "jdbc:sqlite:" + directory.resolve("catalog.db"),
            "warehouse",
            directory.toUri().toString(),
            "jdbc.schema-version",
            "V1",
            "jdbc.init-catalog-tables",
            "false"));
  }

  static String spec(Path directory) {
    return """
        lake:
          catalog: { type: jdbc, uri: "jdbc:sqlite:%s", warehouse: "%s" }
          namespace: test
        """
        .formatted(directory.resolve("catalog.db"), directory);
  }

  Table table(String name) {
    return catalog.loadTable(TableIdentifier.of("test", name));
  }

  /** The rows of a table of {@link Load}; fails when a key stands there twice. */
  Map<Long, Load.Row> rows(String name) {
    Map<Long, Load.Row> rows = new TreeMap<>();
    for (Record record : records(name)) {
      Load.Row row =
          new Load.Row(
              (Long) record.getField("ID"),
              (Long) record.getField("VERSION"),
              (String) record.getField("CONTENT"),
              (Integer) record.getField("PLACE"));
      Load.Row twin = rows.put(row.id(), row);
      assertThat(twin).as("another row of key %s in %s", row.id(), name).isNull();
    }
    return rows;
  }

  /** All rows of a table. */
  List<Record> records(String name) {
    List<Record> rows = new ArrayList<>();
    try {
      SnapshotRows.read(table(name), rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** The cursor of the position that a table carries; 0 for none. */
  long position(String name) {
    String position = table(name).properties().getOrDefault("data-mirror.position", "0");
    return Long.parseLong(position.replaceFirst("~.*", ""));
  }

  /** The summaries of all snapshots of a table, oldest first. */
  List<Map<String, String>> summaries(String name) {
    List<Map<String, String>> summaries = new ArrayList<>();
    for (Snapshot snapshot : table(name).snapshots()) {
      summaries.add(new HashMap<>(snapshot.summary()));
    }
    return summaries;
  }

  @Override
  public void close() {
    catalog.close();
  }
}
