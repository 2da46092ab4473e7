package io.datamirror.table;

import io.datamirror.demo.DemoCheck;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.DemoWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * The airports in SQL: their warehouse, their tables there and in a lake, and what they must be.
 */
final class Airports {

  private final Path directory;
  private final DemoWarehouse warehouse;

  Airports(Path directory) throws Exception {
    this.directory = directory;
    this.warehouse = new DemoWarehouse(directory);
    Files.createDirectories(directory.resolve("lake"));
  }

  void fill(DemoTable table, DemoOrder order) throws Exception {
    warehouse.fill(table, order);
  }

  /** The declaration of a table of the warehouse, with all of its columns. */
  String source(DemoTable table, String deletes) {
    return """
        CREATE TEMPORARY TABLE %s (%s, PRIMARY KEY (id) NOT ENFORCED) WITH (
          'connector' = 'data-mirror',
          'url' = '%s',
          'user' = '%s',
          'settle' = '0s',
          'poll-interval' = '100ms',
          'source' = 'PUBLIC.%s_CHANGES',
          'feed' = 'change-table',
          'version' = '_commit_version',
          'timestamp' = '_commit_timestamp',
          'cursor' = '_change_id',
          'deletes' = '%s',
          'until' = 'now')"""
        .formatted(
            table.lakeName(),
            columns(table),
            warehouse.url(),
            warehouse.user(),
            table.name(),
            deletes);
  }

  String lake() {
    return """
        CREATE CATALOG lake WITH (
          'type' = 'iceberg',
          'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
          'uri' = '%s',
          'warehouse' = '%s',
          'jdbc.schema-version' = 'V1')"""
        .formatted(uri(), warehousePath());
  }

  /** The declaration of a table of the lake that is written by a query. */
  static String target(DemoTable table) {
    return """
        CREATE TABLE IF NOT EXISTS lake.airports.%s (%s, PRIMARY KEY (id) NOT ENFORCED)
        WITH ('format-version' = '2', 'write.upsert.enabled' = 'true')"""
        .formatted(table.lakeName(), columns(table));
  }

  static String columns(DemoTable table) {
    return switch (table) {
      case COUNTRIES ->
          "id INT, code STRING, name STRING, continent STRING, wikipedia_link STRING,"
              + " keywords STRING";
      case REGIONS ->
          "id INT, code STRING, local_code STRING, name STRING, continent STRING,"
              + " iso_country STRING, wikipedia_link STRING, keywords STRING";
      case AIRPORT_FREQUENCIES ->
          "id INT, airport_ref INT, airport_ident STRING, type STRING, description STRING,"
              + " frequency_mhz DOUBLE";
      case NAVAIDS, RUNWAYS -> throw new IllegalArgumentException("no test needs " + table);
    };
  }

  /** Compares a table of the lake with what it must be. */
  DemoCheck.Result check(DemoTable table) throws Exception {
    try (JdbcCatalog catalog = new JdbcCatalog()) {
      catalog.setConf(new Configuration());
      catalog.initialize(
          "lake", Map.of("uri", uri(), "warehouse", warehousePath(), "jdbc.schema-version", "V1"));
      return DemoCheck.compare(
          table, catalog.loadTable(TableIdentifier.of("airports", table.lakeName())));
    }
  }

  private String uri() {
    return "jdbc:sqlite:" + directory.resolve("lake/catalog.db") + "?busy_timeout=30000";
  }

  private String warehousePath() {
    return directory.resolve("lake").toUri().toString();
  }
}
