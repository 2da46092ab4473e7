package io.datamirror.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cli.Cli;
import io.datamirror.cluster.ClusterSettings;
import io.datamirror.cluster.RealCluster;
import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.DemoWarehouse;
import io.datamirror.lake.LakeKeys;
import io.datamirror.testkit.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every script of {@code sql/}, by the SQL client against a cluster of processes. */
@Tag("sql-client")
class SqlScriptsIT {

  /** Beside the modules, wherever the processes of the test work. */
  private static final Path SCRIPTS =
      Path.of(System.getProperty("mirror.dist")).resolve("../../../../sql").normalize();

  private static final List<DemoTable> TABLES =
      List.of(DemoTable.COUNTRIES, DemoTable.REGIONS, DemoTable.NAVAIDS);

  @TempDir private static Path directory;

  private static RealCluster cluster;
  private static String shop;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start(directory.resolve("cluster"), ClusterSettings.of(1, 4));
    mirrorTheAirports();
    fillTheShop();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void every_script_has_its_test() throws Exception {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".sql")))
          .containsExactlyInAnyOrder(
              "catalogs.sql",
              "mirror.sql",
              "join.sql",
              "ledger.sql",
              "backfill.sql",
              "row_number.sql");
    }
  }

  @Test
  void the_lake_of_a_mirror_is_a_catalog() throws Exception {
    assertThat(run("catalogs.sql"))
        .contains("mirror_ledger", "mirror_tombstones")
        .containsPattern("\\| +EU \\| +1[0-9]{3} \\|");
  }

  @Test
  void a_table_is_mirrored_with_sql_in_between() throws Exception {
    assertThat(run("mirror.sql"))
        .containsPattern("\\| +Europe \\| +1[0-9]{3} \\| +TRUE \\|")
        .contains("North America");
  }

  @Test
  void live_tables_are_joined_as_those_of_the_lake_are() throws Exception {
    assertThat(run("join.sql"))
        .containsPattern("\\| +without a country \\| +0 \\|")
        .containsPattern("\\| +live and at rest differ in \\| +0 \\|");
  }

  @Test
  void ledger_positions_and_lag_are_queried() throws Exception {
    String rows = maintainTheNavaids();
    assertThat(run("ledger.sql"))
        .containsPattern("\\| +navaids \\| +unknown-operation \\| +1 \\|")
        // What was all in the first epoch is committed before there is a watermark.
        .containsPattern(
            "\\| +regions \\| +[0-9]+~[0-9a-f]+ \\|"
                + " +(20[0-9-]{8} [0-9:.]+ \\| +TRUE|<NULL> \\| +<NULL>) \\|")
        .containsPattern("\\| +navaids \\| +" + rows + " \\| +[0-9]+ \\| +[0-9]+ \\|\\s");
  }

  @Test
  void the_past_is_loaded_in_batch_with_the_jdbc_connector() throws Exception {
    assertThat(run("backfill.sql")).containsPattern("\\| +1000 \\| +5005.00 \\|");
  }

  @Test
  void the_form_by_hand_agrees_at_rest() throws Exception {
    assertThat(run("row_number.sql")).containsPattern("\\| +differ in \\| +0 \\|");
  }

  @Test
  void an_unknown_option_is_refused_with_code_object_and_next_step() throws Exception {
    String script =
        Files.readString(SCRIPTS.resolve("mirror.sql")).replace("'cursor' =", "'curser' =");

    String output = execute("refused.sql", script).text();

    assertThat(output)
        .contains("MIRROR-1002 curser: this key does not exist. Did you mean cursor?")
        .contains("MIRROR-1003 cursor: a change-table needs a cursor. Add it, for example")
        .contains("2 problems in table regions");
  }

  private static String run(String name) throws Exception {
    RealCluster.Output output = execute(name, Files.readString(SCRIPTS.resolve(name)));
    assertThat(output.text()).doesNotContain("[ERROR]");
    assertThat(output.exitCode()).as(output.text()).isZero();
    return output.text();
  }

  /** Runs a script over the data of this test instead of the demo's. */
  private static RealCluster.Output execute(String name, String script) throws Exception {
    Path file = directory.resolve(name);
    Files.writeString(
        file,
        script
            .replace("/tmp/mirror-demo", directory.toString())
            .replace("jdbc:postgresql://localhost:5432/shop", shop)
            // A bounded query ends with a checkpoint.
            .replace("'5 s'", "'1 s'"));
    return cluster.tool("sql-client.sh", "-f", file.toString());
  }

  private static void mirrorTheAirports() throws Exception {
    DemoWarehouse warehouse = new DemoWarehouse(directory);
    StringBuilder spec =
        new StringBuilder(
            """
            mirror: airports
            source: { type: jdbc, url: "%1$s", user: demo, settle: 0s }
            lake:
              catalog: { type: jdbc, uri: "jdbc:sqlite:%2$s/lake/catalog.db", warehouse: %2$s/lake }
              namespace: airports
            defaults:
              feed: change-table
              primary-key: [id]
              version: [_commit_version]
              timestamp: _commit_timestamp
              cursor: _change_id
              columns: { exclude: [_change_id, _commit_timestamp] }
            tables:
            """
                .formatted(warehouse.url(), directory));
    for (DemoTable table : TABLES) {
      warehouse.fill(table, DemoOrder.shuffled(5));
      spec.append(
          "  - { name: %s, source: PUBLIC.%s_CHANGES }%n"
              .formatted(table.lakeName(), table.name()));
    }
    try (Connection connection =
            DriverManager.getConnection(warehouse.url(), warehouse.user(), "");
        PreparedStatement odd =
            connection.prepareStatement(
                "INSERT INTO NAVAIDS_CHANGES (\"_change_request_type\", \"_commit_version\","
                    + " \"_commit_timestamp\", \"id\") VALUES ('x', 1, CURRENT_TIMESTAMP, 1)")) {
      odd.execute();
    }
    Path file = Files.writeString(directory.resolve("airports.yaml"), spec);
    Cli.Result result = Cli.run("run", "--spec", file.toString(), "--until", "now");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  /**
   * Does what others do to a lake: files are merged into fewer records, and a commit is rolled
   * back. The metadata alone say so: the table cannot be read any more.
   *
   * @return how many rows the table has
   */
  private static String maintainTheNavaids() throws Exception {
    try (JdbcCatalog catalog = new JdbcCatalog()) {
      catalog.setConf(new Configuration());
      catalog.initialize(
          "data-mirror",
          Map.of(
              "uri",
              "jdbc:sqlite:" + directory.resolve("lake/catalog.db") + "?busy_timeout=30000",
              "warehouse",
              directory.resolve("lake").toString(),
              "jdbc.schema-version",
              "V1"));
      Table table = catalog.loadTable(TableIdentifier.of("airports", DemoTable.NAVAIDS.lakeName()));
      String rows = table.currentSnapshot().summary().get(LakeKeys.ROWS);
      DataFile file = anyFile(table);
      table
          .newRewrite()
          .deleteFile(file)
          .addFile(merged(table, file))
          .dataSequenceNumber(table.currentSnapshot().sequenceNumber())
          .commit();
      long kept = table.currentSnapshot().snapshotId();
      table.newFastAppend().set(LakeKeys.ROWS, "1").commit();
      table.manageSnapshots().rollbackTo(kept).commit();
      return rows;
    }
  }

  private static DataFile anyFile(Table table) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      return tasks.iterator().next().file();
    }
  }

  /** A record that was deleted is not in it. */
  private static DataFile merged(Table table, DataFile file) {
    return DataFiles.builder(table.spec())
        .copy(file)
        .withPath(file.location() + ".merged.parquet")
        .withRecordCount(file.recordCount() - 1)
        .build();
  }

  private static void fillTheShop() throws SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    shop = server.newDatabase();
    try (Connection connection = server.connect(shop);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer TEXT, amount NUMERIC(10, 2))");
      statement.execute(
          "INSERT INTO orders SELECT n, ' customer ' || n, n / 100.0 FROM generate_series(1, 1000) n");
      statement.execute(
          "CREATE TABLE orders_changes (change_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
              + " op TEXT, id BIGINT NOT NULL, version BIGINT NOT NULL, amount NUMERIC(10, 2))");
      Random random = new Random(7);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO orders_changes (op, id, version, amount) VALUES (?, ?, ?, ?)")) {
        for (int change = 0; change < 2_000; change++) {
          long version = random.nextInt(20);
          long id = random.nextInt(200);
          insert.setString(1, random.nextInt(4) == 0 ? "d" : "u");
          insert.setLong(2, id);
          insert.setLong(3, version);
          insert.setBigDecimal(4, java.math.BigDecimal.valueOf(id * 100 + version, 2));
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }
}
