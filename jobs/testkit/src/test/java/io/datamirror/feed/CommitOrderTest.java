package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.sql.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that are committed in another order than that of their cursor. */
class CommitOrderTest {

  private static Postgres postgres;

  @BeforeAll
  static void start() throws SQLException {
    postgres = new Postgres();
  }

  @AfterAll
  static void close() throws SQLException {
    postgres.close();
  }

  private static void createChanges(String table) throws SQLException {
    postgres.run(
        "CREATE TABLE "
            + table
            + " (seq bigserial, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), id int, v int)");
  }

  private static void insert(Connection connection, String table, int id) throws SQLException {
    Postgres.run(connection, "INSERT INTO " + table + " (id, v) VALUES (" + id + ", 1)");
  }

  private static Feed plain(String table) throws SQLException {
    return Reads.resolve(
        postgres.connection(), Specs.changeTable("public." + table).exclude("xid").build());
  }

  private static Feed exact(String table) throws SQLException {
    return Reads.resolve(
        postgres.connection(), Specs.changeTable("public." + table).transaction("xid").build());
  }

  /** Reads the next window, if there is one; returns where it ends. */
  private static Position follow(Feed feed, Position last, Collected into) throws SQLException {
    Optional<Window> window = Reads.next(postgres.connection(), feed, last);
    if (window.isEmpty()) {
      return last;
    }
    List<Chunk> chunks = feed.chunks(postgres.connection(), window.get(), 10);
    for (Chunk chunk : chunks) {
      ReadingTest.resumeUntilEnd(postgres.connection(), feed, chunk, 4, into);
    }
    return window.get().to();
  }

  private static List<Object> lateCommit(String table, Feed feed) throws SQLException {
    Collected read = new Collected(feed.layout());
    try (Connection early = postgres.connect()) {
      early.setAutoCommit(false);
      insert(early, table, 1);
      insert(postgres.connection(), table, 2);
      Position last = follow(feed, Position.BEGINNING, read);
      early.commit();
      last = follow(feed, last, read);
      insert(postgres.connection(), table, 3);
      follow(feed, last, read);
    }
    return read.values("id");
  }

  @Test
  void a_plain_cursor_loses_a_row_that_is_committed_late() throws SQLException {
    createChanges("gap");

    assertThat(lateCommit("gap", plain("gap"))).containsExactly(2, 3);
  }

