package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.datamirror.change.Operation;
import io.datamirror.connect.HeldConnection;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.source.SourceSettings.Board;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.OnBadRow;
import io.datamirror.stream.LakeRow;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.TestRecords;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class SplitFetchTest {

  private final FakeWarehouse warehouse = FakeWarehouse.create(UUID.randomUUID().toString());
  private final HeldConnection connection = new HeldConnection(warehouse.connections());
  private final AtomicReference<Thread> fetching = new AtomicReference<>();
  private MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
  private final SourceProgress board = SourceProgress.of("board of a test", Board.OWN);

  private SplitFetch fetch() {
    SourceSettings settings = SourceSettings.of(Until.NOW).withBatchRows(4);
    return fetch(settings, NothingRecalled.INSTANCE);
  }

  private SplitFetch fetch(SourceSettings settings, Recaller recaller) {
    SplitOpener opener = new SplitOpener(plan, settings, recaller, connection);
    return new SplitFetch(opener, connection, settings, board, fetching);
  }

  private static ChunkSplit chunk(long rows) {
    Window window = new Window(Position.BEGINNING, ScheduleRun.at(rows), 1);
    WindowFrame frame = new WindowFrame("a", 1, window, "9", Long.MIN_VALUE, Long.MIN_VALUE);
    Chunk chunk = new Chunk(Chunk.Part.CHANGES, "0", Long.toString(rows));
    return new ChunkSplit(frame, 0, 1, chunk, Reading.NONE);
  }

  private static List<Batch> readAll(SplitFetch fetch) {
    List<Batch> batches = new ArrayList<>();
    while (batches.isEmpty() || !batches.get(batches.size() - 1).last()) {
      RecordsWithSplitIds<Batch> fetched = fetch.fetch();
      if (fetched.nextSplit() != null) {
        batches.add(fetched.nextRecordFromSplit());
      }
    }
    return batches;
  }

  private static List<String> texts(List<Batch> batches) {
    return batches.stream().flatMap(b -> b.records().stream()).map(Collector::text).toList();
  }

  private void add(SplitFetch fetch, MirrorSplit split) {
    fetch.handleSplitsChanges(new SplitsAddition<>(List.of(split)));
  }

  @Test
  void a_chunk_is_read_in_batches_between_its_begin_and_its_end() {
    warehouse.append("a", 10);
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));

    List<Batch> batches = readAll(fetch);

    assertThat(batches).extracting(Batch::rows).containsExactly(4, 4, 2);
    assertThat(batches)
        .extracting(batch -> batch.after().resume().cursor())
        .containsExactly("4", "8", "10");
    assertThat(texts(batches).get(0)).endsWith(" 1 0/1 BEGUN 9");
    assertThat(texts(batches).get(11)).endsWith(" 1 0/1 DONE 9");
    assertThat(batches.get(2).after().rows()).isEqualTo(10);
    assertThat(batches.get(2).after().maxTimeMillis()).isEqualTo(1_000_000);
  }

  @Test
  void a_chunk_whose_last_batch_is_full_ends_with_an_empty_one() {
    warehouse.append("a", 4);
    SplitFetch fetch = fetch();
    add(fetch, chunk(4));

    assertThat(readAll(fetch)).extracting(Batch::rows).containsExactly(4, 0);
  }

  @Test
  void a_sweep_whose_column_is_gone_is_given_back_and_begins_anew() {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 10);
    SplitFetch fetch = fetch();
    SweepSplit sweep = new SweepSplit(chunk(10).frame(), 1, 2, List.of(), Reading.NONE);
    add(fetch, sweep);
    warehouse.failNext("open", new SQLSyntaxErrorException("no such column", "42S22"));

    RecordsWithSplitIds<Batch> given = fetch.fetch();

    assertThat(given.finishedSplits()).containsExactly("a/1/1");
    Reading after = next(given).after();
    assertThat(after.step()).isEqualTo(Reading.Step.RETURNED);
    add(fetch, sweep.at(after.again()));
    assertThat(texts(readAll(fetch)))
        .satisfiesExactly(
            begun -> assertThat(begun).endsWith(" 1 1/2 BEGUN 9"),
            done -> assertThat(done).endsWith(" 1 1/2 DONE 9"));
  }

  @Test
  void a_sweep_tells_where_a_row_is_before_it_deletes_it() {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 10);
    int table = plan.tables().get(0).number();
    MirrorRecord.Change deletion = TestRecords.of(table, TestRecords.delete(77, 5, -5));
    Memory memory = Memory.present(TestRecords.rank(Operation.UPSERT, 5, 50), new byte[] {3}, -5);
    LakeRow gone = new LakeRow(new MirrorRecord.Recall(deletion.key(), memory), deletion);
    SplitFetch fetch = fetch(SourceSettings.of(Until.NOW), new OneRow(gone));
    add(fetch, new SweepSplit(chunk(10).frame(), 1, 2, List.of(new byte[0]), Reading.NONE));

    List<MirrorRecord> records =
        readAll(fetch).stream().flatMap(batch -> batch.records().stream()).toList();

    long readAt = 1;
    assertThat(records.subList(1, records.size() - 1))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new MirrorRecord.Recall(
                deletion.key(), Memory.present(memory.rank(), memory.partition(), readAt)),
            new MirrorRecord.Change(
                deletion.key(), Operation.DELETE, deletion.rank(), readAt, deletion.row()));
  }

  /** A lake of one row. */
  private record OneRow(LakeRow row) implements Recaller {

    @Override
    public Reading open(TablePlan table, byte[] task, long skip) {
      throw new AssertionError("asked for what is known of " + table.name());
    }

    @Override
    public Rows openRows(TablePlan table, byte[] task, OptionalLong order) {
      Iterator<LakeRow> rows = List.of(row).iterator();
      return new Rows() {
        @Override
        public List<LakeRow> next(int max) {
          return rows.hasNext() ? List.of(rows.next()) : List.of();
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void a_chunk_whose_feed_names_a_missing_or_changed_column_or_table_is_given_back() {
    warehouse.append("a", 10);
    for (ErrorCode code :
        List.of(
            ErrorCode.COLUMN_VANISHED, ErrorCode.COLUMN_CHANGED, ErrorCode.SOURCE_TABLE_MISSING)) {
      SplitFetch fetch = fetch();
      add(fetch, chunk(10));
      warehouse.failNext("open", new MirrorException(code, "a", "it is gone", "Put it back."));

      RecordsWithSplitIds<Batch> given = fetch.fetch();

      assertThat(next(given).after().step()).isEqualTo(Reading.Step.RETURNED);
    }
  }

  @Test
  void what_a_feed_says_of_a_whole_source_ends_the_job() {
    warehouse.append("a", 10);
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    warehouse.failNext(
        "open", new MirrorException(ErrorCode.TRACKING_OFF, "a", "it is off", "Turn it on."));

    assertThatThrownBy(fetch::fetch)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage("MIRROR-2020 a: it is off. Turn it on.");
  }

  @Test
  void a_window_that_is_lost_is_left_behind_by_a_start_from_the_lake() {
    warehouse.append("a", 10);
    MirrorException lost =
        new MirrorException(ErrorCode.HISTORY_LOST, "a", "it was cleaned up", "Keep it.");
    String sentence = "MIRROR-2009 a: it was cleaned up. ";

    String inSql = " In a query of Flink SQL: start it without its savepoint, into an empty table.";
    assertEnds(lost, sentence + "Keep it.");
    warehouse.table("a").hasBase = true;
    assertEnds(
        lost,
        sentence
            + "Set on-history-lost: snapshot, and start it from the lake, without a savepoint or"
            + " checkpoint: it then reads the table anew."
            + inSql);
  }

  @Test
  void a_window_that_may_have_been_read_before_it_was_cleaned_up_may_go_on_with_what_is_there() {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 10);
    SourceSettings settings = SourceSettings.of(Until.NOW);
    SplitOpener opener = new SplitOpener(plan, settings, NothingRecalled.INSTANCE, connection);
    opener.doubt(chunk(10));
    SplitFetch fetch = new SplitFetch(opener, connection, settings, board, fetching);
    add(fetch, chunk(10));
    warehouse.failNext(
        "requireContinuation",
        new MirrorException(ErrorCode.HISTORY_LOST, "a", "it was cleaned up", "Keep it."));

    assertThatThrownBy(fetch::fetch)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-2009 a: it was cleaned up. If only rows that were mirrored were cleaned up, set"
                + " on-history-lost: continue, and start it from the same savepoint or checkpoint: it"
                + " goes on with what is there. Else set on-history-lost: snapshot, and start it from"
                + " the lake, without a savepoint or checkpoint: it then reads the table anew. In a"
                + " query of Flink SQL: start it without its savepoint, into an empty table.");
  }

  private void assertEnds(Exception failure, String message) {
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    warehouse.failNext("open", failure);

    assertThatThrownBy(fetch::fetch)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(message);
  }

  @Test
  void every_record_is_an_object_of_its_own() {
    warehouse.append("a", 3);
    SplitFetch fetch = fetch();
    add(fetch, chunk(3));

    assertThat(texts(readAll(fetch)).subList(1, 4))
        .extracting(text -> text.substring(text.lastIndexOf(' ') + 1))
        .containsExactly("n1", "n2", "n3");
  }

  @Test
  void reading_goes_on_after_the_last_batch_when_it_failed() {
    warehouse.append("a", 10);
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    List<Batch> batches = new ArrayList<>();
    batches.add(next(fetch.fetch()));
    warehouse.failNext("read", new SQLTransientException("gone", "08006"));
    warehouse.failNext("open", new SQLTransientException("gone", "08006"));
    warehouse.failNext("connect", new SQLTransientException("gone", "08006"));
    batches.addAll(readAll(fetch));

    assertThat(texts(batches)).hasSize(12).doesNotHaveDuplicates();
    assertThat(warehouse.openConnections.get()).isOne();
  }

  private static Batch next(RecordsWithSplitIds<Batch> fetched) {
    fetched.nextSplit();
    return fetched.nextRecordFromSplit();
  }

  @Test
  void a_resumed_chunk_does_not_begin_twice() {
    warehouse.append("a", 10);
    SplitFetch first = fetch();
    add(first, chunk(10));
    Batch batch = next(first.fetch());
    first.close();
    SplitFetch second = fetch();
    add(second, chunk(10).at(batch.after()));

    List<Batch> rest = readAll(second);

    assertThat(texts(rest)).noneMatch(text -> text.contains("BEGUN"));
    assertThat(rest).extracting(Batch::rows).containsExactly(4, 2);
    assertThat(rest.get(1).after().rows()).isEqualTo(10);
  }

  @Test
  void the_end_of_a_window_with_nothing_to_read_needs_no_connection() {
    ChunkSplit nothing = new ChunkSplit(chunk(9).frame(), 0, 1, null, Reading.NONE);
    SplitFetch fetch = fetch();
    add(fetch, nothing);

    assertThat(texts(readAll(fetch))).hasSize(2);
    assertThat(warehouse.mostConnections.get()).isZero();
  }

  @Test
  void a_hanging_query_is_cancelled_and_asked_again_later() throws Exception {
    warehouse.append("a", 10);
    CountDownLatch hanging = new CountDownLatch(1);
    warehouse.table("a").hang = hanging;
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    CompletableFuture<RecordsWithSplitIds<Batch>> fetched =
        CompletableFuture.supplyAsync(fetch::fetch);
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
    fetch.wakeUp();

    assertThat(fetched.get(5, TimeUnit.SECONDS).nextSplit()).isNull();
    warehouse.table("a").hang = null;
    assertThat(texts(readAll(fetch))).hasSize(12);
  }

  @Test
  void a_source_that_does_not_take_a_cancel_keeps_nobody_waiting() throws Exception {
    warehouse.append("a", 10);
    CountDownLatch hanging = new CountDownLatch(1);
    warehouse.table("a").hang = hanging;
    warehouse.table("a").cancelHangs = new CountDownLatch(1);
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    Thread reading = new Thread(fetch::fetch);
    reading.start();
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
    long startNanos = System.nanoTime();

    fetch.wakeUp();

    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(5));
    assertThat(warehouse.table("a").cancelHangs.getCount()).isZero();
    fetching.get().interrupt();
    reading.join();
  }

  @Test
  void a_reader_that_does_not_close_is_known_to_be_stuck() throws Exception {
    warehouse.append("a", 10);
    CountDownLatch closing = new CountDownLatch(1);
    warehouse.table("a").closeHangs = closing;
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    fetch.fetch();
    assertThat(fetching).hasValue(null);
    Thread ending = new Thread(fetch::close);
    ending.start();

    assertThat(closing.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(fetching).hasValue(ending);
    ending.interrupt();
    ending.join();
    assertThat(fetching).hasValue(null);
  }

  @Test
  void a_query_that_the_database_ends_every_time_needs_a_longer_statement_timeout() {
    warehouse.append("a", 10);
    SplitFetch fetch = impatient(Until.STOPPED);
    add(fetch, chunk(10));
    warehouse.failNext("open", new SQLException("canceling statement", "57014"));
    warehouse.failNext("open", new SQLException("canceling statement", "57014"));
    fetch.fetch();

    assertThatThrownBy(fetch::fetch)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-2006 a: reading kept failing for 0 s, last with SQLException of SQL state 57014."
                + " Raise the statement timeout of the mirror's user.");
  }

  @ParameterizedTest
  @CsvSource({
    "NOW, Start the mirror again when it answers; it goes on where it was.",
    "STOPPED, 'Flink restarts the job if its restart strategy lets it. If it has ended, start it again"
        + " when the source answers: it goes on where it was.'",
  })
  void a_source_that_stays_away_ends_a_run_that_has_an_end_and_has_others_restarted(
      Until until, String nextStep) {
    warehouse.append("a", 10);
    SplitFetch fetch = impatient(until);
    add(fetch, chunk(10));
    warehouse.failNext("open", new SQLTransientException("gone", "08006"));
    warehouse.failNext("open", new SQLTransientException("gone", "08006"));
    fetch.fetch();

    Throwable thrown = catchThrowable(fetch::fetch);

    assertThat(thrown instanceof SuppressRestartsException).isEqualTo(until == Until.NOW);
    assertThat(until == Until.NOW ? thrown.getCause() : thrown)
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2006 a: reading kept failing for 0 s, last with SQLTransientException of SQL"
                + " state 08006. "
                + nextStep);
  }

  @Test
  void the_board_tells_what_keeps_a_table_from_being_read_until_it_is_read_on() {
    warehouse.append("a", 10);
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    warehouse.failNext("open", new SQLTransientException("gone", "08006"));
    board.tell(new TableProgress("a", Phase.CHANGES, 1, 0, 1, "", 0, 0, Optional.empty()));

    fetch.fetch();
    assertThat(board.table("a").orElseThrow().trouble())
        .map(Trouble::kind)
        .contains("SQLTransientException of SQL state 08006");

    readAll(fetch);
    assertThat(board.table("a").orElseThrow().trouble()).isEmpty();
  }

  @Test
  void credentials_that_stay_refused_end_every_run_and_are_told_as_such() {
    warehouse.append("a", 10);
    SplitFetch fetch = impatient(Until.STOPPED);
    add(fetch, chunk(10));
    MirrorException refused =
        new MirrorException(ErrorCode.CREDENTIALS_REPLACED, "kafka", "it refuses them", "Mend.");
    warehouse.failNext("open", refused);
    warehouse.failNext("open", refused);
    fetch.fetch();

    assertThatThrownBy(fetch::fetch)
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCause(refused);
  }

  private SplitFetch impatient(Until until) {
    return fetch(SourceSettings.of(until).withRetryLimit(Duration.ZERO), NothingRecalled.INSTANCE);
  }

  @Test
  void a_sweep_that_comes_to_the_same_failure_every_time_is_given_up() {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 10);
    SplitFetch fetch =
        fetch(SourceSettings.of(Until.NOW).withBatchRows(4), LakeWithoutFiles.INSTANCE);
    add(fetch, new SweepSplit(chunk(10).frame(), 1, 2, List.of(new byte[1]), Reading.NONE));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 200; i++) {
                fetch.fetch();
              }
            })
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageStartingWith("MIRROR-2006 a: reading kept failing again and again, last with")
        .hasMessageContaining(" NotFoundException. ");
  }

  @Test
  void a_chunk_that_begins_anew_and_breaks_every_time_is_given_up() {
    warehouse.append("a", 10);
    warehouse.table("a").begunAnew = true;
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));

    assertThat(batchesBeforeFailures(fetch, 5)).isEqualTo(5);
    assertThatThrownBy(() -> batchesBeforeFailures(fetch, 1))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-2006 a: reading kept failing again and again, last with SQLTransientException of"
                + " SQL state 08006. Start the mirror again when it answers; it goes on where it"
                + " was.");
  }

  @Test
  void a_chunk_that_goes_on_where_it_was_may_break_more_often() {
    warehouse.append("a", 40);
    SplitFetch fetch = fetch();
    add(fetch, chunk(40));

    assertThat(batchesBeforeFailures(fetch, 7)).isEqualTo(7);
    assertThat(readAll(fetch)).extracting(Batch::rows).containsExactly(4, 4, 4, 0);
  }

  /** How many batches came, if reading breaks behind each of so many. */
  private int batchesBeforeFailures(SplitFetch fetch, int failures) {
    int batches = 0;
    for (int i = 0; i < failures; i++) {
      batches += fetch.fetch().nextSplit() == null ? 0 : 1;
      warehouse.failNext("read", new SQLTransientException("gone", "08006"));
      assertThat(fetch.fetch().nextSplit()).isNull();
    }
    return batches;
  }

  /** Another has removed what this one has listed. */
  private enum LakeWithoutFiles implements Recaller {
    INSTANCE;

    @Override
    public Reading open(TablePlan table, byte[] task, long skip) {
      throw new AssertionError("asked for what is known of " + table.name());
    }

    @Override
    public Rows openRows(TablePlan table, byte[] task, OptionalLong order) {
      throw new NotFoundException("a file is gone");
    }
  }

  @Test
  void a_wait_before_the_next_try_ends_when_it_is_woken() throws Exception {
    warehouse.append("a", 10);
    SplitFetch fetch = fetch();
    add(fetch, chunk(10));
    for (int i = 0; i < 8; i++) {
      warehouse.failNext("connect", new SQLTransientException("gone", "08006"));
    }
    fetch.fetch();
    fetch.wakeUp();

    assertThat(fetch.fetch().nextSplit()).isNull();
  }

  private SplitFetch fetchOfLargeBatches() {
    SourceSettings settings = SourceSettings.of(Until.NOW).withBatchRows(1_000);
    return fetch(settings, NothingRecalled.INSTANCE);
  }

  @Test
  void large_rows_make_small_batches() {
    warehouse.append("a", 1);
    String large = "x".repeat(3 << 20);
    for (int i = 2; i <= 40; i++) {
      warehouse.table("a").rows.add(new FakeWarehouse.Row(i, i, i, large, 0));
    }
    SplitFetch fetch = fetchOfLargeBatches();
    add(fetch, chunk(40));

    List<Batch> batches = readAll(fetch);

    assertThat(batches.stream().mapToInt(Batch::rows).sum()).isEqualTo(40);
    assertThat(batches.stream().skip(1).mapToInt(Batch::rows).max().orElse(0)).isLessThan(4);
  }

  @Test
  void large_rows_that_are_rejected_make_small_batches_too() {
    String large = "bad" + "x".repeat(3 << 20);
    for (int i = 1; i <= 20; i++) {
      warehouse.table("a").rows.add(new FakeWarehouse.Row(i, i, i, large, 0));
    }
    SplitFetch fetch = fetchOfLargeBatches();
    add(fetch, chunk(20));

    List<Batch> batches = readAll(fetch);

    assertThat(batches.stream().mapToInt(Batch::rejects).sum()).isEqualTo(20);
    assertThat(batches.stream().skip(1).mapToInt(Batch::rows).max().orElse(0)).isLessThan(4);
  }

  @Test
  void a_row_that_cannot_be_applied_stops_the_job_when_the_spec_says_so() {
    warehouse.table("a").rows.add(new FakeWarehouse.Row(1, 1, 1, "bad", 0));
    TablePlan table = plan.tables().get(0);
    TablePlan strict =
        new TablePlan(TestPlans.spec("a", null, OnBadRow.STOP), table.feed(), table.identity());
    plan = new MirrorPlan(plan.spec(), List.of(strict), 1);
    SplitFetch fetch = fetch();
    add(fetch, chunk(1));

    assertThatThrownBy(fetch::fetch)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-4001 a: a change cannot be applied: bad-value, bad note. Mend it in the source,"
                + " or set on-bad-row to ledger, in SQL to skip, to go on without it.");
  }

  @Test
  void rejected_rows_are_spread_by_what_they_hold() {
    warehouse.append("a", 1);
    warehouse.table("a").rows.add(new FakeWarehouse.Row(2, 2, 2, "bad", 0));
    SplitFetch fetch = fetch();
    add(fetch, chunk(2));
    Batch batch = readAll(fetch).get(0);

    MirrorRecord.Reject reject = (MirrorRecord.Reject) batch.records().get(2);
    assertThat(batch.rejects()).isOne();
    assertThat(reject.key().table()).isEqualTo(plan.tables().get(0).number());
  }
}
