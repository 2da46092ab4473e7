package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.EmbeddedPostgres;
import io.datamirror.verify.Difference;
import io.datamirror.verify.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.iceberg.data.Record;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL tells a table from its namesake. With {@code on-history-lost: snapshot} a mirror goes
 * over to the new one, whether it ran when the table was created again or not, and goes on from
 * there with every later start.
 */
class RecreatedSourceIT {

  private static final EmbeddedPostgres POSTGRES = EmbeddedPostgres.shared();
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
  void aTableWithItsChanges() throws SQLException {
    url = POSTGRES.newDatabase();
    source = POSTGRES.connect(url);
    create("SELECT i, 1, 'old' FROM generate_series(1, 1000) i");
    change("UPDATE items SET version = 2, name = 'changed' WHERE id <= 100", "id <= 100");
  }

  @AfterEach
  void close() throws SQLException {
    source.close();
  }

  @Test
  void the_new_table_takes_the_place_of_the_old_one_and_later_starts_go_on_with_it()
      throws Exception {
    run("snapshot");
    recreate();
    run("snapshot");
    assertMirrored();

    change("UPDATE items SET version = 8, name = 'later' WHERE id < 5", "id < 5");
    run("snapshot");
    assertMirrored();
    run("stop");
    assertMirrored();
  }

  @Test
  void without_leave_to_read_anew_the_mirror_does_not_start() throws Exception {
    run("stop");
    recreate();

    Assertions.assertThatExceptionOfType(MirrorException.class)
        .isThrownBy(() -> launch("stop"))
        .withMessage(
            "MIRROR-2007 items: public.items_changes was dropped and created again since it was"
                + " mirrored. Drop the table in the lake and start without state, or mirror it under"
                + " another name. Or, if each row that differs has a greater version than in the"
                + " lake, set on-history-lost: snapshot: of others the lake keeps its own, and verify"
                + " shows them.");
  }

  /** What the law, the documentation and the next step of the errors say of such a table. */
  @Test
  void rows_of_lesser_versions_lose_to_what_the_lake_has_and_verify_shows_their_keys()
      throws Exception {
    run("snapshot");
    sql(
        "DELETE FROM items WHERE id = 500",
        "INSERT INTO items_changes (op, id, version, name) VALUES ('d', 500, 1, 'old')");
    run("snapshot");
    sql("DROP TABLE items", "DROP TABLE items_changes");
    create("SELECT i, 1, 'old' FROM generate_series(1, 600) i");

    run("snapshot");

    Map<String, Difference.Kind> expected = new TreeMap<>();
    LongStream.rangeClosed(1, 100).forEach(id -> expected.put(key(id), Difference.Kind.DIFFERENT));
    expected.put(key(500), Difference.Kind.MISSING);
    assertThat(differences()).isEqualTo(expected);
  }

  private static String key(long id) {
    return "{\"id\":" + id + "}";
  }

  private Map<String, Difference.Kind> differences() throws Exception {
    Map<String, Difference.Kind> found = new TreeMap<>();
    Launch launch = launch("snapshot");
    try (LakeCatalog catalog =
        LakeCatalog.open(launch.plan().spec().lake(), SecretSource.ofProcess())) {
      Verification.of(catalog, launch.plan().tables().get(0), 1_000)
          .run(source, difference -> found.put(difference.key(), difference.kind()), read -> {});
    }
    return found;
  }

  private void create(String rows) throws SQLException {
    sql(
        "CREATE TABLE items (id BIGINT PRIMARY KEY, version BIGINT NOT NULL, name TEXT)",
        "CREATE TABLE items_changes (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " op CHAR(1) NOT NULL, id BIGINT NOT NULL, version BIGINT NOT NULL, name TEXT)",
        "INSERT INTO items " + rows);
  }

  /** Half of the rows go, some change, some come; the greatest cursor is greater than before. */
  private void recreate() throws SQLException {
    sql("DROP TABLE items", "DROP TABLE items_changes");
    create("SELECT i, 3, 'new' FROM generate_series(501, 1200) i");
    change("UPDATE items SET version = 4, name = 'newer' WHERE id > 700", "id > 700");
  }

  private void change(String statement, String which) throws SQLException {
    sql(
        statement,
        "INSERT INTO items_changes (op, id, version, name) SELECT 'u', id, version, name FROM items"
            + " WHERE "
            + which);
  }

  private void sql(String... statements) throws SQLException {
    try (Statement statement = source.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void run(String onHistoryLost) throws Exception {
    Launch launch = launch(onHistoryLost);
    JobID job =
        cluster.submit(new MirrorJob(launch, JobSettings.of(Until.NOW)), Cluster.settings());
    assertThat(cluster.result(job).getSerializedThrowable()).isEmpty();
  }

  private Launch launch(String onHistoryLost) {
    return Preparation.prepare(SpecReader.read(spec(onHistoryLost)), SecretSource.ofProcess());
  }

  private void assertMirrored() throws SQLException {
    Map<Long, String> expected = new TreeMap<>();
    try (Statement statement = source.createStatement();
        ResultSet results = statement.executeQuery("SELECT id, version, name FROM items")) {
      while (results.next()) {
        expected.put(results.getLong(1), results.getLong(2) + " " + results.getString(3));
      }
    }
    Map<Long, String> mirrored = new TreeMap<>();
    try (Lake lake = new Lake(directory)) {
      for (Record row : lake.records("items")) {
        String twin =
            mirrored.put(
                (Long) row.getField("id"), row.getField("version") + " " + row.getField("name"));
        assertThat(twin).as("another row of %s", row.getField("id")).isNull();
      }
      assertThat(mirrored).isEqualTo(expected);
      assertThat(lake.records("mirror_ledger")).isEmpty();
    }
  }

  private String spec(String onHistoryLost) {
    return """
        mirror: test
        source:
          type: jdbc
          url: "%s"
          user: %s
          poll-interval: 100ms
          settle: 0s
          on-history-lost: %s
        """
            .formatted(url, POSTGRES.user(), onHistoryLost)
        + Lake.spec(directory)
        + """
            tables:
              - name: items
                source: public.items_changes
                snapshot: public.items
                feed: change-table
                primary-key: [id]
                version: [version]
                operation: op
                cursor: seq
                columns: { exclude: [seq] }
            """;
  }
}