  @Test
  void a_transaction_cursor_loses_none() throws SQLException {
    createChanges("closed");

    assertThat(lateCommit("closed", exact("closed"))).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void nothing_is_settled_behind_a_transaction_that_runs() throws SQLException {
    createChanges("waits");
    Feed feed = exact("waits");
    try (Connection early = postgres.connect()) {
      early.setAutoCommit(false);
      insert(early, "waits", 1);
      Position last =
          Reads.next(postgres.connection(), feed, Position.BEGINNING).orElseThrow().to();
      insert(postgres.connection(), "waits", 2);
      Observed seen = Reads.observe(postgres.connection(), feed, last);

      assertThat(feed.nextWindow(postgres.connection(), last, seen, 0)).isEmpty();
      assertThat(feed.compare(seen.head(), last)).isPositive();
      early.commit();
      Window window = feed.nextWindow(postgres.connection(), last, seen, 0).orElseThrow();
      assertThat(window.settledMillis()).isEqualTo(seen.clockMillis());
      assertThat(feed.compare(window.to(), seen.head())).isNotNegative();
    }
  }

  @Test
  void an_idle_table_has_no_window_and_no_head_behind_its_last_one() throws SQLException {
    createChanges("idle");
    Feed feed = exact("idle");
    insert(postgres.connection(), "idle", 1);
    Position last = Reads.next(postgres.connection(), feed, Position.BEGINNING).orElseThrow().to();

    assertThat(Reads.next(postgres.connection(), feed, last)).isEmpty();
    assertThat(feed.head(postgres.connection(), last)).isEqualTo(last);
    assertThat(last.text()).matches("\\d+:");
  }

  @Test
  void the_transaction_number_is_not_stored_unless_it_is_cast() throws SQLException {
    createChanges("hidden");

    assertThat(exact("hidden").layout().storedColumns())
        .extracting(column -> column.name())
        .containsExactly("seq", "id", "v");
  }

  @Test
  void many_writers_and_one_reader_agree_to_the_last_row() throws Exception {
    createChanges("busy");
    Feed feed = exact("busy");
    int writers = 4;
    int transactions = 40;
    List<CompletableFuture<Void>> writing =
        IntStream.range(0, writers)
            .mapToObj(writer -> CompletableFuture.runAsync(() -> write(writer, transactions)))
            .toList();
    CompletableFuture<Void> written =
        CompletableFuture.allOf(writing.toArray(new CompletableFuture<?>[0]));
    Collected read = new Collected(feed.layout());
    Position last = Position.BEGINNING;
    while (!written.isDone()) {
      last = follow(feed, last, read);
    }
    written.get();
    follow(feed, last, read);

    List<Object> expected = new ArrayList<>();
    for (int id = 0; id < writers * transactions * 3; id++) {
      expected.add(id);
    }
    assertThat(read.values("id")).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void write(int writer, int transactions) {
    Random random = new Random(writer);
    try (Connection connection = postgres.connect()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < transactions; i++) {
        for (int row = 0; row < 3; row++) {
          insert(connection, "busy", (writer * transactions + i) * 3 + row);
          Postgres.run(connection, "SELECT pg_sleep(" + random.nextDouble() * 0.005 + ")");
        }
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_server_that_was_put_back_is_noticed_by_its_transactions() throws SQLException {
    createChanges("restored");
    Feed feed = exact("restored");
    long startedBelow =
        Dialect.of(postgres.connection()).horizon(postgres.connection()).startedBelow();
    Position last = new Position(startedBelow + 1000 + ":");

    assertThatThrownBy(() -> feed.head(postgres.connection(), last))
        .hasMessage(
            "MIRROR-2009 public.restored: the server counts its transactions from a smaller number"
                + " than was read before: it was put back to an older state, or is another one."
                + " If this is a replica that is behind, start again when it has caught up. Else drop"
                + " the table in the lake and start without state, or mirror it under another"
                + " name. Or, if each row that differs has a greater version than in the lake, set"
                + " on-history-lost: snapshot: of others the lake keeps its own, and verify shows"
                + " them. In a query of Flink SQL: start it without its savepoint, into an empty"
                + " table.");
  }

  @Test
  void rows_of_another_server_are_noticed_by_their_transactions() throws SQLException {
    createChanges("copied");
    Feed feed = exact("copied");
    insert(postgres.connection(), "copied", 1);
    feed.requireContinuation(postgres.connection(), Position.BEGINNING);
    postgres.run("INSERT INTO copied (xid, id, v) VALUES ('99999999999', 2, 1)");

    assertThatThrownBy(() -> feed.requireContinuation(postgres.connection(), Position.BEGINNING))
        .hasMessage(
            "MIRROR-2007 public.copied: it has rows of transactions that this server has not begun:"
                + " they were copied from another one. Give all rows the number of a transaction of"
                + " this server: UPDATE public.copied SET xid = pg_current_xact_id().");
  }

  @Test
  void rows_that_a_subscription_brings_have_numbers_of_this_server_or_are_refused()
      throws SQLException {
    createChanges("subscribed");
    Feed feed = exact("subscribed");
    postgres.run("INSERT INTO subscribed (xid, id, v) VALUES ('3', 1, 1)");
    feed.requireContinuation(postgres.connection(), Position.BEGINNING);
    postgres.run("INSERT INTO pg_subscription_rel VALUES (1, 'subscribed'::regclass, 'r', NULL)");

    assertThatThrownBy(() -> feed.requireContinuation(postgres.connection(), Position.BEGINNING))
        .hasMessage(
            "MIRROR-2007 public.subscribed: a subscription fills it with rows that have the"
                + " publisher's transaction numbers: most of them would be in no window. Read the"
                + " publisher. Or leave xid out of the publication, so that its default gives it"
                + " numbers of this server.");
    insert(postgres.connection(), "subscribed", 2);
    feed.requireContinuation(postgres.connection(), Position.BEGINNING);
    postgres.run("DELETE FROM pg_subscription_rel");
  }

  @Test
  void a_user_who_may_not_see_subscriptions_reads_as_before() throws SQLException {
    createChanges("unseen");
    Feed feed = exact("unseen");
    postgres.run(
        "CREATE ROLE blind LOGIN",
        "GRANT SELECT ON unseen TO blind",
        "REVOKE SELECT ON pg_subscription_rel FROM public");
    try {
      postgres.run("SET ROLE blind");
      feed.requireContinuation(postgres.connection(), Position.BEGINNING);
    } finally {
      postgres.run("RESET ROLE", "GRANT SELECT ON pg_subscription_rel TO public");
      postgres.run("DROP OWNED BY blind", "DROP ROLE blind");
    }
  }

  @Test
  void a_table_that_was_put_back_is_noticed_by_the_row_at_its_position() throws SQLException {
    createChanges("undone");
    Feed feed = plain("undone");
    for (int id = 1; id <= 5; id++) {
      insert(postgres.connection(), "undone", id);
    }
    Position last = Reads.next(postgres.connection(), feed, Position.BEGINNING).orElseThrow().to();
    postgres.run(
        "DELETE FROM undone WHERE seq > 3",
        "INSERT INTO undone (seq, id, v) SELECT i, 100 + i, 1 FROM generate_series(4, 9) i");

    assertThatThrownBy(() -> feed.head(postgres.connection(), last))
        .hasMessageContaining(
            "MIRROR-2009 public.undone: other rows stand where it was read up to");
  }
}
