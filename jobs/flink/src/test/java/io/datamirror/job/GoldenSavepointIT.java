package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.commit.OnLakeAhead;
import io.datamirror.commit.SavepointCheck;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.verify.Difference;
import io.datamirror.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This release goes on from the savepoints of every release, and ends equal to the source. */
class GoldenSavepointIT {

  /** In the sources, where new ones are made, wherever the processes of the test work. */
  private static final Path RELEASES =
      Path.of(System.getProperty("mirror.dist"))
          .resolve("../../src/test/resources/savepoints")
          .normalize();

  private static final Path STATES = RELEASES.resolve("states.golden");
  private static final Duration CATCH_UP = Duration.ofMinutes(2);

  private static Cluster cluster;

  @TempDir private Path directory;

  @BeforeAll
  static void start(@TempDir Path work) throws Exception {
    cluster = new Cluster();
    String release = System.getProperty("regenerate");
    if (release != null) {
      Path golden = RELEASES.resolve(release);
      new GoldenSavepoint(cluster, work).into(golden);
      Set<String> names = new TreeSet<>(Files.readAllLines(STATES));
      names.addAll(StateNames.of(golden.resolve("savepoint").toUri().toString()));
      Files.write(STATES, names);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  static List<String> releases() throws IOException {
    try (Stream<Path> releases = Files.list(RELEASES)) {
      return releases
          .filter(Files::isDirectory)
          .map(Path::getFileName)
          .map(Path::toString)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void a_savepoint_is_gone_on_from_with_its_lake(String release) throws Exception {
    GoldenSavepoint.copy(RELEASES.resolve(release), directory.resolve("copy"));
    Path copy = directory.resolve("copy");
    String url = "jdbc:h2:mem:golden-" + release + ";DB_CLOSE_DELAY=-1";
    GoldenMirror mirror = new GoldenMirror(url, copy);
    mirror.run(GoldenMirror.read(copy.resolve("begin.sql")));
    mirror.run(GoldenMirror.read(copy.resolve("pending.sql")));
    String savepoint = copy.resolve("savepoint").toUri().toString();
    assertThat(StateNames.of(savepoint))
        .as("uids and names of states never change")
        .isSubsetOf(Files.readAllLines(STATES));
    Launch launch =
        Preparation.prepare(
            mirror.spec(),
            SecretSource.ofProcess(),
            new SavepointCheck(savepoint, OnLakeAhead.REFUSE));

    JobID job =
        cluster.submit(
            new MirrorJob(launch, JobSettings.of(Until.STOPPED)),
            Cluster.settings(),
            SavepointRestoreSettings.forPath(savepoint, false));
    mirror.run(GoldenMirror.read(copy.resolve("after.sql")));

    try (Connection source = DriverManager.getConnection(url);
        LakeCatalog catalog =
            LakeCatalog.open(launch.plan().spec().lake(), SecretSource.ofProcess())) {
      for (TablePlan table : launch.plan().tables()) {
        awaitHead(source, catalog, table);
        assertThat(differences(source, catalog, table)).as(table.name()).isEmpty();
      }
      assertThat(revisions(catalog, "orders", "ID")).isEqualTo(fold(source, "ORDERS_CHANGES"));
      assertThat(revisions(catalog, "events", "ID")).isEqualTo(fold(source, "EVENTS_CHANGES"));
      assertThat(revisions(catalog, "customers", "NAME"))
          .isEqualTo(query(source, "SELECT NAME, REVISION FROM CUSTOMERS"));
      assertThat(ledger(catalog)).containsExactly("unknown-operation");
    }
    String next = cluster.savepoint(job, directory.resolve("next").toUri().toString());
    assertThat(StateNames.of(next)).containsExactlyElementsOf(Files.readAllLines(STATES));
    cluster.cancel(job);
  }

  private static void awaitHead(Connection source, LakeCatalog catalog, TablePlan table)
      throws SQLException {
    String head =
        query(source, "SELECT 1, MAX(SEQ) FROM " + table.spec().source()).get("1").toString();
    Awaitility.await("position of " + table.name())
        .atMost(CATCH_UP)
        .until(
            () ->
                TableHistory.of(catalog.load(table.name()))
                    .position()
                    .replaceFirst("~.*", "")
                    .equals(head));
  }

  private static List<Difference> differences(
      Connection source, LakeCatalog catalog, TablePlan table) throws Exception {
    List<Difference> differences = new ArrayList<>();
    Verification.of(catalog, table, 100).run(source, differences::add, read -> {});
    return differences;
  }

  /** The greatest revision of each key that is not deleted: asked without the mirror's own code. */
  private static Map<String, Long> fold(Connection source, String changes) throws SQLException {
    return query(
        source,
        "SELECT ID, REVISION FROM (SELECT ID, REVISION, OP, ROW_NUMBER() OVER"
            + " (PARTITION BY ID ORDER BY REVISION DESC, OP) AS N FROM "
            + changes
            + " WHERE OP IN ('u', 'd')) WHERE N = 1 AND OP = 'u'");
  }

  private static Map<String, Long> query(Connection source, String sql) throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (Statement statement = source.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      while (results.next()) {
        rows.put(results.getString(1), results.getLong(2));
      }
    }
    return rows;
  }

  private static Map<String, Long> revisions(LakeCatalog catalog, String table, String key)
      throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    for (Record row : records(catalog, table)) {
      Long twin = rows.put(row.getField(key).toString(), (Long) row.getField("REVISION"));
      assertThat(twin).as("another row of %s", row.getField(key)).isNull();
    }
    return rows;
  }

  private static List<String> ledger(LakeCatalog catalog) throws IOException {
    return records(catalog, "mirror_ledger").stream()
        .map(entry -> entry.getField("reason").toString())
        .toList();
  }

  private static List<Record> records(LakeCatalog catalog, String table) throws IOException {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(catalog.load(table)).build()) {
      records.forEach(record -> rows.add(record.copy()));
    }
    return rows;
  }
}
