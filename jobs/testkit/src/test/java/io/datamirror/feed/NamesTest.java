package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import io.datamirror.testkit.EmbeddedPostgres;
import io.datamirror.testkit.FaultPlan;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Sixty names as schema, table, key, cursor and column, on two databases. */
class NamesTest {

  private static final int MOST_POSTGRES_BYTES = 63;

  @SuppressWarnings("unused") // named below
  private static final List<String> NAMES = Names.ALL;

  private static H2 h2;
  private static Postgres postgres;

  @BeforeAll
  static void start() throws SQLException {
    h2 = new H2("CREATE TABLE canary (x INT)", "INSERT INTO canary VALUES (1)");
    postgres = new Postgres("CREATE TABLE canary (x INT)", "INSERT INTO canary VALUES (1)");
  }

  @AfterAll
  static void close() throws SQLException {
    h2.close();
    postgres.close();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void h2_reads_back_what_was_written_under_any_name(String name) throws SQLException {
    create(h2.connection(), name);

    readsBack(h2.connection(), h2.url(), "sa", name);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void postgresql_reads_back_what_was_written_under_any_name(String name) throws SQLException {
    create(postgres.connection(), name);
    boolean cut = name.getBytes(StandardCharsets.UTF_8).length > MOST_POSTGRES_BYTES;
    if (cut) {
      // The server cuts such a name silently: the table is not the one that the spec names.
      ProblemsException thrown =
          catchThrowableOfType(
              ProblemsException.class,
              () ->
                  FeedFactory.resolve(
                      postgres.connection(), Specs.source(postgres.url()), spec(name)));
      assertThat(thrown.problems())
          .extracting(Problem::code)
          .containsExactly(ErrorCode.SOURCE_TABLE_MISSING);
      return;
    }
    readsBack(postgres.connection(), postgres.url(), EmbeddedPostgres.shared().user(), name);
  }

  private static void create(Connection connection, String name) throws SQLException {
    String quoted = Names.quoted(name);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + quoted);
      statement.execute(
          "CREATE TABLE "
              + quoted
              + "."
              + quoted
              + " ("
              + quoted
              + " BIGINT NOT NULL, \"v\" INT, "
              + Names.quoted("z" + name.substring(0, Math.min(20, name.length())))
              + " VARCHAR(300))");
      for (int i = 1; i <= 5; i++) {
        statement.execute(
            "INSERT INTO " + quoted + "." + quoted + " VALUES (" + i + ", " + 10 * i + ", 'x')");
      }
    }
  }

  private static TableSpec spec(String name) {
    String quoted = Names.quoted(name);
    Specs spec = Specs.incremental(quoted + "." + quoted).key(name).cursor(name);
    return name.isBlank() ? spec.rename(name, lakeName(name)).build() : spec.build();
  }

  /** Flink has no column whose name is blanks alone. */
  private static String lakeName(String name) {
    return name.isBlank() ? "blank" : name;
  }

  private static void readsBack(Connection direct, String url, String user, String name)
      throws SQLException {
    FaultPlan log = FaultPlan.create();
    Feed feed;
    Collected read;
    try (Connection connection =
        Connections.to(
                Specs.source(log.url(url), user, "", Map.of()),
                SecretSource.ofProcess(),
                talk -> {})
            .open()) {
      feed = Reads.resolve(connection, spec(name));
      feed.identity(connection);
      feed.probe(connection);
      read = new Collected(feed.layout());
      Window window = Reads.next(connection, feed, Position.BEGINNING).orElseThrow();
      for (Chunk chunk : feed.chunks(connection, window, 2)) {
        Reads.read(connection, feed, List.of(chunk), read);
      }
    }

    assertThat(read.values(lakeName(name))).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(read.values("v")).containsExactly(10, 20, 30, 40, 50);
    Set<String> planned = new TreeSet<>(feed.statements());
    assertThat(new TreeSet<>(log.statements())).isEqualTo(without(planned, log));
    assertThat(canaryRows(direct)).isEqualTo(1);
  }

  /** Only the count of a later window is planned and was not needed. */
  private static Set<String> without(Set<String> planned, FaultPlan log) {
    List<String> notSent = planned.stream().filter(sql -> !log.statements().contains(sql)).toList();
    assertThat(notSent).hasSize(1).allMatch(sql -> sql.startsWith("SELECT COUNT(*)"));
    planned.removeAll(notSent);
    return planned;
  }

  private static int canaryRows(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM canary")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
