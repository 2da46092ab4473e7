package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.iceberg.data.Record;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code on-history-lost: snapshot} the base table is read anew, and what it no longer has
 * goes from the lake; newer changes stay.
 */
class HistoryLostIT {

  private static final Duration CATCH_UP = Duration.ofMinutes(2);

  private static Cluster cluster;

  @TempDir private Path directory;

  private Connection source;
  private String url;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void aTableWithItsChanges(TestInfo test) throws SQLException {
    url = "jdbc:h2:mem:lost" + test.getDisplayName().hashCode() + ";DB_CLOSE_DELAY=-1";
    source = DriverManager.getConnection(url);
    sql(
        "CREATE TABLE ITEMS (ID BIGINT NOT NULL PRIMARY KEY, VERSION BIGINT NOT NULL, PLACE INT)",
        "CREATE TABLE ITEMS_CHANGES (SEQ BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " OP CHAR(1) NOT NULL, ID BIGINT NOT NULL, VERSION BIGINT NOT NULL, PLACE INT)",
        "INSERT INTO ITEMS SELECT X, 1, MOD(X, 3) FROM SYSTEM_RANGE(1, 3000)");
    change("UPDATE ITEMS SET VERSION = 2 WHERE ID <= 500", "ID <= 500");
  }

  @AfterEach
  void close() throws SQLException {
    source.close();
  }

  @Test
  void a_running_mirror_deletes_what_is_gone_and_keeps_what_is_newer() throws Exception {
    Launch launch = launch();
    JobID job =
        cluster.submit(new MirrorJob(launch, JobSettings.of(Until.STOPPED)), Cluster.settings());
    try (Lake lake = new Lake(directory)) {
      awaitEqual(lake);
      loseHistory();
      awaitEqual(lake);
      change("INSERT INTO ITEMS VALUES (10, 9, 0), (4001, 1, 1)", "ID IN (10, 4001)");
      change("UPDATE ITEMS SET VERSION = 5, PLACE = 2 WHERE ID > 2990", "ID > 2990");
      awaitEqual(lake);
      Awaitility.await("it has a position again")
          .atMost(CATCH_UP)
          .until(() -> lake.position("items") == newestChange());
    }
    cluster.cancel(job);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMING", "BATCH"})
  void a_run_that_finds_its_history_lost_ends_equal_to_the_source(String mode) throws Exception {
    run(mode);
    loseHistory();
    run(mode);
    try (Lake lake = new Lake(directory)) {
      assertThat(rows(lake)).isEqualTo(rows());
      assertThat(lake.position("items")).isEqualTo(newestChange());
    }
  }

  /** Where the table is read to; less than before, since the changes began anew. */
  private long newestChange() throws SQLException {
    try (Statement statement = source.createStatement();
        ResultSet newest = statement.executeQuery("SELECT MAX(SEQ) FROM ITEMS_CHANGES")) {
      newest.next();
      return newest.getLong(1);
    }
  }

  @Test
  void rows_of_a_base_table_that_does_not_tell_times_are_not_late() throws Exception {
    sql("ALTER TABLE ITEMS_CHANGES ADD MADE_AT TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP");
    String forgetful =
        text()
            + """
                timestamp: MADE_AT
                allowed-lateness: 1h
            """;
    run(forgetful, "STREAMING");
    loseHistory();
    run(forgetful, "STREAMING");
    try (Lake lake = new Lake(directory)) {
      assertThat(rows(lake)).isEqualTo(rows());
      assertThat(lake.records("mirror_ledger")).isEmpty();
    }
  }

  private void run(String mode) throws Exception {
    run(text(), mode);
  }

  private void run(String spec, String mode) throws Exception {
    Configuration settings = Cluster.settings();
    settings.setString("execution.runtime-mode", mode);
    Launch launch = Preparation.prepare(SpecReader.read(spec), SecretSource.ofProcess());
    JobID job = cluster.submit(new MirrorJob(launch, JobSettings.of(Until.NOW)), settings);
    assertThat(cluster.result(job).getSerializedThrowable()).isEmpty();
  }

  /** Rows go, come and change, and the table of changes begins anew: nobody can tell which did. */
  private void loseHistory() throws SQLException {
    sql(
        "DELETE FROM ITEMS WHERE ID BETWEEN 5 AND 400 OR ID BETWEEN 1000 AND 1100",
        "UPDATE ITEMS SET VERSION = 3, PLACE = MOD(ID + 1, 3) WHERE ID BETWEEN 401 AND 450",
        "INSERT INTO ITEMS SELECT X, 1, 0 FROM SYSTEM_RANGE(3001, 3050)",
        "TRUNCATE TABLE ITEMS_CHANGES RESTART IDENTITY");
    change(
        "UPDATE ITEMS SET VERSION = 4 WHERE ID BETWEEN 2000 AND 2005", "ID BETWEEN 2000 AND 2005");
  }

  /** Changes the table, and says so in the table of changes. */
  private void change(String statement, String which) throws SQLException {
    sql(
        statement,
        "INSERT INTO ITEMS_CHANGES (OP, ID, VERSION, PLACE) SELECT 'u', ID, VERSION, PLACE"
            + " FROM ITEMS WHERE "
            + which);
  }

  private void sql(String... statements) throws SQLException {
    source.setAutoCommit(false);
    try (Statement statement = source.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    source.commit();
  }

  private void awaitEqual(Lake lake) throws SQLException {
    Map<Long, String> expected = rows();
    Awaitility.await()
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(rows(lake)).isEqualTo(expected));
  }

  private Map<Long, String> rows() throws SQLException {
    Map<Long, String> rows = new TreeMap<>();
    try (Statement statement = source.createStatement();
        ResultSet results = statement.executeQuery("SELECT ID, VERSION, PLACE FROM ITEMS")) {
      while (results.next()) {
        rows.put(results.getLong(1), results.getLong(2) + " in " + results.getInt(3));
      }
    }
    return rows;
  }

  private static Map<Long, String> rows(Lake lake) {
    Map<Long, String> rows = new TreeMap<>();
    for (Record row : lake.records("items")) {
      String twin =
          rows.put(
              (Long) row.getField("ID"), row.getField("VERSION") + " in " + row.getField("PLACE"));
      assertThat(twin).as("another row of %s", row.getField("ID")).isNull();
    }
    return rows;
  }

  private Launch launch() {
    return Preparation.prepare(SpecReader.read(text()), SecretSource.ofProcess());
  }

  private String text() {
    return """
        mirror: test
        source:
          type: jdbc
          url: "%s"
          poll-interval: 100ms
          settle: 0s
          on-history-lost: snapshot
        """
            .formatted(url)
        + Lake.spec(directory)
        + """
            tables:
              - name: items
                source: PUBLIC.ITEMS_CHANGES
                snapshot: PUBLIC.ITEMS
                feed: change-table
                primary-key: [ID]
                version: [VERSION]
                operation: OP
                cursor: SEQ
                columns: { exclude: [SEQ] }
                partition-by: [PLACE]
            """;
  }
}
