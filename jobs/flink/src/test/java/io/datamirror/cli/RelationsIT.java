package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoReach;
import io.datamirror.demo.DemoSpec;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.DemoWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real history of three tables, mirrored in three steps. For one night the file of the
 * countries stood empty: then every region and every navaid was an orphan.
 */
class RelationsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<DemoTable> TABLES =
      List.of(DemoTable.COUNTRIES, DemoTable.REGIONS, DemoTable.NAVAIDS);

  private static final long EMPTIED = 1189;
  private static final long LAST = 9_999;

  /** The versions that the steps end at. */
  private static final List<Step> STEPS =
      List.of(new Step(1_188, 1_188), new Step(EMPTIED, 1_188), new Step(LAST, LAST));

  private record Step(long countries, long others) {
    long of(DemoTable table) {
      return table == DemoTable.COUNTRIES ? countries : others;
    }

    DemoReach reach() {
      return DemoReach.of(List.of("" + others, "countries=" + countries));
    }
  }

  @TempDir private static Path directory;
  private static DemoWarehouse warehouse;
  private static Path spec;

  @BeforeAll
  static void mirrorInSteps() throws Exception {
    warehouse = new DemoWarehouse(directory);
    spec = new DemoSpec(directory).write(warehouse);
    String text = Files.readString(spec);
    Files.writeString(
        spec,
        text.substring(0, text.indexOf("  - name: airport_frequencies"))
            .replace("\"M:1\" }]", "\"M:1\", on-orphan: ledger }]"));
    for (Step step : STEPS) {
      for (DemoTable table : TABLES) {
        warehouse.fill(table, DemoOrder.asItHappened(), step.reach());
      }
      Cli.Result run =
          Cli.run(
              "run",
              "--spec",
              spec.toString(),
              "--until",
              "now",
              "-D",
              "execution.checkpointing.interval=500ms");
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
  }

  @Test
  void at_the_end_there_is_no_orphan() throws Exception {
    Cli.Result result = check();

    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .containsPattern(
            "holds {3}regions.iso_country → countries.code \\(M:1\\): [0-9,]+ rows, 0 orphans")
        .containsPattern(
            "holds {3}navaids.iso_country → countries.code \\(M:1\\): [0-9,]+ rows, 0 orphans");
    assertThat(orphans(check("-o", "json")))
        .containsOnlyKeys("regions", "navaids")
        .allSatisfy((table, orphans) -> assertThat(orphans).isZero());
  }

  @Test
  void a_column_that_the_lake_has_not_is_no_relationship_that_holds() throws Exception {
    Path misspelt = directory.resolve("misspelt.yaml");
    String text = Files.readString(spec);
    assertThat(text).contains("references: countries.code");
    Files.writeString(misspelt, text.replace("countries.code", "countries.cod"));

    Cli.Result result = Cli.run("relations", "check", "--spec", misspelt.toString());

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .contains("MIRROR-3005 countries: it has no column cod, which the relationship regions.");
  }

  @Test
  void while_the_countries_were_empty_every_row_is_an_orphan() throws Exception {
    Cli.Result result = check("--at", position("countries", EMPTIED), "-o", "json");

    assertThat(result.exitCode()).isEqualTo(4);
    JsonNode document = JSON.readTree(result.out());
    for (JsonNode relationship : document.get("relationships")) {
      assertThat(relationship.get("orphans")).isEqualTo(relationship.get("rows"));
      assertThat(relationship.get("samples")).hasSize(5);
    }
    assertThat(orphans(result)).isEqualTo(Map.of("regions", 3_951L, "navaids", 11_020L));
    assertThat(
            Cli.run(
                    "query",
                    "--spec",
                    spec.toString(),
                    "-o",
                    "csv",
                    "SELECT table_name, COUNT(*) FROM mirror_ledger WHERE reason = 'orphan' GROUP"
                        + " BY table_name ORDER BY table_name")
                .out())
        .isEqualTo("table_name,EXPR$1\nnavaids,11020\nregions,3951\n");
  }

  @Test
  void at_every_moment_the_counts_are_those_of_the_source_at_the_positions_that_are_said()
      throws Exception {
    for (Step step : STEPS) {
      for (DemoTable table : TABLES) {
        String moment = position(table.lakeName(), step.of(table));
        Cli.Result result = check("--at", moment, "-o", "json");
        JsonNode relationships = JSON.readTree(result.out()).get("relationships");
        assertThat(relationships).as(moment).isNotEmpty();
        for (JsonNode relationship : relationships) {
          assertThat(relationship.get("orphans").asLong())
              .as("%s at %s", relationship.get("table"), moment)
              .isEqualTo(counted(relationship));
        }
      }
    }
  }

  @Test
  void a_moment_that_is_not_kept_is_named_with_those_that_are() {
    Cli.Result result = check("--at", "4711");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("MIRROR-1016 --at 4711", "Name one that is kept: countries=");
  }

  @Test
  void tables_can_be_joined_along_their_relationships() {
    Cli.Result views = Cli.run("model", "--spec", spec.toString(), "-o", "sql");
    assertThat(views.out())
        .contains(
            "CREATE TEMPORARY VIEW `regions_joined` AS", "CREATE TEMPORARY VIEW `navaids_joined`");
    Cli.Result result =
        Cli.run(
            "query",
            "--spec",
            spec.toString(),
            "-o",
            "csv",
            "SELECT countries_name FROM regions_joined WHERE code = 'CH-ZH'");
    assertThat(result.out()).as(result.err()).isEqualTo("countries_name\nSwitzerland\n");
  }

  @Test
  void the_lake_knows_its_relationships() {
    Cli.Result result =
        Cli.run(
            "query",
            "--spec",
            spec.toString(),
            "-o",
            "csv",
            "SELECT table_name, column_name, referenced_table, referenced_column, multiplicity FROM"
                + " mirror_relationships ORDER BY table_name");
    assertThat(result.out())
        .as(result.err())
        .isEqualTo(
            """
            table_name,column_name,referenced_table,referenced_column,multiplicity
            navaids,iso_country,countries,code,M:1
            regions,iso_country,countries,code,M:1
            """);
  }

  private static Cli.Result check(String... options) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("relations", "check", "--spec", spec.toString()));
    arguments.addAll(List.of(options));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private static Map<String, Long> orphans(Cli.Result result) throws IOException {
    Map<String, Long> orphans = new LinkedHashMap<>();
    JSON.readTree(result.out())
        .get("relationships")
        .forEach(
            relationship ->
                orphans.put(
                    relationship.get("table").asText(), relationship.get("orphans").asLong()));
    return orphans;
  }

  /** The position of a table when everything up to a version had been read. */
  private static String position(String table, long version) throws SQLException {
    return table
        + "="
        + number(
            "SELECT MAX(\"_change_id\") FROM %s_CHANGES WHERE \"_commit_version\" <= %d"
                .formatted(table, version));
  }

  /** The same count by the source's own SQL. */
  private static long counted(JsonNode relationship) throws SQLException {
    String table = relationship.get("table").asText();
    rank("COUNTRIES", relationship.get("referencedAt"));
    rank(table.toUpperCase(Locale.ROOT), relationship.get("at"));
    return number(
        "SELECT COUNT(*) FROM "
            + table
            + "_RANKED AS r LEFT JOIN (SELECT DISTINCT \"code\" AS code FROM COUNTRIES_RANKED"
            + " WHERE place = 1 AND \"_change_request_type\" = 'u') AS c"
            + " ON r.\"iso_country\" = c.code WHERE r.place = 1"
            + " AND r.\"_change_request_type\" = 'u' AND r.\"iso_country\" IS NOT NULL"
            + " AND c.code IS NULL");
  }

  /** The history of a table up to a position, with the newest change of each key in place 1. */
  private static void rank(String table, JsonNode moment) throws SQLException {
    String position = moment.get("position").asText().replaceAll("~.*", "");
    String cursor = position.isEmpty() ? "-1" : position;
    sql(
        "DROP TABLE IF EXISTS %s_RANKED".formatted(table),
        ("CREATE TABLE %1$s_RANKED AS SELECT c.*, ROW_NUMBER() OVER (PARTITION BY \"id\" ORDER BY"
                + " \"_commit_version\" DESC) AS place FROM %1$s_CHANGES AS c"
                + " WHERE \"_change_id\" <= %2$s")
            .formatted(table, cursor));
  }

  private static long number(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(warehouse.url(), warehouse.user(), "");
  }
}
