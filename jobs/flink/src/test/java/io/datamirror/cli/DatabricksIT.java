package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.databricks.DatabricksStandin;
import io.datamirror.databricks.Fault;
import io.datamirror.demo.DemoTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five real tables with all their changes in real Delta tables, mirrored through the driver of
 * Databricks by the command line. A commit is what happened in nine months.
 */
class DatabricksIT {

  private static final List<String> ENDS_OF_COMMITS =
      List.of("2022-03", "2022-12", "2023-09", "2024-06", "9999");

  private static final Map<DemoTable, Integer> ROWS =
      Map.of(
          DemoTable.COUNTRIES, 249,
          DemoTable.REGIONS, 3_929,
          DemoTable.NAVAIDS, 11_010,
          DemoTable.AIRPORT_FREQUENCIES, 30_134,
          DemoTable.RUNWAYS, 46_902);

  @TempDir private Path directory;

  private final DatabricksStandin databricks = DatabricksStandin.shared();

  @Test
  void five_real_tables_are_mirrored_and_nothing_differs() throws IOException {
    databricks.run("CREATE SCHEMA airports");
    for (DemoTable table : DemoTable.values()) {
      stage(table);
      create(table);
    }
    String spec = spec();
    commit(0, 1);
    done(Cli.run("check", "--spec", spec));
    run(spec, "2");

    commit(1, 3);
    databricks.fail(Fault.DROPPED_CHUNK, 8);
    databricks.fail(Fault.THROTTLED, 2);
    run(spec, "1");

    commit(3, ENDS_OF_COMMITS.size());
    // Changes and their opposite: a table that is emptied, and brought back.
    databricks.run(
        "TRUNCATE TABLE " + name(DemoTable.COUNTRIES),
        "RESTORE TABLE " + name(DemoTable.COUNTRIES) + " TO VERSION AS OF 5");
    run(spec, "2");

    assertThat(done(Cli.run("verify", "--spec", spec)).out().lines())
        .hasSize(ROWS.size())
        .allMatch(line -> line.startsWith("equal"));
    Airports.assertComplete(spec);
    ROWS.forEach(
        (table, rows) ->
            assertThat(databricks.run("SELECT COUNT(*) FROM " + name(table)))
                .as(table.lakeName())
                .containsExactly(List.of(rows.toString())));
  }

  private static String name(DemoTable table) {
    return DatabricksStandin.CATALOG + ".airports." + table.lakeName();
  }

  private static String staged(DemoTable table) {
    return "airports.staged_" + table.lakeName();
  }

  /** All changes of a table, each with its place in the history. */
  private void stage(DemoTable table) throws IOException {
    Path file = directory.resolve(table.lakeName() + ".csv.gz");
    String resource = "/demo/ourairports/" + table.lakeName() + ".changes.csv.gz";
    try (InputStream changes = DemoTable.class.getResourceAsStream(resource)) {
      Files.copy(changes, file);
    }
    databricks.run(
        "CREATE OR REPLACE TEMPORARY VIEW file USING csv OPTIONS (path '"
            + file
            + "', header 'true', escape '\"')",
        "CREATE TABLE "
            + staged(table)
            + " USING parquet AS SELECT monotonically_increasing_id() AS seq, * FROM file");
  }

  private List<String> columns(DemoTable table) {
    return databricks.run("DESCRIBE TABLE " + staged(table)).stream()
        .map(row -> row.get(0))
        .filter(column -> !column.startsWith("_") && !column.equals("seq"))
        .toList();
  }

  private static String type(String column) {
    if (column.equals("id")) {
      return "INT NOT NULL";
    }
    if (column.endsWith("_ref") || column.endsWith("_ft")) {
      return "INT";
    }
    return column.endsWith("_deg") ? "DOUBLE" : "STRING";
  }

  private void create(DemoTable table) {
    String columns =
        columns(table).stream()
            .map(column -> "`" + column + "` " + type(column))
            .collect(Collectors.joining(", "));
    databricks.run(
        "CREATE TABLE "
            + name(table)
            + " ("
            + columns
            + ") USING delta TBLPROPERTIES (delta.enableChangeDataFeed = true)",
        "ALTER TABLE " + name(table) + " ADD CONSTRAINT key PRIMARY KEY (id)");
  }

  private void commit(int from, int to) {
    for (DemoTable table : DemoTable.values()) {
      for (int i = from; i < to; i++) {
        databricks.run(
            merge(table, i == 0 ? "" : ENDS_OF_COMMITS.get(i - 1), ENDS_OF_COMMITS.get(i)));
      }
    }
  }

  /** What a table's changes of {@code [start, end)} leave, in one commit. */
  private String merge(DemoTable table, String start, String end) {
    String values =
        columns(table).stream()
            .map(column -> value(column) + " AS `" + column + "`")
            .collect(Collectors.joining(", "));
    return "MERGE INTO "
        + name(table)
        + " t USING (SELECT _change_request_type AS _op, "
        + values
        + " FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY seq DESC) AS _nth FROM "
        + staged(table)
        + " WHERE _commit_timestamp >= '"
        + start
        + "' AND _commit_timestamp < '"
        + end
        + "') WHERE _nth = 1) s ON s.id = t.id WHEN MATCHED AND s._op = 'd' THEN DELETE WHEN MATCHED"
        + " THEN UPDATE SET * WHEN NOT MATCHED AND s._op = 'u' THEN INSERT *";
  }

  private static String value(String column) {
    String type = type(column).replace(" NOT NULL", "");
    return type.equals("STRING")
        ? "`" + column + "`"
        : "try_cast(`" + column + "` AS " + type + ")";
  }

  private String spec() throws IOException {
    String properties =
        databricks.properties().entrySet().stream()
            .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
            .collect(Collectors.joining(", ", "{ ", " }"));
    Files.writeString(directory.resolve("token"), DatabricksStandin.TOKEN);
    StringBuilder spec =
        new StringBuilder(
            """
            mirror: airports
            source:
              type: databricks
              url: $URL
              user: token
              password: ${file:$DIR/token}
              properties: $PROPERTIES
            lake:
              catalog: { type: jdbc, uri: "jdbc:sqlite:$DIR/lake/catalog.db", warehouse: $DIR/lake }
              namespace: airports
            tables:
            """
                .replace("$URL", databricks.url())
                .replace("$DIR", directory.toString())
                .replace("$PROPERTIES", properties));
    for (DemoTable table : DemoTable.values()) {
      spec.append(
          "  - { name: %s, source: %s, feed: native }%n".formatted(table.lakeName(), name(table)));
    }
    return Files.writeString(directory.resolve("airports.yaml"), spec).toString();
  }

  private static void run(String spec, String parallelism) {
    done(Cli.run("run", "--spec", spec, "--until", "now", "--parallelism", parallelism));
  }

  private static Cli.Result done(Cli.Result result) {
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    return result;
  }
}
