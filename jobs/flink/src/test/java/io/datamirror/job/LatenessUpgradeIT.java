package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.commit.OnLakeAhead;
import io.datamirror.commit.SavepointCheck;
import io.datamirror.lake.LakeKeys;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.iceberg.data.Record;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table that forgets comes to a mirror by savepoint, leaves it and comes back. Its changes are
 * older than the watermark of the table that was there all the time, and none of them is late.
 */
class LatenessUpgradeIT {

  private static final Duration CATCH_UP = Duration.ofMinutes(2);
  private static final Duration LATENESS = Duration.ofSeconds(10);
  private static final String LONG_AGO = "'2020-01-01 00:00:00+00'";
  private static final String NOW = "CURRENT_TIMESTAMP";

  private static Cluster cluster;

  @TempDir private Path directory;

  private Connection source;
  private long version;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void tables() throws SQLException {
    source = DriverManager.getConnection(url());
    for (String table : List.of("STAYS", "COMES")) {
      sql(
          "CREATE TABLE "
              + table
              + " (SEQ BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, OP CHAR(1) NOT NULL,"
              + " ID BIGINT NOT NULL, VERSION BIGINT NOT NULL, MADE_AT TIMESTAMP WITH TIME ZONE)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    source.close();
  }

  private String url() {
    return "jdbc:h2:mem:" + directory.getFileName() + ";DB_CLOSE_DELAY=-1";
  }

  @Test
  void changes_of_a_table_that_comes_and_comes_back_are_not_late() throws Exception {
    try (Lake lake = lakeOf(Set.of("stays"))) {
      change("STAYS", "u", 1, 1, LONG_AGO);
      JobID job = run(Set.of("stays"), null);
      await(lake, "stays", Map.of(1L, 1L));
      awaitWatermark(lake, 0);
      String savepoint = stop(job);

      change("COMES", "u", 1, 1, LONG_AGO);
      change("COMES", "u", 2, 1, LONG_AGO);
      change("COMES", "d", 2, 2, NOW);
      change("COMES", "u", 2, 1, LONG_AGO);
      change("STAYS", "u", 2, 1, LONG_AGO);
      job = run(Set.of("stays", "comes"), savepoint);
      await(lake, "comes", Map.of(1L, 1L));
      awaitLedger(lake, List.of("stays late"));
      savepoint = stop(job);

      // What is remembered of the table that has left would be forgotten now, and what it missed
      // is late for the one that stays.
      long leftMillis = System.currentTimeMillis();
      change("COMES", "u", 1, 2, NOW);
      change("COMES", "u", 3, 1, NOW);
      job = run(Set.of("stays"), savepoint);
      awaitWatermark(lake, leftMillis + LATENESS.plusSeconds(2).toMillis());
      savepoint = stop(job);

      job = run(Set.of("stays", "comes"), savepoint);
      await(lake, "comes", Map.of(1L, 2L, 3L, 1L));
      awaitLedger(lake, List.of("stays late"));
      cluster.cancel(job);
    }
  }

  @Test
  void a_table_that_the_savepoint_does_not_have_is_read_from_its_beginning_after_a_rollback()
      throws Exception {
    try (Lake lake = lakeOf(Set.of("stays"))) {
      change("STAYS", "u", 1, 1, NOW);
      JobID job = run(Set.of("stays"), null);
      await(lake, "stays", Map.of(1L, 1L));
      String savepoint = stop(job);

      change("COMES", "u", 1, 1, LONG_AGO);
      change("COMES", "u", 2, 1, LONG_AGO);
      job = run(Set.of("stays", "comes"), savepoint);
      await(lake, "comes", Map.of(1L, 1L, 2L, 1L));
      awaitWatermark(lake, System.currentTimeMillis());
      cluster.cancel(job);

      change("COMES", "u", 3, 1, NOW);
      job = run(Set.of("stays", "comes"), savepoint, OnLakeAhead.ROLLBACK);
      await(lake, "comes", Map.of(1L, 1L, 2L, 1L, 3L, 1L));
      awaitLedger(lake, List.of());
      cluster.cancel(job);
    }
  }

  /** The first start creates the catalog. */
  private Lake lakeOf(Set<String> tables) {
    launch(tables, null, OnLakeAhead.REFUSE);
    return new Lake(directory);
  }

  private JobID run(Set<String> tables, String savepoint) throws Exception {
    return run(tables, savepoint, OnLakeAhead.REFUSE);
  }

  private JobID run(Set<String> tables, String savepoint, OnLakeAhead policy) throws Exception {
    return cluster.submit(
        new MirrorJob(
            launch(tables, savepoint, policy),
            JobSettings.of(Until.STOPPED).withOnLakeAhead(policy)),
        Cluster.settings(),
        savepoint == null
            ? SavepointRestoreSettings.none()
            : SavepointRestoreSettings.forPath(savepoint, false));
  }

  private Launch launch(Set<String> tables, String savepoint, OnLakeAhead policy) {
    return savepoint == null
        ? Preparation.prepare(SpecReader.read(spec(tables)), SecretSource.ofProcess())
        : Preparation.prepare(
            SpecReader.read(spec(tables)),
            SecretSource.ofProcess(),
            new SavepointCheck(savepoint, policy));
  }

  private String stop(JobID job) throws Exception {
    String savepoint =
        cluster.stop(job, directory.resolve("savepoints").toString(), Cluster.Drain.NO);
    assertThat(cluster.result(job).getSerializedThrowable()).isEmpty();
    return savepoint;
  }

  private void change(String table, String operation, long id, long version, String time)
      throws SQLException {
    sql(
        "INSERT INTO %s (OP, ID, VERSION, MADE_AT) VALUES ('%s', %d, %d, %s)"
            .formatted(table, operation, id, version, time));
  }

  private void sql(String sql) throws SQLException {
    try (Statement statement = source.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void await(Lake lake, String table, Map<Long, Long> versions) {
    Awaitility.await(table)
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(org.apache.iceberg.exceptions.NoSuchTableException.class)
        .untilAsserted(() -> assertThat(versions(lake, table)).isEqualTo(versions));
  }

  private static Map<Long, Long> versions(Lake lake, String table) {
    Map<Long, Long> versions = new TreeMap<>();
    for (Record row : lake.records(table)) {
      Long twin = versions.put((Long) row.getField("ID"), (Long) row.getField("VERSION"));
      assertThat(twin).as("another row of %s", row.getField("ID")).isNull();
    }
    return versions;
  }

  /** Changes the table that stays until it has come so far. */
  private void awaitWatermark(Lake lake, long millis) {
    Awaitility.await("a watermark")
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              change("STAYS", "u", 9, ++version, NOW);
              String known = lake.table("stays").properties().get(LakeKeys.WATERMARK);
              return known != null && Long.parseLong(known) > millis;
            });
  }

  private static void awaitLedger(Lake lake, List<String> entries) {
    Awaitility.await("the ledger")
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(lake.records("mirror_ledger"))
                    .extracting(
                        entry -> entry.getField("table_name") + " " + entry.getField("reason"))
                    .isEqualTo(entries));
  }

  private String spec(Set<String> tables) {
    StringBuilder spec =
        new StringBuilder(
            """
            mirror: test
            source:
              type: jdbc
              url: "%s"
              poll-interval: 100ms
              settle: 0s
            """
                .formatted(url()));
    spec.append(Lake.spec(directory)).append("tables:\n");
    for (String table : List.of("stays", "comes")) {
      if (tables.contains(table)) {
        spec.append(
            """
            - name: %s
              source: PUBLIC.%s
              feed: change-table
              primary-key: [ID]
              version: [VERSION]
              operation: OP
              cursor: SEQ
              timestamp: MADE_AT
              allowed-lateness: %ds
              columns: { exclude: [SEQ] }
            """
                .formatted(table, table.toUpperCase(Locale.ROOT), LATENESS.toSeconds())
                .indent(2));
      }
    }
    return spec.toString();
  }
}
