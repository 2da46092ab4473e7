package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.Feed;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.FaultRun.Hangs;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import io.datamirror.testkit.BadNetwork;
import io.datamirror.testkit.BadNetwork.Break;
import io.datamirror.testkit.EmbeddedPostgres;
import io.datamirror.testkit.FaultPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * On a real PostgreSQL: its network breaks anywhere, from the login to the last row, or it ends the
 * connection itself. All rows come, each once.
 */
class NetworkFaultsTest {

  private static final int ROWS = 300;
  private static final int BREAKS = 20;
  private static final int TERMINATIONS = 40;
  private static final long NEVER = Long.MAX_VALUE;

  private static final EmbeddedPostgres SERVER = EmbeddedPostgres.shared();

  private static String url;

  @BeforeAll
  static void changes() throws SQLException {
    url = SERVER.newDatabase();
    run(
        "CREATE TABLE t (seq bigint PRIMARY KEY, id bigint NOT NULL, v bigint NOT NULL, note text)");
    run("INSERT INTO t SELECT i, i, 1, 'n' || i FROM generate_series(1, " + ROWS + ") i");
  }

  @ParameterizedTest
  @EnumSource
  void whatever_the_network_does_all_rows_come_once(Break kind) throws Exception {
    long bytes = bytesWithoutFault();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    // They wait more than they work.
    ExecutorService threads = Executors.newFixedThreadPool(BREAKS);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < BREAKS; i++) {
        long after = 1 + random.nextLong(bytes - 1);
        String which = "seed %d: %s after %d of %d bytes".formatted(seed, kind, after, bytes);
        runs.add(threads.submit(() -> breaks(kind, after, which)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void breaks(Break kind, long afterBytes, String which) throws Exception {
    try (BadNetwork network = new BadNetwork(SERVER.port(), kind, afterBytes);
        FaultRun run = run(network)) {
      assertThat(changes(run.readAll())).as(which).containsExactlyElementsOf(expected());
      assertThat(network.broken()).as(which).isTrue();
    }
    return null;
  }

  @Test
  void a_server_that_ends_connections_is_read_from_where_it_was() throws Exception {
    try (BadNetwork network = new BadNetwork(SERVER.port(), Break.CUT, NEVER);
        FaultRun run = run(network)) {
      run.afterEach(ROWS / TERMINATIONS, NetworkFaultsTest::terminateReaders);
      assertThat(changes(run.readAll())).containsExactlyElementsOf(expected());
      assertThat(network.connections()).isGreaterThanOrEqualTo(TERMINATIONS);
    }
  }

  private static long bytesWithoutFault() throws Exception {
    try (BadNetwork network = new BadNetwork(SERVER.port(), Break.CUT, NEVER);
        FaultRun run = run(network)) {
      assertThat(changes(run.readAll())).containsExactlyElementsOf(expected());
      return network.bytesSent();
    }
  }

  private static FaultRun run(BadNetwork network) throws SQLException {
    String broken = url.replace(":" + SERVER.port() + "/", ":" + network.port() + "/");
    MirrorSpec spec =
        SpecReader.read(
            """
            mirror: faults
            source:
              type: jdbc
              url: %s?ApplicationName=mirror-under-test
              user: %s
              settle: 0s
              fetch-size: 5
              answer-timeout: 300ms
            lake: { catalog: { type: jdbc, uri: "jdbc:sqlite::memory:", warehouse: x }, namespace: x }
            tables:
              - { name: t, source: public.t, feed: change-table, primary-key: [id], version: [v],
                  cursor: seq, columns: { exclude: [seq] } }
            """
                .formatted(broken, SERVER.user()));
    try (Connection connection = SERVER.connect(url)) {
      List<TablePlan> tables =
          spec.tables().stream().map(table -> planned(connection, spec, table)).toList();
      return new FaultRun(new MirrorPlan(spec, tables, 1), FaultPlan.create(), Hangs.NEVER);
    }
  }

  private static TablePlan planned(Connection connection, MirrorSpec spec, TableSpec table) {
    try {
      Feed feed = Sources.resolve(connection, spec.source(), table);
      return new TablePlan(table, feed, feed.identity(connection));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void terminateReaders() {
    try (Connection connection = SERVER.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'mirror-under-test'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = SERVER.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> changes(List<String> records) {
    return records.stream()
        .filter(text -> text.startsWith("change"))
        .map(text -> text.substring(text.indexOf(' ', "change ".length()) + 1))
        .sorted()
        .toList();
  }

  private static List<String> expected() {
    return IntStream.rangeClosed(1, ROWS).mapToObj(id -> id + " n" + id).sorted().toList();
  }
}
