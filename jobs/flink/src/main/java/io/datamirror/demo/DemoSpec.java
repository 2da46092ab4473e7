package io.datamirror.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The spec of the demo's mirror, as a user would write it. */
public final class DemoSpec {
  private static final String HEAD =
      """
      # Real tables out of an embedded warehouse. Written by: mirror demo
      mirror: airports
      source:
        type: jdbc
        url: %s
        user: %s
        poll-interval: 1s
        settle: 0s
      lake:
        catalog:
          type: jdbc
          uri: %s
          warehouse: %s
        namespace: airports
      defaults:
        feed: change-table
        behavior: record
        primary-key: [id]
        version: [_commit_version]
        timestamp: _commit_timestamp
        operation: _change_request_type
        cursor: _change_id
        columns: { exclude: [_change_id, _commit_timestamp] }
      tables:
      """;

  private static final String QUERY =
      """
      -- Asks the lake of the demo's mirror. Written by: mirror demo
      CREATE CATALOG `data-mirror` WITH (
        'type' = 'iceberg',
        'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
        'jdbc.schema-version' = 'V1',
        'uri' = %s,
        'warehouse' = %s
      );
      USE `data-mirror`.airports;
      SET 'execution.runtime-mode' = 'batch';
      SET 'sql-client.execution.result-mode' = 'tableau';
      SELECT COUNT(*) AS regions, COUNT(DISTINCT continent) AS continents FROM regions;
      """;

  private static final String FILE = "airports.yaml";

  private final Path directory;

  /**
   * @param directory where the spec and the lake are kept
   */
  public DemoSpec(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** Whether a demo has mirrored into this directory before. */
  public static boolean wrote(Path directory) {
    return Files.exists(directory.resolve(FILE)) && Files.exists(directory.resolve("lake"));
  }

  /** Writes the spec of all tables and tells where it is. */
  public Path write(DemoWarehouse warehouse) throws IOException {
    return write(FILE, warehouse.url(), warehouse.user(), List.of(DemoTable.values()));
  }

  /**
   * Writes the spec of some tables and tells where it is.
   *
   * @param name the name of the file
   * @param url the address of the warehouse
   * @param user the user of the warehouse
   */
  public Path write(String name, String url, String user, List<DemoTable> tables)
      throws IOException {
    Path lake = directory.resolve("lake");
    StringBuilder text =
        new StringBuilder(
            HEAD.formatted(
                quoted(url),
                quoted(user),
                quoted("jdbc:sqlite:" + lake.resolve("catalog.db")),
                quoted(lake.toString())));
    for (DemoTable table : tables) {
      text.append("  - name: ").append(table.lakeName()).append('\n');
      text.append("    source: PUBLIC.").append(table.changeTable()).append('\n');
      text.append(extras(table).indent(4));
    }
    return Files.writeString(directory.resolve(name), text);
  }

  /** Writes a script for the SQL client that asks the lake, and tells where it is. */
  public Path writeQuery() throws IOException {
    Path lake = directory.resolve("lake");
    return Files.writeString(
        directory.resolve("query.sql"),
        QUERY.formatted(
            quoted("jdbc:sqlite:" + lake.resolve("catalog.db")), quoted(lake.toString())));
  }

  /** What a table has of its own: a partition that its rows move between, what it refers to. */
  private static String extras(DemoTable table) {
    String reference =
        "relationships: [{ column: iso_country, references: countries.code,"
            + " cardinality: \"M:1\" }]\n";
    return switch (table) {
      case COUNTRIES, AIRPORT_FREQUENCIES -> "";
      case REGIONS -> "partition-by: [continent]\n" + reference;
      case NAVAIDS -> reference;
      case RUNWAYS -> "partition-by: [\"bucket(4, id)\"]\n";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
