package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowsTest {

  private static final long SETTLE = 60_000;

  private H2 h2;

  @BeforeEach
  void createTables() {
    h2 =
        new H2(
            "CREATE TABLE N (\"seq\" BIGINT, \"id\" INT NOT NULL, \"v\" INT)",
            "CREATE TABLE Z (\"seq\" TIMESTAMP(9) WITH TIME ZONE, \"id\" INT NOT NULL, \"v\" INT)",
            "CREATE TABLE L (\"seq\" TIMESTAMP, \"id\" INT NOT NULL, \"v\" INT)",
            "CREATE TABLE S (\"seq\" VARCHAR(9), \"id\" INT NOT NULL, \"v\" INT)");
  }

  @AfterEach
  void close() throws SQLException {
    h2.close();
  }

  private Feed changes(String table) throws SQLException {
    return Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC." + table).build());
  }

  private Feed incremental(String table) throws SQLException {
    return Reads.resolve(h2.connection(), Specs.incremental("PUBLIC." + table).build());
  }

  private void insert(String table, String cursor, int id) throws SQLException {
    h2.run("INSERT INTO " + table + " VALUES (" + cursor + ", " + id + ", 1)");
  }

  @Test
  void ticks_of_sql_server_are_compared_as_ticks() {
    assertThat(ranges("datetime"))
        .containsExactly(
            "\"seq\" > CAST(? AS datetime) AND \"seq\" <= CAST(? AS datetime)",
            "\"seq\" >= CAST(? AS datetime)",
            "SELECT MAX(\"seq\") FROM \"dbo\".\"C\" WHERE \"seq\" <= CAST(? AS datetime)");
    assertThat(ranges("datetime2"))
        .containsExactly(
            "\"seq\" > ? AND \"seq\" <= ?",
            "\"seq\" >= ?",
            "SELECT MAX(\"seq\") FROM \"dbo\".\"C\" WHERE \"seq\" <= ?");
  }

  /**
   * How a cursor of SQL Server is compared in a window, where a reader goes on, and at the head.
   */
  private static List<String> ranges(String type) {
    Dialect dialect = new Dialect(Dialect.Family.SQL_SERVER, "\"");
    TableName name = TableName.parse("dbo.C");
    SourceColumn column =
        new SourceColumn(new Identifier("seq"), Types.TIMESTAMP, type, 23, 3, false);
    SourceTable table = new SourceTable(name, List.of(column));
    TableSpec spec = Specs.incremental("dbo.C").build();
    KeysetColumn cursor =
        new SpecColumns(dialect, spec, table, new TableProblems(spec, List.of())).cursor();
    HeadWindows windows =
        new HeadWindows(
            new Windows.Target(dialect, name),
            cursor,
            HeadWindows.Values.DENSE,
            HeadWindows.Shrink.ALLOWED,
            null);
    SqlText.Builder within = SqlText.in(dialect);
    windows.within(within, "2024-01-01T00:00:00.003", "2024-01-01T00:00:00.007");
    SqlText.Builder from = SqlText.in(dialect);
    windows.keyset().from(from, "2024-01-01T00:00:00.007");
    return List.of(
        within.build().toString(),
        from.build().toString(),
        windows.boundQueries().get(0).toString());
  }

  private List<Object> ids(Feed feed, Window window) throws SQLException {
    Collected read = new Collected(feed.layout());
    Reads.read(h2.connection(), feed, feed.chunks(h2.connection(), window, 100), read);
    return read.values("id");
  }

  private Optional<Window> next(Feed feed, Position last, Observed seen, long settle)
      throws SQLException {
    return feed.nextWindow(h2.connection(), last, seen, settle);
  }

  @Test
  void a_number_is_settled_when_it_was_the_greatest_one_settling_time_ago() throws SQLException {
    Feed feed = incremental("N");
    insert("N", "5", 1);
    Observed now = Reads.observe(h2.connection(), feed, Position.BEGINNING);
    Observed before = new Observed(now.head(), now.clockMillis() - SETTLE);
    insert("N", "6", 2);

    assertThat(next(feed, Position.BEGINNING, now, SETTLE)).isEmpty();
    Window window = next(feed, Position.BEGINNING, before, SETTLE).orElseThrow();

    assertThat(window)
        .isEqualTo(new Window(Position.BEGINNING, new Position("5"), before.clockMillis()));
    assertThat(ids(feed, window)).containsExactly(1);
  }

  @Test
  void however_long_a_head_is_looked_for_it_settles_from_when_it_was_found() throws SQLException {
    Feed feed = incremental("N");
    insert("N", "5", 1);
    long delayMillis = 50;
    Connection slow = slowAtTheHead(h2.connection(), delayMillis);

    Observed seen = feed.look(slow, Position.BEGINNING).observed();

    assertThat(seen.seenMillis() - seen.clockMillis()).isGreaterThanOrEqualTo(delayMillis);
    long beforeMillis = seen.clockMillis() - SETTLE;
    Observed justFound = new Observed(seen.head(), beforeMillis, seen.seenMillis());
    assertThat(next(feed, Position.BEGINNING, justFound, SETTLE)).isEmpty();
    Observed settled = new Observed(seen.head(), beforeMillis, seen.seenMillis() - SETTLE);
    assertThat(next(feed, Position.BEGINNING, settled, SETTLE))
        .contains(new Window(Position.BEGINNING, new Position("5"), beforeMillis));
  }

  /** The connection, whose greatest value is found late. */
  private static Connection slowAtTheHead(Connection connection, long millis) {
    return (Connection)
        Proxy.newProxyInstance(
            WindowsTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && arguments[0].toString().startsWith("SELECT MAX(")) {
                Thread.sleep(millis);
              }
              return method.invoke(connection, arguments);
            });
  }

  @Test
  void a_window_stays_as_it_is_when_rows_are_added() throws SQLException {
    Feed feed = changes("N");
    insert("N", "1", 1);
    Window window = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();
    insert("N", "2", 2);

    assertThat(ids(feed, window)).containsExactly(1);
    assertThat(ids(feed, Reads.next(h2.connection(), feed, window.to()).orElseThrow()))
        .containsExactly(2);
  }

  @Test
  void nothing_is_settled_while_the_head_does_not_move() throws SQLException {
    Feed feed = changes("N");
    assertThat(Reads.next(h2.connection(), feed, Position.BEGINNING)).isEmpty();
    insert("N", "1", 1);
    Position last = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow().to();

    assertThat(Reads.next(h2.connection(), feed, last)).isEmpty();
    assertThat(feed.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void a_window_along_the_clock_moves_on_without_rows() throws SQLException {
    Feed feed = changes("Z");
    Observed seen = Reads.observe(h2.connection(), feed, Position.BEGINNING);

    Window first = next(feed, Position.BEGINNING, seen, SETTLE).orElseThrow();
    Window second = next(feed, first.to(), seen, SETTLE - 1_000).orElseThrow();

    assertThat(seen.head()).isEqualTo(Position.BEGINNING);
    assertThat(feed.chunks(h2.connection(), first, 100)).isEmpty();
    assertThat(feed.compare(second.to(), first.to())).isPositive();
    assertThat(second.settledMillis()).isGreaterThan(first.settledMillis());
    assertThat(second.from()).isEqualTo(first.to());
  }

  @Test
  void a_window_along_the_clock_never_goes_back() throws SQLException {
    Feed feed = changes("Z");
    Observed seen = Reads.observe(h2.connection(), feed, Position.BEGINNING);
    Window window = next(feed, Position.BEGINNING, seen, 0).orElseThrow();

    assertThat(next(feed, window.to(), seen, SETTLE)).isEmpty();
  }

  @Test
  void a_window_along_the_clock_ends_one_settling_time_ago() throws SQLException {
    Feed feed = changes("Z");
    long clock = feed.clockMillis(h2.connection());
    insert("Z", "TIMESTAMP WITH TIME ZONE '" + at(clock - 2 * SETTLE) + "'", 1);
    insert("Z", "TIMESTAMP WITH TIME ZONE '" + at(clock) + "'", 2);
    insert("Z", "TIMESTAMP WITH TIME ZONE '9999-12-31 00:00:00+00:00'", 3);

    Observed seen = Reads.observe(h2.connection(), feed, Position.BEGINNING);
    Window window = next(feed, Position.BEGINNING, seen, SETTLE).orElseThrow();

    assertThat(ids(feed, window)).containsExactly(1);
    assertThat(window.settledMillis()).isBetween(clock - SETTLE, clock);
    assertThat(feed.compare(seen.head(), new Position(at(clock)))).isZero();
  }

  @Test
  void a_clock_that_is_behind_what_was_read_is_told() throws SQLException {
    Feed feed = changes("Z");
    long clock = feed.clockMillis(h2.connection());
    Observed seen = Reads.observe(h2.connection(), feed, Position.BEGINNING);
    Position last = new Position(at(clock + 3_600_000));
    String told =
        "MIRROR-2009 PUBLIC.Z: the database's clock is behind "
            + last.text()
            + ", up to which it was read: rows that are written now would never be. Read the host"
            + " that was read before, or set the clock right. Mirror the table into a new one if"
            + " rows were written meanwhile.";

    assertThatThrownBy(() -> feed.head(h2.connection(), last)).hasMessage(told);
    assertThatThrownBy(() -> next(feed, last, seen, 0)).hasMessage(told);
  }

  @Test
  void a_clock_that_was_set_back_by_less_than_a_second_is_waited_for() throws SQLException {
    Feed feed = changes("Z");
    Observed seen = Reads.observe(h2.connection(), feed, Position.BEGINNING);
    Position last = new Position(at(feed.clockMillis(h2.connection()) + 900));

    assertThat(feed.head(h2.connection(), last)).isEqualTo(last);
    assertThat(next(feed, last, seen, SETTLE)).isEmpty();
  }

  @Test
  void a_window_of_a_standby_ends_where_it_has_replayed_up_to() throws SQLException {
    try (Postgres postgres = standby("now() - interval '10 minutes'")) {
      Feed feed = Reads.resolve(postgres.connection(), Specs.changeTable("public.z").build());
      long now = System.currentTimeMillis();
      Observed seen = Reads.observe(postgres.connection(), feed, Position.BEGINNING);
      Window window =
          feed.nextWindow(postgres.connection(), Position.BEGINNING, seen, SETTLE).orElseThrow();

      assertThat(seen.clockMillis()).isBetween(now - 610_000, now - 590_000);
      assertThat(window.settledMillis()).isBetween(now - 670_000, now - 650_000);
      assertThat(window.to()).isEqualTo(new Position(at(window.settledMillis())));
    }
  }

  @Test
  void a_standby_that_is_behind_what_was_read_from_another_host_is_waited_for()
      throws SQLException {
    try (Postgres postgres = standby("now() - interval '10 minutes'")) {
      Feed feed = Reads.resolve(postgres.connection(), Specs.changeTable("public.z").build());
      Position last = new Position(at(System.currentTimeMillis() - 60_000));
      Observed seen = Reads.observe(postgres.connection(), feed, last);

      assertThat(seen.head()).isEqualTo(last);
      assertThat(feed.nextWindow(postgres.connection(), last, seen, 0)).isEmpty();
    }
  }

  @Test
  void a_standby_that_does_not_say_what_it_has_replayed_goes_by_its_own_clock()
      throws SQLException {
    try (Postgres postgres = standby("NULL::timestamptz")) {
      Feed feed = Reads.resolve(postgres.connection(), Specs.changeTable("public.z").build());
      long now = System.currentTimeMillis();

      assertThat(feed.clockMillis(postgres.connection())).isBetween(now - 10_000, now + 10_000);
    }
  }

  /** A server that says of itself what a standby says. */
  private static Postgres standby(String replayed) throws SQLException {
    return new Postgres(
        "CREATE TABLE z (seq timestamptz, id int NOT NULL, v int)",
        "CREATE SCHEMA said",
        "CREATE FUNCTION said.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION said.pg_last_xact_replay_timestamp() RETURNS timestamptz LANGUAGE sql AS"
            + " $$ SELECT "
            + replayed
            + " $$",
        "SET search_path = said, pg_catalog");
  }

  private static String at(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC).toString();
  }

  @Test
  void a_time_stamp_without_a_zone_may_be_ahead_of_the_clock_but_not_by_more_than_any_zone()
      throws SQLException {
    Feed feed = changes("L");
    insert("L", "DATEADD('HOUR', 13, LOCALTIMESTAMP)", 1);
    insert("L", "TIMESTAMP '9999-12-31 00:00:00'", 2);

    Window window = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();

    assertThat(ids(feed, window)).containsExactly(1);
  }

  @Test
  void text_is_ordered_as_the_database_orders_it() throws SQLException {
    Feed feed = changes("S");
    insert("S", "'a'", 1);
    insert("S", "''", 2);
    insert("S", "U&'\\+01F989'", 3);
    insert("S", "U&'\\FF5E'", 4);

    Window window = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();

    assertThat(ids(feed, window)).containsExactly(2, 1, 3, 4);
    assertThat(feed.compare(new Position("'🦉"), new Position("'～"))).isNegative();
    assertThat(window.to()).isEqualTo(new Position("'～"));
  }

  @Test
  void rows_without_a_cursor_are_counted() throws SQLException {
    Feed feed = changes("N");
    insert("N", "NULL", 1);
    insert("N", "1", 2);

    Window window = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow();

    assertThat(ids(feed, window)).containsExactly(2);
    assertThat(FeedFactory.rowsWithoutCursor(h2.connection(), feed)).isEqualTo(1);
  }

  @Test
  void the_beginning_is_before_every_position() throws SQLException {
    Feed feed = changes("N");
    Position minus = new Position("-9");

    assertThat(feed.compare(Position.BEGINNING, minus)).isNegative();
    assertThat(feed.compare(minus, Position.BEGINNING)).isPositive();
    assertThat(feed.compare(Position.BEGINNING, Position.BEGINNING)).isZero();
    assertThat(feed.compare(minus, new Position("10"))).isNegative();
  }

  @Test
  void a_position_of_another_cursor_is_refused() throws SQLException {
    Feed feed = changes("N");

    assertThatThrownBy(() -> feed.head(h2.connection(), new Position("2024-01-01T00:00Z")))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2010 mirrored: the stored position 2024-01-01T00:00Z is none of its cursor. Was"
                + " the cursor of this table changed in the spec? Then mirror it into a new"
                + " table.");
  }

  @Test
  void a_feed_survives_serialization() throws Exception {
    h2.run("CREATE TABLE B (\"id\" INT PRIMARY KEY, \"v\" INT)");
    Feed feed =
        Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.N").snapshot("PUBLIC.B").build());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(feed);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(feed);
    }
  }
}
