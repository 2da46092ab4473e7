package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class PostgresReadingTest {

  private static Postgres postgres;

  @BeforeAll
  static void start() throws SQLException {
    postgres = new Postgres();
  }

  @AfterAll
  static void close() throws SQLException {
    postgres.close();
  }

  private static Feed feed(String table) throws SQLException {
    return Reads.resolve(postgres.connection(), Specs.changeTable("public." + table).build());
  }

  @Test
  void memory_stays_flat_however_large_a_window_is() throws SQLException {
    // 400 MB of rows that are never stored anywhere.
    int rows = 400_000;
    postgres.run(
        "CREATE VIEW large AS SELECT g AS seq, g AS id, 1 AS v, repeat('x', 1000) AS text FROM"
            + " generate_series(1, "
            + rows
            + ") AS g");
    Feed feed = feed("large");
    Counting sink = new Counting();
    long before = usedBytes();
    long most = 0;
    try (ChunkReader reader =
        feed.open(
            postgres.connection(),
            new Chunk(Part.CHANGES, "", Integer.toString(rows)),
            Resume.START,
            1_000)) {
      int part = rows / 4;
      while (reader.read(sink, part) == part) {
        most = Math.max(most, usedBytes());
      }
    }

    assertThat(sink.count).isEqualTo(rows);
    assertThat(most - before).isLessThan(50L << 20);
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void forty_terminated_backends_lose_and_repeat_nothing() throws SQLException {
    int rows = 82_000;
    postgres.run(
        "CREATE TABLE pulled AS SELECT g / 3 AS seq, g AS id, 1 AS v FROM generate_series(0, "
            + (rows - 1)
            + ") AS g",
        "CREATE INDEX ON pulled (seq)");
    Feed feed = feed("pulled");
    Counting sink = new Counting();
    Chunk chunk = new Chunk(Part.CHANGES, "", Integer.toString(rows));
    Resume resume = Resume.START;
    int killed = 0;
    boolean ended = false;
    while (!ended) {
      Connection connection = postgres.connect();
      ChunkReader reader = feed.open(connection, chunk, resume, 100);
      try {
        int count = reader.read(sink, 2_000);
        ended = count < 2_000;
        if (!ended) {
          terminate(connection);
          killed++;
          reader.read(sink, 2_000);
        }
      } catch (SQLException e) {
        assertThat(SqlErrors.classify(e)).isEqualTo(Action.RETRY);
      } finally {
        resume = reader.resume();
        closeBroken(reader, connection);
      }
    }

    assertThat(killed).isGreaterThanOrEqualTo(39);
    assertThat(sink.count).isEqualTo(rows);
    assertThat(sink.keys.cardinality()).isEqualTo(rows);
  }

  @Test
  void a_transaction_that_was_idle_for_too_long_is_asked_again() throws Exception {
    postgres.run(
        "CREATE TABLE idled AS SELECT g AS seq, g AS id, 1 AS v FROM generate_series(1, 9) g");
    Feed feed = feed("idled");
    Chunk chunk = new Chunk(Part.CHANGES, "", "9");
    Counting sink = new Counting();
    Connection connection = postgres.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET idle_in_transaction_session_timeout = 50");
    }
    ChunkReader reader = feed.open(connection, chunk, Resume.START, 1);
    reader.read(sink, 2);
    Resume resume = reader.resume();
    await().until(() -> !alive(connection));

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> reader.read(new Counting(), 9))
        .satisfies(error -> assertThat(SqlErrors.classify(error)).isEqualTo(Action.RETRY));
    closeBroken(reader, connection);
    try (ChunkReader again = feed.open(postgres.connection(), chunk, resume, 1)) {
      again.read(sink, 9);
    }
    assertThat(sink.count).isEqualTo(9);
  }

  /** Whether the server still has the process of a connection. */
  private static boolean alive(Connection connection) throws SQLException {
    int process = ((PGConnection) connection).getBackendPID();
    try (Statement statement = postgres.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = " + process)) {
      row.next();
      return row.getInt(1) > 0;
    }
  }

  private static void terminate(Connection connection) throws SQLException {
    int process = ((PGConnection) connection).getBackendPID();
    try (PreparedStatement statement =
        postgres.connection().prepareStatement("SELECT pg_terminate_backend(?, 5000)")) {
      statement.setInt(1, process);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        assertThat(row.getBoolean(1)).isTrue();
      }
    }
  }

  private static void closeBroken(ChunkReader reader, Connection connection) {
    try (connection;
        reader) {
      connection.isClosed();
    } catch (SQLException e) {
      assertThat(SqlErrors.classify(e)).isEqualTo(Action.RETRY);
    }
  }

  @Test
  void a_slow_query_is_cancelled_within_five_seconds() throws Exception {
    postgres.run(
        "CREATE VIEW slow AS SELECT 1 AS seq, 1 AS id, CASE WHEN pg_sleep(60) IS NULL THEN 1 END"
            + " AS v");
    Feed feed = feed("slow");
    try (Connection connection = postgres.connect();
        ChunkReader reader =
            feed.open(connection, new Chunk(Part.CHANGES, "", "1"), Resume.START, 10)) {
      CompletableFuture<Integer> reading =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return reader.read(new Counting(), 10);
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(PostgresReadingTest::sleeping);
      long start = System.nanoTime();
      reader.cancel();

      assertThat(reading)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableOfType(ExecutionException.class)
          .withStackTraceContaining("canceling statement");
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(5_000);
    }
  }

  private static boolean sleeping() throws SQLException {
    try (Statement statement = postgres.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")) {
      row.next();
      return row.getInt(1) > 0;
    }
  }

  @Test
  void a_reader_that_was_cancelled_before_it_read_reads_nothing() throws SQLException {
    postgres.run("CREATE TABLE never (seq int, id int, v int)");
    Feed feed = feed("never");
    try (Connection connection = postgres.connect()) {
      try (ChunkReader reader =
          feed.open(connection, new Chunk(Part.CHANGES, "", "1"), Resume.START, 10)) {
        reader.cancel();
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> reader.read(new Counting(), 10))
            .withMessage("the reading was cancelled");
      }
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }

  @Test
  void a_base_table_is_read_in_the_order_of_any_key() throws SQLException {
    postgres.run(
        "CREATE TYPE colour AS ENUM ('red', 'green', 'blue')",
        "CREATE TABLE based (seq int, k uuid, c colour, d date, t text, v int)",
        "CREATE TABLE base (k uuid NOT NULL, c colour NOT NULL, d date NOT NULL, t text NOT NULL,"
            + " v int)",
        "INSERT INTO base SELECT md5((g % 3)::text)::uuid, (ARRAY['red', 'blue',"
            + " 'green']::colour[])[g % 2 + 1], date '2024-01-01' + g % 4, 'T' || g, 1 FROM"
            + " generate_series(1, 50) AS g");
    Feed feed =
        Reads.resolve(
            postgres.connection(),
            Specs.changeTable("public.based")
                .key("k", "c", "d", "t")
                .snapshot("public.base")
                .build());
    Collected read = new Collected(feed.layout());
    List<Chunk> chunks = feed.snapshotChunks(postgres.connection(), Position.BEGINNING, 10);
    for (Chunk chunk : chunks) {
      ReadingTest.resumeUntilEnd(postgres.connection(), feed, chunk, 7, read);
    }
    List<Object> texts = new ArrayList<>(read.values("t"));

    assertThat(chunks).hasSize(1);
    assertThat(texts).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void a_column_that_is_another_one_by_the_time_that_a_window_is_read_is_told()
      throws SQLException {
    postgres.run(
        "CREATE TABLE retyped (seq int, id int, v int, amount bigint, at timestamp, n int)",
        "INSERT INTO retyped VALUES (1, 1, 1, 1, '2024-01-01', 1)");
    Feed feed = feed("retyped");
    Chunk chunk = new Chunk(Part.CHANGES, "", "1");

    assertThat(told(feed, chunk, "amount TYPE double precision"))
        .isEqualTo(
            "MIRROR-4051 mirrored.amount: its type was long and is double. Cast it to its old type,"
                + " or mirror the table under another name.");
    assertThat(told(feed, chunk, "amount TYPE bigint")).isEqualTo("read [1]");
    assertThat(told(feed, chunk, "at TYPE timestamptz"))
        .startsWith("MIRROR-4051 mirrored.at: its type was timestamp and is timestamp with zone.");
    assertThat(told(feed, chunk, "at TYPE timestamp")).isEqualTo("read [1]");
    assertThat(told(feed, chunk, "n TYPE bigint")).isEqualTo("read [1]");
    assertThat(told(feed, chunk, "n TYPE interval USING make_interval(n::int)"))
        .startsWith("MIRROR-4051 mirrored.n: its type was int and is interval.");
  }

  /** What comes of reading a chunk after a column was altered. */
  private static String told(Feed feed, Chunk chunk, String column) throws SQLException {
    postgres.run("ALTER TABLE retyped ALTER " + column);
    Collected read = new Collected(feed.layout());
    try (ChunkReader reader = feed.open(postgres.connection(), chunk, Resume.START, 10)) {
      reader.read(read, 10);
      return "read " + read.values("amount");
    } catch (MirrorException e) {
      return e.getMessage();
    }
  }

  @Test
  void a_column_that_another_session_makes_wider_is_read_on_over_the_same_connection()
      throws SQLException {
    String table = "widened";
    Feed feed = widening(table);
    try (Connection reading = postgres.connect();
        Connection other = postgres.connect()) {
      assertThat(widened(reading, feed)).containsExactly("1, a", "binary");
      Postgres.run(other, "ALTER TABLE " + table + " ALTER n TYPE bigint");
      assertThat(widened(reading, feed)).containsExactly("1, a", "binary");
      Postgres.run(other, "ALTER TABLE " + table + " ALTER t TYPE varchar(9)");
      assertThat(widened(reading, feed)).containsExactly("1, a", "binary");
      assertThat(Reads.next(reading, feed, Position.BEGINNING)).isPresent();
    }
  }

  @Test
  void where_a_server_is_told_to_keep_plans_an_outdated_one_is_made_anew_on_another_connection()
      throws SQLException {
    String keeping = "?preparedStatementCacheQueries=256";
    String table = "kept";
    Feed feed = widening(table);
    try (Connection reading = postgres.connect(keeping);
        Connection other = postgres.connect()) {
      assertThat(widened(reading, feed)).containsExactly("1, a", "binary");
      Postgres.run(other, "ALTER TABLE " + table + " ALTER n TYPE bigint");

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> widened(reading, feed))
          .satisfies(error -> assertThat(SqlErrors.classify(error)).isEqualTo(Action.RETRY));
    }
    try (Connection reading = postgres.connect(keeping)) {
      assertThat(widened(reading, feed)).containsExactly("1, a", "binary");
    }
  }

  private static Feed widening(String table) throws SQLException {
    postgres.run(
        "CREATE TABLE " + table + " (seq int, id int, v int, n int, t varchar(5))",
        "INSERT INTO " + table + " VALUES (1, 1, 1, 1, 'a')");
    return feed(table);
  }

  /** What is read of the row, and how numbers came over the wire. */
  private static List<String> widened(Connection connection, Feed feed) throws SQLException {
    List<String> formats = new ArrayList<>();
    Collected read = new Collected(feed.layout());
    Connection watched = watched(connection, formats);
    try (ChunkReader reader =
        feed.open(watched, new Chunk(Part.CHANGES, "", "1"), Resume.START, 10)) {
      reader.read(read, 10);
    }
    return List.of(read.values("n").get(0) + ", " + read.values("t").get(0), formats.get(0));
  }

  /** The connection, and in which form each of its results has its first column. */
  private static Connection watched(Connection connection, List<String> formats) {
    return OtherDatabase.answering(
        Connection.class,
        connection,
        "prepareStatement",
        statement ->
            OtherDatabase.answering(
                PreparedStatement.class,
                statement,
                "executeQuery",
                rows -> {
                  boolean binary =
                      WireFormats.of((ResultSet) rows).at(1) == WireFormats.Format.BINARY;
                  formats.add(binary ? "binary" : "text");
                  return rows;
                }));
  }

  @Test
  void a_position_is_not_compared_with_a_row_that_is_read_as_another_type() throws SQLException {
    postgres.run(
        "CREATE TABLE relaid (seq int, id int, v bigint)", "INSERT INTO relaid VALUES (1, 1, 1)");
    Feed feed = feed("relaid");
    Position last = Reads.next(postgres.connection(), feed, Position.BEGINNING).orElseThrow().to();
    postgres.run("ALTER TABLE relaid ALTER v TYPE double precision");

    assertThatExceptionOfType(MirrorException.class)
        .isThrownBy(() -> feed.head(postgres.connection(), last))
        .withMessageStartingWith("MIRROR-4051 mirrored.v: its type was long and is double.");
  }

  @Test
  void of_many_rows_at_one_position_only_some_are_fetched() throws SQLException {
    postgres.run(
        "CREATE TABLE bulk AS SELECT 1 AS seq, g AS id, 1 AS v FROM generate_series(1, 1500) g");
    Feed feed = feed("bulk");
    List<Integer> limits = new ArrayList<>();

    Position end =
        Reads.next(limited(postgres.connection(), limits), feed, Position.BEGINNING)
            .orElseThrow()
            .to();

    assertThat(end.text()).isEqualTo("1");
    assertThat(limits).containsExactly(1_001);
  }

  /** The connection, and the limits that its statements are given. */
  private static Connection limited(Connection connection, List<Integer> limits) {
    return (Connection)
        Proxy.newProxyInstance(
            PostgresReadingTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(connection, arguments);
              return answer instanceof PreparedStatement statement
                  ? noting(statement, limits)
                  : answer;
            });
  }

  private static PreparedStatement noting(PreparedStatement statement, List<Integer> limits) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            PostgresReadingTest.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("setMaxRows")) {
                limits.add((Integer) arguments[0]);
              }
              return method.invoke(statement, arguments);
            });
  }

  /** Counts, and remembers the keys, which are small numbers. */
  private static final class Counting implements ChangeSink {
    private final BitSet keys = new BitSet();
    private int count;
    private int id;

    private final RowWriter row =
        (RowWriter)
            Proxy.newProxyInstance(
                Counting.class.getClassLoader(),
                new Class<?>[] {RowWriter.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("writeInt") && arguments[0].equals(1)) {
                    id = (Integer) arguments[1];
                  }
                  return null;
                });

    @Override
    public RowWriter row() {
      return row;
    }

    @Override
    public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
      count++;
      keys.set(id);
    }

    @Override
    public void reject(LedgerEntry entry) {
      throw new AssertionError(entry);
    }
  }
}
