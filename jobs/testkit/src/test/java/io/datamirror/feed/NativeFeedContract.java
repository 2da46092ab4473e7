package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the feed of every warehouse keeps, over its driver or what stands in for it. */
abstract class NativeFeedContract {

  private static final int CHUNK_ROWS = 50;

  private NativeTable table;
  private Connection connection;

  /** A table of its own for one test: empty, and with its changes kept. */
  abstract NativeTable table() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    table = table();
    connection = table.connect();
  }

  @AfterEach
  void end() throws SQLException {
    connection.close();
    table.close();
  }

  /** A mirror whose snapshot is planned. */
  private Mirroring planned(List<Chunk> chunks) throws Exception {
    return planned(table.feed(), chunks);
  }

  private Mirroring planned(Feed feed, List<Chunk> chunks) throws Exception {
    Mirroring mirror = new Mirroring(feed, table.settleMillis(), CHUNK_ROWS);
    mirror.plan(connection).ifPresent(chunks::addAll);
    if (mirror.last().beginning()) {
      table.settle();
      chunks.addAll(mirror.plan(connection).orElseThrow());
    }
    return mirror;
  }

  /** A mirror of so many rows. */
  private Mirroring started(int rows) throws Exception {
    return started(table.feed(), rows);
  }

  private Mirroring started(Feed feed, int rows) throws Exception {
    table.insert(0, rows);
    List<Chunk> chunks = new ArrayList<>();
    Mirroring mirror = planned(feed, chunks);
    mirror.read(List.of(connection), chunks);
    return mirror;
  }

  private void step(Mirroring mirror) throws Exception {
    table.settle();
    assertThat(mirror.step(List.of(connection))).isTrue();
  }

  private void assertMirrored(Mirroring mirror) throws SQLException {
    assertThat(mirror.fold().rows())
        .containsExactlyInAnyOrderElementsOf(table.rowsAt(mirror.last()));
  }

  private void assertStops(Mirroring mirror, ErrorCode code) {
    table.settle();
    assertThatThrownBy(() -> mirror.step(List.of(connection)))
        .isInstanceOfSatisfying(
            MirrorException.class, error -> assertThat(error.code()).isEqualTo(code));
  }

  private interface Asking {
    void run() throws SQLException;
  }

  private static void assertAsks(Action action, Asking asking) {
    assertThatThrownBy(asking::run)
        .isInstanceOfSatisfying(
            SQLException.class, error -> assertThat(SqlErrors.classify(error)).isEqualTo(action));
  }

  @Test
  void a_snapshot_is_of_one_moment_and_its_parts_can_be_read_whenever() throws Exception {
    table.insert(0, 300);
    List<Chunk> chunks = new ArrayList<>();
    Mirroring mirror = planned(chunks);
    table.truncate();
    mirror.read(List.of(connection), chunks);

    assertThat(chunks).hasSizeGreaterThan(3);
    assertThat(mirror.fold().rows()).hasSize(300);
    assertMirrored(mirror);
    step(mirror);
    assertThat(mirror.fold().rows()).isEmpty();
  }

  @Test
  void a_row_whose_key_changes_leaves_none_behind() throws Exception {
    Mirroring mirror = started(3);
    table.move(1, 777);
    step(mirror);
    assertThat(mirror.fold().rows()).extracting(row -> row.get(0)).containsOnly("0", "777", "2");
    assertMirrored(mirror);
  }

  @Test
  void an_update_that_lowers_the_version_leaves_the_row_as_it_was() throws Exception {
    Mirroring mirror = started(table.feedByNote(), 3);
    table.note(1, "a lower one");
    step(mirror);
    assertRows(mirror, "0,p0,note 0", "1,p1,note 1", "2,p2,note 2");
    table.note(1, "one that is higher");
    step(mirror);
    assertMirrored(mirror);
  }

  @Test
  void an_update_that_cannot_be_applied_leaves_the_row_and_an_entry_in_the_ledger()
      throws Exception {
    Mirroring mirror = started(table.feedByNote(), 3);
    table.note(1, null);
    step(mirror);
    assertRows(mirror, "0,p0,note 0", "1,p1,note 1", "2,p2,note 2");
    assertThat(mirror.fold().rejected())
        .extracting(LedgerEntry::reason, LedgerEntry::error)
        .containsExactly(tuple(LedgerReason.NULL_VERSION, "NOTE is null"));
  }

  @Test
  void an_update_of_the_key_deletes_the_old_one_whatever_the_version() throws Exception {
    Mirroring mirror = started(table.feedByNote(), 3);
    table.move(1, 777);
    step(mirror);
    assertMirrored(mirror);
  }

  @Test
  void a_delete_counts_where_its_unit_adds_no_row_of_the_key() throws Exception {
    Mirroring mirror = started(table.feedByNote(), 4);
    table.delete(1);
    table.replace(2, "the next one");
    table.replace(3, "a lower one");
    step(mirror);
    assertRows(mirror, "0,p0,note 0", "2,p2,the next one", "3,p0,note 3");
  }

  @Test
  void old_images_do_not_come_back_when_a_reading_goes_on_between_the_images_of_a_row()
      throws Exception {
    Mirroring mirror = started(table.feedByNote(), 3);
    table.note(1, "one that is higher");
    table.note(1, "a lower one");
    table.note(2, null);
    table.settle();
    for (Chunk chunk : mirror.plan(connection).orElseThrow()) {
      Resume resume = Resume.START;
      while (resume != null) {
        resume = mirror.read(connection, chunk, resume, 1);
      }
    }
    assertThat(mirror.fold().rejected()).hasSize(1);
    assertThat(rows(mirror)).contains("0,p0,note 0", "2,p2,note 2").hasSize(3);
  }

  private static List<String> rows(Mirroring mirror) {
    return mirror.fold().rows().stream().map(row -> String.join(",", row)).toList();
  }

  private static void assertRows(Mirroring mirror, String... rows) {
    assertThat(rows(mirror)).containsExactlyInAnyOrder(rows);
  }

  @Test
  void a_table_that_is_emptied_and_filled_again_ends_equal() throws Exception {
    Mirroring mirror = started(6);
    table.truncate();
    table.insert(4, 9);
    step(mirror);
    assertThat(mirror.fold().rows()).hasSize(5);
    assertMirrored(mirror);
  }

  @Test
  void two_rows_of_one_key_in_one_unit_are_a_conflict() throws Exception {
    Mirroring mirror = started(3);
    table.insertTwice(9);
    step(mirror);
    assertThat(mirror.fold().conflicts()).isEqualTo(1);
    assertThat(mirror.fold().rows()).hasSize(4);
  }

  @Test
  void the_same_bounds_are_asked_again_after_a_failure() throws Exception {
    Mirroring mirror = started(10);
    table.insert(1_000, 1_200);
    table.settle();
    table.bounds();
    List<Chunk> chunks = mirror.plan(connection).orElseThrow();
    Chunk first = chunks.get(0);
    Resume resume = mirror.read(connection, first, Resume.START, 20);
    table.failOnce();
    assertAsks(Action.RETRY, () -> mirror.read(connection, first, resume, 20));

    // It is another process that goes on, and much has happened meanwhile.
    table.truncate();
    table.settle();
    connection.close();
    connection = table.connect();
    mirror.restart(table.feed());
    mirror.read(connection, first, resume, Integer.MAX_VALUE);
    mirror.read(List.of(connection), chunks.subList(1, chunks.size()));

    assertThat(mirror.fold().rows()).hasSize(210);
    assertThat(mirror.fold().changes()).isEqualTo(210);
    assertMirrored(mirror);
    List<String> bounds = table.bounds();
    assertThat(bounds).hasSizeGreaterThan(chunks.size()).containsOnly(bounds.get(0));
    step(mirror);
    assertThat(mirror.fold().rows()).isEmpty();
  }

  @Test
  void nothing_is_skipped_when_a_window_fails_and_is_split() throws Exception {
    Mirroring mirror = started(3);
    for (int i = 10; i < 14; i++) {
      table.insert(i, i + 1);
      table.settle();
    }
    int before = mirror.windows().size();
    table.asksForTooMuch();
    while (mirror.step(List.of(connection))) {
      assertMirrored(mirror);
    }

    List<Window> windows = mirror.windows();
    assertThat(windows).hasSizeGreaterThan(before + 1);
    for (int i = 1; i < windows.size(); i++) {
      assertThat(windows.get(i).from()).isEqualTo(windows.get(i - 1).to());
    }
    assertThat(mirror.fold().changes()).isEqualTo(7);
    assertThat(mirror.fold().rows()).hasSize(7);
  }

  @Test
  void a_poll_looks_at_the_table_once() throws Exception {
    Mirroring mirror = started(3);
    table.insert(3, 5);
    table.looks();
    step(mirror);
    assertThat(table.looks()).isEqualTo(1);
  }

  @Test
  void a_history_that_is_lost_is_never_skipped() throws Exception {
    Mirroring mirror = started(3);
    table.loseHistory();
    assertStops(mirror, ErrorCode.HISTORY_LOST);
  }

  @Test
  void a_history_that_is_off_is_the_users_to_turn_on() throws Exception {
    Mirroring mirror = started(3);
    table.untrack();
    assertStops(mirror, ErrorCode.TRACKING_OFF);
    assertThatThrownBy(() -> mirror.step(List.of(connection))).hasMessageContaining(table.enable());
  }

  @Test
  void a_table_that_was_created_again_is_another_one() throws Exception {
    Mirroring mirror = started(3);
    table.recreate();
    table.insert(0, 3);
    assertStops(mirror, ErrorCode.SOURCE_TABLE_RECREATED);
  }

  @Test
  void the_key_is_found_in_its_own_order() throws Exception {
    Feed feed = table.feed();
    assertThat(feed.layout().key())
        .extracting(i -> feed.layout().columns().get(i).source())
        .containsExactly("ID", "PART");
  }
}
