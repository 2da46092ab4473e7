package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** H2 does not tell a table from its namesake, nor from an older state: positions do. */
class RecreatedTableTest {

  private static final String CREATE =
      "CREATE TABLE C (\"seq\" BIGINT, \"id\" INT, \"v\" INT, \"name\" VARCHAR)";

  private H2 h2;
  private Feed feed;
  private Position last;

  @BeforeEach
  void readSomeChanges() throws SQLException {
    h2 = new H2(CREATE, "INSERT INTO C SELECT X, X, 1, 'a' FROM SYSTEM_RANGE(1, 5)");
    feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());
    last = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow().to();
  }

  @AfterEach
  void close() throws SQLException {
    h2.close();
  }

  private void recreate(String rows) throws SQLException {
    h2.run("DROP TABLE C", CREATE, "INSERT INTO C " + rows);
  }

  private void assertLost(String sentence, String nextStep) {
    assertThatExceptionOfType(MirrorException.class)
        .isThrownBy(() -> feed.head(h2.connection(), last))
        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.HISTORY_LOST))
        .withMessage(
            "MIRROR-2009 PUBLIC.C: "
                + sentence
                + ": the table was created anew, or put back to an older state. "
                + nextStep
                + " the table in the lake and start without state, or mirror it under another name."
                + " Or, if each row that differs has a greater version than in the lake, set"
                + " on-history-lost: snapshot: of others the lake keeps its own, and verify shows"
                + " them. In a query of Flink SQL: start it without its savepoint, into an empty"
                + " table.");
  }

  @Test
  void a_shorter_namesake_is_noticed() throws SQLException {
    recreate("SELECT X, X, 1, 'b' FROM SYSTEM_RANGE(1, 3)");

    assertLost(
        "its greatest seq is less than what was read before",
        "If this is a replica that is behind, start again when it has caught up. Else drop");
  }

  @Test
  void a_longer_namesake_is_noticed() throws SQLException {
    recreate("SELECT X, 100 + X, 1, 'b' FROM SYSTEM_RANGE(1, 9)");

    assertLost("other rows stand where it was read up to", "Drop");
  }

  @Test
  void a_namesake_with_the_same_rows_and_more_is_as_good() throws SQLException {
    recreate("SELECT X, X, 1, 'a' FROM SYSTEM_RANGE(1, 9)");

    assertThat(feed.compare(feed.head(h2.connection(), last), new Position("9"))).isZero();
  }

  private void assertCleanedUp() {
    assertThatExceptionOfType(MirrorException.class)
        .isThrownBy(() -> feed.requireContinuation(h2.connection(), last))
        .withMessage(
            "MIRROR-2009 PUBLIC.C: every row up to where it was read is gone, and maybe rows behind"
                + " it: its changes were cleaned up. Keep the newest row that was read. Set"
                + " on-history-lost: snapshot to read the base table anew, or on-history-lost:"
                + " continue to go on with what is there. In a query of Flink SQL: start it"
                + " without its"
                + " savepoint, into an empty table.");
  }

  @Test
  void changes_that_were_cleaned_up_before_they_were_read_are_missed() throws SQLException {
    h2.run("INSERT INTO C SELECT X, X, 1, 'a' FROM SYSTEM_RANGE(6, 20)");
    h2.run("DELETE FROM C WHERE \"seq\" <= 10");

    assertCleanedUp();
  }

  @Test
  void changes_may_be_cleaned_up_as_far_as_they_were_read() throws SQLException {
    h2.run("INSERT INTO C SELECT X, X, 1, 'a' FROM SYSTEM_RANGE(6, 20)");
    h2.run("DELETE FROM C WHERE \"seq\" < 5");
    feed.requireContinuation(h2.connection(), last);
    h2.run("DELETE FROM C WHERE \"seq\" = 5");
    feed.requireContinuation(h2.connection(), last);
    h2.run("DELETE FROM C");
    feed.requireContinuation(h2.connection(), last);
    h2.run("INSERT INTO C VALUES (7, 7, 1, 'a')");

    assertCleanedUp();
  }

  @Test
  void a_table_that_was_never_read_has_lost_nothing() throws SQLException {
    h2.run("DELETE FROM C WHERE \"seq\" <= 3");

    feed.requireContinuation(h2.connection(), Position.BEGINNING);
  }

  @Test
  void an_empty_table_is_one_whose_old_rows_were_removed() throws SQLException {
    h2.run("DELETE FROM C");

    assertThat(feed.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void a_new_column_and_new_content_of_other_columns_change_nothing() throws SQLException {
    h2.run("ALTER TABLE C ADD COLUMN N INT DEFAULT 7", "UPDATE C SET \"name\" = 'erased'");
    Feed again = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());

    assertThat(again.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void a_row_that_comes_late_with_the_same_cursor_changes_nothing() throws SQLException {
    for (int id = 6; id < 40; id++) {
      h2.run("INSERT INTO C VALUES (5, " + id + ", 1, 'late')");
    }

    assertThat(feed.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void very_many_rows_with_one_cursor_are_not_looked_at() throws SQLException {
    h2.run("INSERT INTO C SELECT 6, X, 1, 'a' FROM SYSTEM_RANGE(1, 1001)");
    last = Reads.next(h2.connection(), feed, last).orElseThrow().to();

    assertThat(last).isEqualTo(new Position("6"));
    assertThat(feed.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void a_column_before_the_key_may_go() throws SQLException {
    h2.run("DROP TABLE C", CREATE.replace("(\"seq", "(\"first\" INT, \"seq"));
    h2.run("INSERT INTO C SELECT 0, X, X, 1, 'a' FROM SYSTEM_RANGE(1, 5)");
    feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());
    last = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow().to();
    h2.run("ALTER TABLE C DROP COLUMN \"first\"");
    feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").build());

    assertThat(feed.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void what_else_a_spec_comes_to_say_changes_nothing() throws SQLException {
    Feed upserts =
        Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.C").upsertWins().build());

    assertThat(upserts.head(h2.connection(), last)).isEqualTo(last);
  }

  @Test
  void a_decimal_with_a_fraction_has_no_next_one() throws SQLException {
    readUpTo5ByCursorOf("DECIMAL(12, 2)");
    h2.run("DELETE FROM C", "INSERT INTO C VALUES (5.90, 6, 1, 'a')");

    assertCleanedUp();
  }

  @Test
  void a_whole_number_is_not_the_next_one_where_there_may_be_fractions() throws SQLException {
    readUpTo5ByCursorOf("DECIMAL(18, 3)");
    h2.run("INSERT INTO C VALUES (5.5, 6, 1, 'a'), (6, 7, 1, 'a')");
    h2.run("DELETE FROM C WHERE \"seq\" < 6");

    assertCleanedUp();
  }

  @Test
  void a_decimal_without_a_fraction_has_a_next_one() throws SQLException {
    readUpTo5ByCursorOf("DECIMAL(18, 0)");
    h2.run("DELETE FROM C", "INSERT INTO C VALUES (6, 6, 1, 'a')");
    feed.requireContinuation(h2.connection(), last);
    h2.run("UPDATE C SET \"seq\" = 7");

    assertCleanedUp();
  }

  @Test
  void a_decimal_that_is_cast_to_a_whole_number_has_a_next_one() throws SQLException {
    for (ColumnType whole : List.of(ColumnType.of(Kind.LONG), ColumnType.decimal(20, 0))) {
      readUpTo5By("DECIMAL(18, 3)", Specs.changeTable("PUBLIC.C").cast(Map.of("seq", whole)));
      h2.run("DELETE FROM C", "INSERT INTO C VALUES (6, 6, 1, 'a')");
      feed.requireContinuation(h2.connection(), last);
      h2.run("UPDATE C SET \"seq\" = 7");

      assertCleanedUp();
    }
  }

  @Test
  void a_decimal_that_is_cast_to_one_with_a_fraction_has_no_next_one() throws SQLException {
    Map<String, ColumnType> cast = Map.of("seq", ColumnType.decimal(20, 1));
    readUpTo5By("DECIMAL(18, 3)", Specs.changeTable("PUBLIC.C").cast(cast));
    h2.run("DELETE FROM C", "INSERT INTO C VALUES (6, 6, 1, 'a')");

    assertCleanedUp();
  }

  @Test
  void a_text_has_no_next_one_whatever_it_is_cast_to() throws SQLException {
    Map<String, ColumnType> cast = Map.of("seq", ColumnType.of(Kind.LONG));
    readUpTo5By("VARCHAR", Specs.changeTable("PUBLIC.C").cast(cast));
    h2.run("DELETE FROM C", "INSERT INTO C VALUES (6, 6, 1, 'a')");

    assertCleanedUp();
  }

  private void readUpTo5ByCursorOf(String type) throws SQLException {
    readUpTo5By(type, Specs.changeTable("PUBLIC.C"));
  }

  private void readUpTo5By(String type, Specs spec) throws SQLException {
    h2.run("DROP TABLE C", CREATE.replace("BIGINT", type));
    h2.run("INSERT INTO C SELECT X, X, 1, 'a' FROM SYSTEM_RANGE(1, 5)");
    feed = Reads.resolve(h2.connection(), spec.build());
    last = Reads.next(h2.connection(), feed, Position.BEGINNING).orElseThrow().to();
  }

  @Test
  void a_position_that_also_tells_where_columns_stood_is_understood() throws SQLException {
    Position first = new Position("5~0bc226bdc0fcd27e");

    assertThat(feed.head(h2.connection(), first)).isEqualTo(first);
  }

  @Test
  void what_a_position_says_of_its_rows_is_the_same_in_every_release() {
    assertThat(last).isEqualTo(new Position("5~4e7646a87a3d0e70"));
  }

  @Test
  void a_row_of_an_incremental_table_may_go() throws SQLException {
    h2.run("ALTER TABLE C ALTER COLUMN \"id\" SET NOT NULL");
    Feed incremental = Reads.resolve(h2.connection(), Specs.incremental("PUBLIC.C").build());
    last = Reads.next(h2.connection(), incremental, Position.BEGINNING).orElseThrow().to();
    h2.run("DELETE FROM C WHERE \"seq\" > 3");

    assertThat(incremental.head(h2.connection(), last)).isEqualTo(last);
  }
}
