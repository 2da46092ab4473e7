package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.ChangeLayout;
import io.datamirror.connect.HeldConnection;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Identity;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.OnHistoryLost;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MirrorEnumeratorTest {

  private final FakeWarehouse warehouse = FakeWarehouse.create(UUID.randomUUID().toString());
  private final FakeEnumeratorContext context = new FakeEnumeratorContext();
  private SourceSettings settings = SourceSettings.of(Until.NOW).withChunkRows(10);
  private RecallPlanner lake = table -> LakeStart.NOTHING;

  private MirrorSource source(MirrorPlan plan) {
    return new MirrorSource(
        plan, settings, warehouse.connections(), lake, NothingRecalled.INSTANCE);
  }

  private SplitEnumerator<MirrorSplit, MirrorEnumeratorState> start(MirrorPlan plan) {
    return start(plan, Executors.newDirectExecutorService());
  }

  private MirrorEnumerator start(MirrorPlan plan, ExecutorService threads) {
    ScheduleRules rules = ScheduleRules.of(settings, plan.spec().source());
    MirrorEnumerator enumerator =
        source(plan).enumerator(context, MirrorSchedule.fresh(plan, rules), threads);
    enumerator.start();
    return enumerator;
  }

  private static void begin(
      SplitEnumerator<MirrorSplit, MirrorEnumeratorState> enumerator, int reader) {
    enumerator.addReader(reader);
    enumerator.handleSourceEvent(reader, new ReaderEvent.Started(List.of(), List.of()));
    enumerator.handleSplitRequest(reader, null);
  }

  private void read(
      SplitEnumerator<MirrorSplit, MirrorEnumeratorState> enumerator, int reader, long time) {
    for (MirrorSplit split : List.copyOf(context.assigned(reader))) {
      Finished finished = new Finished(split.splitId(), split.table(), 1, time);
      enumerator.handleSourceEvent(reader, new ReaderEvent.Read(List.of(finished)));
      context.assigned.get(reader).remove(split);
    }
  }

  @Test
  void readers_that_ask_get_one_split_each_and_hear_when_there_are_no_more() {
    warehouse.append("a", 25);
    var enumerator = start(TestPlans.plan(warehouse, 0, "a"));
    context.register(0);
    context.register(1);
    begin(enumerator, 0);
    begin(enumerator, 1);
    context.tick();
    assertThat(context.assigned(0)).extracting(MirrorSplit::splitId).containsExactly("a/1/0");
    assertThat(context.assigned(1)).extracting(MirrorSplit::splitId).containsExactly("a/1/1");

    read(enumerator, 0, 1);
    enumerator.handleSplitRequest(0, null);
    assertThat(context.assigned(0)).extracting(MirrorSplit::splitId).containsExactly("a/1/2");
    read(enumerator, 0, 1);
    enumerator.handleSplitRequest(0, null);
    context.tick();
    assertThat(context.ended).as("reader 1 still reads").isEmpty();

    read(enumerator, 1, 1);
    enumerator.handleSplitRequest(1, null);
    context.tick();
    assertThat(context.ended).containsExactlyInAnyOrder(0, 1);
    assertThat(context.events.get(0)).contains(new EnumeratorEvent.Known(List.of("a/1/0")));
  }

  @Test
  void no_more_readers_are_served_than_there_are_connections_for_them() {
    warehouse.append("a", 200);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    int most = MirrorSource.readers(plan, 20);
    var enumerator = start(plan);
    context.parallelism = 20;
    for (int reader = 0; reader < 20; reader++) {
      context.register(reader);
      begin(enumerator, reader);
    }
    context.tick();
    assertThat(context.assigned).hasSize(most).hasSizeLessThan(20);

    List<MirrorSplit> lost = List.copyOf(context.assigned(0));
    context.assigned.remove(0);
    enumerator.addSplitsBack(lost, 0);
    begin(enumerator, 0);
    context.tick();
    assertThat(context.assigned).as("another takes its place").hasSize(most).doesNotContainKey(0);

    for (int splits = 0; splits < 20; splits++) {
      for (int reader : List.copyOf(context.assigned.keySet())) {
        if (!context.assigned(reader).isEmpty()) {
          read(enumerator, reader, 1);
          enumerator.handleSplitRequest(reader, null);
        }
      }
    }
    context.tick();
    assertThat(context.assigned).hasSize(most);
    assertThat(context.ended).hasSize(20);
  }

  @Test
  void readers_that_go_on_with_a_split_after_a_rescale_are_among_those_that_are_served()
      throws Exception {
    warehouse.append("a", 200);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    var before = start(plan);
    for (int reader = 0; reader < 3; reader++) {
      context.register(reader);
      begin(before, reader);
    }
    context.tick();
    List<MirrorSplit> kept = context.assigned.values().stream().flatMap(List::stream).toList();
    assertThat(kept).hasSize(3);

    FakeEnumeratorContext after = new FakeEnumeratorContext();
    after.parallelism = 20;
    ScheduleRules rules = ScheduleRules.of(settings, plan.spec().source());
    MirrorSchedule schedule = MirrorSchedule.restored(plan, rules, before.snapshotState(1));
    MirrorEnumerator enumerator =
        source(plan).enumerator(after, schedule, Executors.newDirectExecutorService());
    enumerator.start();
    for (int reader = 0; reader < 17; reader++) {
      after.register(reader);
      begin(enumerator, reader);
    }
    after.tick();
    int others = MirrorSource.readers(plan, 20) - kept.size();
    assertThat(after.assigned).hasSize(others);

    for (int i = 0; i < kept.size(); i++) {
      after.register(17 + i);
      List<Ticket> reading = List.of(Ticket.of(kept.get(i)));
      enumerator.handleSourceEvent(17 + i, new ReaderEvent.Started(reading, List.of()));
    }
    after.tick();
    assertThat(after.assigned).hasSize(others);
  }

  /** Until a tick fails. */
  private void tickForEver() {
    Awaitility.await()
        .until(
            () -> {
              context.tick();
              return false;
            });
  }

  @Test
  void a_failed_question_is_asked_again_until_the_limit() {
    settings = settings.withRetryLimit(Duration.ZERO);
    warehouse.append("a", 5);
    warehouse.failNext("head", new SQLTransientException("gone", "08006"));
    warehouse.failNext("head", new SQLTransientException("gone", "08006"));
    start(TestPlans.plan(warehouse, 0, "a"));
    context.tick();

    assertThatThrownBy(this::tickForEver)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-2006 a: reading kept failing for 0 s, last with SQLTransientException of"
                + " SQL state 08006. Start the mirror again when it answers; it goes on"
                + " where it was.");
  }

  @Test
  void the_board_tells_what_keeps_a_table_from_being_planned_until_it_is() {
    warehouse.append("a", 5);
    warehouse.failNext("head", new SQLTransientException("gone", "08006"));
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    start(plan);
    SourceProgress board = SourceProgress.of(plan.spec().mirror());
    context.tick();

    assertThat(board.table("a").orElseThrow().trouble())
        .map(Trouble::kind)
        .contains("SQLTransientException of SQL state 08006");
    Awaitility.await()
        .untilAsserted(
            () -> {
              context.tick();
              assertThat(board.table("a").orElseThrow().trouble()).isEmpty();
            });
  }

  @Test
  void a_job_that_reads_on_and_on_may_be_restarted_when_the_source_stays_away() {
    settings = SourceSettings.of(Until.STOPPED).withRetryLimit(Duration.ZERO);
    warehouse.append("a", 5);
    warehouse.failNext("head", new SQLTransientException("gone", "08006"));
    warehouse.failNext("head", new SQLTransientException("gone", "08006"));
    start(TestPlans.plan(warehouse, 0, "a"));
    context.tick();

    assertThatThrownBy(this::tickForEver)
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-2006 a: reading kept failing for 0 s, last with")
        .hasMessageEndingWith(
            "Flink restarts the job if its restart strategy lets it. If it has ended, start it again when"
                + " the source answers: it goes on where it was.");
  }

  @Test
  void a_failure_of_one_table_does_not_keep_the_others_waiting() {
    warehouse.append("a", 5);
    warehouse.append("b", 5);
    warehouse.failNext("head", new SQLTransientException("gone", "08006"));
    var enumerator = start(TestPlans.plan(warehouse, 0, "a", "b"));
    context.register(0);
    begin(enumerator, 0);
    context.tick();

    assertThat(context.assigned(0)).extracting(MirrorSplit::table).containsExactly("b");
  }

  @Test
  void a_table_whose_planning_takes_long_does_not_keep_the_others_waiting() throws Exception {
    settings = SourceSettings.of(Until.STOPPED).withChunkRows(10);
    warehouse.append("slow", 5);
    warehouse.append("quick", 5);
    CountDownLatch counted = new CountDownLatch(1);
    warehouse.table("slow").counted = counted;
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "slow", "quick");
    context.register(0);
    context.register(1);
    try (MirrorEnumerator enumerator = impatient(plan, PlanningThreads.executor(2, 2))) {
      enumerator.start();
      begin(enumerator, 0);
      await(() -> context.assigned(0).size() == 1);
      for (int window = 1; window <= 3; window++) {
        assertThat(context.assigned(0))
            .extracting(MirrorSplit::splitId)
            .containsExactly("quick/" + window + "/0");
        warehouse.append("quick", 5);
        read(enumerator, 0, 1);
        enumerator.handleSplitRequest(0, null);
        await(() -> context.assigned(0).size() == 1);
      }

      begin(enumerator, 1);
      assertThat(context.assigned(1)).isEmpty();
      counted.countDown();
      await(() -> context.assigned(1).size() == 1);
      assertThat(context.assigned(1)).extracting(MirrorSplit::table).containsExactly("slow");
      assertThat(warehouse.mostConnections.get()).isEqualTo(2);
    }
    assertThat(warehouse.openConnections.get()).isZero();
  }

  /** One for which the time of the next poll has always come. */
  private MirrorEnumerator impatient(MirrorPlan plan, ExecutorService threads) {
    ScheduleRules rules = ScheduleRules.of(settings, plan.spec().source());
    PlanningConnections connections =
        new PlanningConnections(() -> new HeldConnection(warehouse.connections()));
    Planning planning = new Planning(settings, plan, lake, connections);
    AtomicLong clockMillis = new AtomicLong();
    return new MirrorEnumerator(
        context,
        plan,
        settings,
        MirrorSchedule.fresh(plan, rules),
        new PlanningThreads(context, planning, threads),
        () -> clockMillis.addAndGet(TestPlans.POLL_MILLIS));
  }

  private void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              context.tick();
              return condition.call();
            });
  }

  @Test
  void a_refused_question_ends_the_job_by_name() {
    warehouse.append("a", 5);
    warehouse.failNext("chunks", new SQLSyntaxErrorException("no such column", "42S22"));
    start(TestPlans.plan(warehouse, 0, "a"));

    assertThatThrownBy(context::tick)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .isInstanceOf(MirrorException.class)
        .extracting(error -> ((MirrorException) error).code())
        .isEqualTo(ErrorCode.COLUMN_VANISHED);
  }

  @Test
  void a_table_that_its_feed_says_is_gone_stops_and_does_not_end_the_job() {
    Map<String, String> stopped = new ConcurrentHashMap<>();
    lake = new KeptLake(stopped);
    warehouse.append("a", 5);
    // The first connection is made; that of the next look at the table has to wait.
    warehouse.failNext("connect", new Exception("no failure of a source"));
    warehouse.failNext("connect", new SQLTransientException("gone", "08006"));
    warehouse.failNext(
        "head",
        new MirrorException(
            ErrorCode.SOURCE_TABLE_MISSING, "a", "it is no longer there", "Put it back."));
    var enumerator = start(TestPlans.plan(warehouse, 0, "a"));
    context.register(0);
    begin(enumerator, 0);
    context.tick();

    assertThat(stopped)
        .containsExactly(Map.entry("a", "MIRROR-1025 a: it is no longer there. Put it back."));
  }

  /** A lake that holds why tables are stopped. */
  private record KeptLake(Map<String, String> reasons) implements RecallPlanner, SchemaKeeper {

    @Override
    public LakeStart start(TablePlan table) {
      return LakeStart.NOTHING;
    }

    @Override
    public Optional<SchemaKeeper> schemaKeeper() {
      return Optional.of(this);
    }

    @Override
    public Optional<Problem> follow(TablePlan table, ChangeLayout layout, int arity) {
      return Optional.empty();
    }

    @Override
    public void readAnew(TablePlan table, Identity now) {}

    @Override
    public void stopped(TablePlan table, String reason) {
      reasons.put(table.name(), reason);
    }
  }

  @Test
  void a_lake_that_refuses_ends_the_job_by_its_own_name() {
    lake =
        table -> {
          throw new MirrorException(ErrorCode.TABLE_NOT_OURS, table.name(), "not ours", "Drop it.");
        };
    start(TestPlans.plan(warehouse, 0, "a"));

    assertThatThrownBy(context::tick).cause().hasMessage("MIRROR-3004 a: not ours. Drop it.");
  }

  @Test
  void lost_history_is_read_anew_when_the_spec_says_so() {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    warehouse.failNext(
        "nextWindow", new MirrorException(ErrorCode.HISTORY_LOST, "a", "it is gone", "Keep it."));
    var enumerator = start(TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"));
    context.register(0);
    begin(enumerator, 0);
    context.tick();

    assertThat(context.assigned(0)).extracting(MirrorSplit::splitId).containsExactly("a/1/0");
  }

  @Test
  void changes_that_were_cleaned_up_are_passed_over_only_if_the_spec_says_so() {
    warehouse.append("a", 5);
    MirrorException cleanedUp =
        new MirrorException(ErrorCode.HISTORY_LOST, "a", "it was cleaned up", "Keep it.");
    warehouse.failNext("requireContinuation", cleanedUp);
    var enumerator = start(TestPlans.plan(warehouse, 0, OnHistoryLost.CONTINUE, "a"));
    context.register(0);
    begin(enumerator, 0);
    context.tick();
    assertThat(context.assigned(0)).extracting(MirrorSplit::splitId).containsExactly("a/1/0");

    warehouse.failNext("requireContinuation", cleanedUp);
    start(TestPlans.plan(warehouse, 0, OnHistoryLost.STOP, "a"));
    assertThatThrownBy(context::tick).cause().hasMessageContaining("MIRROR-2009 a: it was cleaned");
  }

  @Test
  void a_window_that_was_cleaned_up_before_it_was_read_ends_the_job_and_is_not_handed_out()
      throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a");
    ScheduleRules rules = ScheduleRules.of(settings, plan.spec().source());
    ScheduleRun run = new ScheduleRun(warehouse, plan).start();
    run.readOn();
    warehouse.append("a", 5);
    MirrorEnumeratorState state = run.pass(TestPlans.POLL_MILLIS).ask().schedule.state();
    warehouse.failNext(
        "requireContinuation",
        new MirrorException(ErrorCode.HISTORY_LOST, "a", "it was cleaned up", "Keep it."));
    MirrorSchedule restored = MirrorSchedule.restored(plan, rules, state);
    MirrorEnumerator enumerator =
        source(plan).enumerator(context, restored, Executors.newDirectExecutorService());
    enumerator.start();
    context.register(0);
    begin(enumerator, 0);

    assertThatThrownBy(context::tick)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "MIRROR-2009 a: it was cleaned up. If only rows that were mirrored were cleaned up, set"
                + " on-history-lost: continue, and start it from the same savepoint or checkpoint: it"
                + " goes on with what is there. Else set on-history-lost: snapshot, and start it from"
                + " the lake, without a savepoint or checkpoint: it then reads the table anew. In a"
                + " query of Flink SQL: start it without its savepoint, into an empty table.");
    assertThat(context.assigned(0)).isEmpty();
  }

  @Test
  void what_failed_before_a_source_said_what_it_lost_counts_no_more_afterwards() {
    settings = settings.withRetryLimit(Duration.ZERO);
    warehouse.append("a", 5);
    SQLTransientException away = new SQLTransientException("gone", "08006");
    warehouse.failNext("requireContinuation", away);
    warehouse.failNext(
        "requireContinuation",
        new MirrorException(ErrorCode.HISTORY_LOST, "a", "it was cleaned up", "Keep it."));
    warehouse.failNext("head", away);
    var enumerator = start(TestPlans.plan(warehouse, 0, OnHistoryLost.CONTINUE, "a"));
    context.register(0);
    begin(enumerator, 0);

    await(() -> context.assigned(0).size() == 1);
    assertThat(warehouse.hasFailed("head")).isTrue();
  }

  @Test
  void what_to_read_anew_would_not_mend_ends_the_job_before_anything_is_read() {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    warehouse.failNext(
        "requireContinuation",
        new MirrorException(
            ErrorCode.SOURCE_TABLE_RECREATED, "a", "of another server", "Mend it."));
    start(TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"));

    assertThatThrownBy(context::tick).cause().hasMessageContaining("MIRROR-2007 a: of another");
  }

  @Test
  void a_snapshot_of_one_moment_that_cannot_be_had_is_not_asked_for_for_ever() {
    warehouse.table("a").hasBase = true;
    warehouse.table("a").pinned = true;
    warehouse.append("a", 5);
    warehouse.failNext(
        "nextWindow", new MirrorException(ErrorCode.HISTORY_LOST, "a", "it is gone", "Keep it."));
    start(TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"));

    assertThatThrownBy(context::tick).cause().hasMessageContaining("MIRROR-2009");
  }

  @Test
  void readers_hear_the_watermark_and_hear_it_again_when_they_begin_again() {
    settings = SourceSettings.of(Until.STOPPED).withChunkRows(10);
    warehouse.append("a", 5);
    var enumerator = start(TestPlans.plan(warehouse, 0, "a"));
    context.register(0);
    context.register(1);
    begin(enumerator, 0);
    begin(enumerator, 1);
    context.tick();
    MirrorSplit split = context.assigned(0).get(0);
    read(enumerator, 0, 1_000_000);
    assertThat(context.watermarks(0)).containsExactly(1_000_000L);
    assertThat(context.watermarks(1)).containsExactly(1_000_000L);

    enumerator.addSplitsBack(List.of(), 0);
    context.unregister(0);
    context.tick();
    context.register(0);
    enumerator.handleSourceEvent(0, new ReaderEvent.Started(List.of(Ticket.of(split)), List.of()));
    assertThat(context.watermarks(0)).as("its chunk is open again").hasSize(1);

    Finished again = new Finished(split.splitId(), split.table(), 1, 1_000_000);
    enumerator.handleSourceEvent(0, new ReaderEvent.Read(List.of(again)));
    assertThat(context.watermarks(0)).containsExactly(1_000_000L, 1_000_000L);
  }

  @Test
  void a_reader_that_failed_gets_nothing_until_it_begins_again() {
    warehouse.append("a", 5);
    var enumerator = start(TestPlans.plan(warehouse, 0, "a"));
    context.register(0);
    begin(enumerator, 0);
    context.tick();
    List<MirrorSplit> lost = List.copyOf(context.assigned(0));
    context.assigned.clear();
    enumerator.addSplitsBack(lost, 0);
    context.tick();
    assertThat(context.assigned(0)).isEmpty();

    begin(enumerator, 0);
    assertThat(context.assigned(0)).isEqualTo(lost);
  }

  /** As in a query: nothing is recalled, and there may be no checkpoints. */
  @Test
  void while_a_reader_that_failed_is_away_nothing_is_planned_and_no_watermark_told() {
    settings = SourceSettings.of(Until.STOPPED).withChunkRows(10);
    warehouse.append("a", 5);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    MirrorEnumerator enumerator = impatient(plan, Executors.newDirectExecutorService());
    enumerator.start();
    context.register(0);
    context.register(1);
    begin(enumerator, 0);
    begin(enumerator, 1);
    context.tick();
    read(enumerator, 0, 1_000_000);
    assertThat(context.watermarks(1)).containsExactly(1_000_000L);

    enumerator.addSplitsBack(List.of(), 0);
    context.unregister(0);
    warehouse.append("a", 5);
    context.tick();
    context.tick();
    assertThat(context.assigned(1)).isEmpty();
    assertThat(enumerator.snapshotState(1).tables().get(0).nextWindow()).isEqualTo(2);
    enumerator.notifyCheckpointAborted(1);
    assertThat(context.watermarks(1)).hasSize(1);

    context.register(0);
    begin(enumerator, 0);
    context.tick();
    assertThat(context.assigned(1)).extracting(MirrorSplit::splitId).containsExactly("a/2/0");
  }

  @Test
  void a_closed_enumerator_holds_no_connection() throws Exception {
    warehouse.append("a", 5);
    var enumerator = start(TestPlans.plan(warehouse, 0, "a"));
    context.tick();
    assertThat(warehouse.openConnections.get()).isOne();

    enumerator.close();
    assertThat(warehouse.openConnections.get()).isZero();
  }

  @Test
  void a_state_by_another_law_is_refused_when_the_job_has_begun() throws Exception {
    MirrorPlan query = TestPlans.query(warehouse, "a");
    MirrorEnumeratorState state =
        new MirrorEnumeratorState(0, List.of(), Map.of("a", "key [OTHER long]"));

    var enumerator = source(query).restoreEnumerator(context, state);

    assertThatThrownBy(enumerator::start)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageStartingWith(
            "MIRROR-3005 a: the savepoint remembers its rows by another law (key [OTHER");
    source(TestPlans.plan(warehouse, 0, "a")).restoreEnumerator(context, state).start();
  }

  @Test
  void only_the_start_that_wrote_a_state_goes_on_with_credentials_that_worked() throws Exception {
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    MirrorSource counted =
        new MirrorSource(
            plan,
            settings,
            new CountedConnections(warehouse.connections()),
            lake,
            NothingRecalled.INSTANCE);
    CountedConnections.GOING_ON.set(0);

    counted.restoreEnumerator(context, new MirrorEnumeratorState(plan.generation() - 1, List.of()));
    assertThat(CountedConnections.GOING_ON).hasValue(0);

    counted.restoreEnumerator(context, new MirrorEnumeratorState(plan.generation(), List.of()));
    assertThat(CountedConnections.GOING_ON).hasValue(1);
  }

  @Test
  void the_board_tells_where_each_table_is() {
    warehouse.append("a", 25);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    start(plan);
    context.tick();

    assertThat(SourceProgress.of(plan.spec().mirror()).tables())
        .containsExactly(
            new TableProgress("a", Phase.CHANGES, 1, 0, 3, "25", 1_000_000, 0, Optional.empty()));
  }

  @Test
  void a_job_with_a_board_of_its_own_leaves_that_of_another_of_the_same_name_alone() {
    settings = settings.withBoard(SourceSettings.Board.OWN);
    warehouse.append("a", 25);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, "a");
    start(plan);
    context.tick();

    assertThat(SourceProgress.of(plan.spec().mirror()).tables()).isEmpty();
  }
}
