package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.OnHistoryLost;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MirrorScheduleTest {

  private final FakeWarehouse warehouse = FakeWarehouse.create(UUID.randomUUID().toString());

  private ScheduleRun run(long settleMillis, String... tables) {
    return new ScheduleRun(warehouse, TestPlans.plan(warehouse, settleMillis, tables));
  }

  @Test
  void windows_of_a_table_are_numbered_from_1_without_gaps_and_follow_each_other()
      throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 3);
    List<WindowFrame> first = run.readOn();
    warehouse.append("a", 2);
    List<WindowFrame> second = run.pass(TestPlans.POLL_MILLIS).readOn();

    assertThat(first)
        .containsExactly(
            new WindowFrame(
                "a",
                1,
                new Window(Position.BEGINNING, ScheduleRun.at(3), 1_000_000),
                "3",
                Long.MIN_VALUE,
                Long.MIN_VALUE));
    assertThat(second).hasSize(1);
    assertThat(second.get(0).number()).isEqualTo(2);
    assertThat(second.get(0).bounds().from()).isEqualTo(ScheduleRun.at(3));
    assertThat(second.get(0).label()).isEqualTo("5");
  }

  @Test
  void the_next_window_waits_for_every_chunk_of_the_one_before() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 25);
    List<ChunkSplit> chunks = run.ask().takeChunks();
    warehouse.append("a", 1);
    run.read(chunks.subList(0, 2), 0);

    assertThat(chunks).extracting(ScheduleRun::from).containsExactly("0", "10", "20");
    assertThat(run.pass(TestPlans.POLL_MILLIS).ask().takeAll()).isEmpty();

    run.read(chunks.subList(2, 3), 0);
    assertThat(run.ask().takeChunks()).extracting(ScheduleRun::from).containsExactly("25");
  }

  @Test
  void a_long_backfill_does_not_keep_other_tables_waiting() throws Exception {
    ScheduleRun run = run(0, "long", "b", "c").start();
    warehouse.append("long", 1_000);
    warehouse.append("b", 5);
    warehouse.append("c", 25);

    List<MirrorSplit> order = run.ask().takeAll();

    assertThat(order).hasSize(104);
    assertThat(order.subList(0, 7))
        .extracting(MirrorSplit::table)
        .containsExactly("long", "b", "c", "long", "c", "long", "c");
  }

  @Test
  void nothing_is_read_before_it_is_settled() throws Exception {
    ScheduleRun run = run(5_000, "a").start();
    warehouse.append("a", 3);

    assertThat(run.readOn()).isEmpty();
    warehouse.append("a", 4);
    assertThat(run.pass(4_999).readOn()).isEmpty();

    List<WindowFrame> windows = run.pass(1_000).readOn();
    assertThat(windows).extracting(WindowFrame::label).containsExactly("3");
  }

  @Test
  void a_window_has_the_same_bounds_after_a_failure() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 15);
    List<ChunkSplit> before = run.ask().takeChunks();
    ScheduleRun again = run.restoredWith(run.plan);
    warehouse.append("a", 100);

    assertThat(again.ask().takeAll()).as("chunks are in the readers' state").isEmpty();
    again.schedule.readerFailed(0, List.copyOf(before));
    again.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of()));
    assertThat(again.ask().takeChunks())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(before);
  }

  @Test
  void a_planned_window_that_nobody_has_is_part_of_the_state() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 15);
    run.ask();
    ScheduleRun again = run.restoredWith(run.plan);
    warehouse.append("a", 100);

    assertThat(again.ask().takeChunks())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(run.takeChunks());
  }

  @Test
  void the_rest_of_a_window_is_handed_out_once_nothing_of_it_is_gone() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 10);
    run.readOn();
    warehouse.append("a", 30);
    List<ChunkSplit> chunks = run.pass(TestPlans.POLL_MILLIS).ask().takeChunks();
    run.read(chunks.subList(0, 1), 0);
    run.schedule.readerFailed(0, List.copyOf(chunks.subList(1, 3)));
    ScheduleRun again = run.restoredWith(run.plan);

    assertThat(again.takeAll()).as("nobody has looked yet").isEmpty();
    again.ask();
    assertThat(warehouse.table("a").continuations).last().isEqualTo(ScheduleRun.at(20));
    List<ChunkSplit> rest = again.takeChunks();
    assertThat(rest).extracting(ScheduleRun::from).containsExactly("20", "30");
    again.read(rest, 0);
    again.restoredWith(run.plan).ask();
    assertThat(warehouse.table("a").continuations).last().isEqualTo(ScheduleRun.at(40));
  }

  @Test
  void until_now_ends_at_what_was_there_at_the_start() throws Exception {
    ScheduleRun run = run(0, "a", "empty").untilNow().start();
    warehouse.append("a", 15);
    List<ChunkSplit> chunks = run.ask().takeChunks();
    warehouse.append("a", 100);
    assertThat(run.schedule.done()).isFalse();
    run.read(chunks, 0);

    assertThat(run.readOn()).isEmpty();
    assertThat(run.schedule.done()).isTrue();
    assertThat(chunks.get(0).frame().label()).isEqualTo("15");
  }

  @Test
  void until_now_asks_a_stopped_table_no_more_often_than_any_other() {
    ScheduleRun run = run(0, "a", "b").untilNow().start();
    for (Question question : run.schedule.questions(0)) {
      Problem problem = Problem.of(ErrorCode.COLUMN_VANISHED, "a", "it is gone", "Put it back.");
      run.schedule.answered(question, new Answer.Refused(problem), 0);
    }

    assertThat(run.schedule.questions(TestPlans.POLL_MILLIS - 1)).isEmpty();
    assertThat(run.schedule.questions(TestPlans.POLL_MILLIS)).hasSize(2);
    assertThat(run.schedule.done()).as("nothing else is read").isTrue();
  }

  @Test
  void until_now_waits_until_what_was_there_is_settled() throws Exception {
    ScheduleRun run = run(5_000, "a").untilNow().start();
    warehouse.append("a", 15);
    assertThat(run.readOn()).isEmpty();
    warehouse.append("a", 100);

    assertThat(run.pass(5_000).readOn()).extracting(WindowFrame::label).containsExactly("15");
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void until_now_waits_for_transactions_that_were_open_at_the_start() throws Exception {
    ScheduleRun run = run(0, "a").untilNow().start();
    warehouse.append("a", 15);
    warehouse.table("a").horizonStalls = true;
    assertThat(run.readOn()).isEmpty();
    warehouse.append("a", 15);
    assertThat(run.pass(60_000).readOn()).isEmpty();
    assertThat(run.schedule.done()).isFalse();
    warehouse.table("a").horizonStalls = false;

    assertThat(run.pass(1_000).readOn()).extracting(WindowFrame::label).containsExactly("15");
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void a_window_that_does_not_move_is_none() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.table("a").idleWindows = true;
    warehouse.append("a", 3);
    run.readOn();

    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn()).isEmpty();
    assertThat(run.schedule.watermarkMillis()).isEqualTo(1_030_000);
    warehouse.append("a", 1);
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn())
        .extracting(WindowFrame::number)
        .containsExactly(2L);
  }

  @Test
  void a_window_that_moves_without_rows_is_one_with_nothing_to_read() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 3);
    warehouse.table("a").rowsHidden = true;
    List<ChunkSplit> chunks = run.ask().takeChunks();

    assertThat(chunks).hasSize(1);
    assertThat(chunks.get(0).chunk()).isNull();
    assertThat(chunks.get(0).chunks()).isEqualTo(1);
    assertThat(chunks.get(0).frame().label()).isEqualTo("3");
  }

  @Test
  void a_new_run_from_old_state_has_a_target_of_its_own() throws Exception {
    ScheduleRun run = run(0, "a").untilNow().start();
    warehouse.append("a", 15);
    run.readOn();
    assertThat(run.schedule.done()).isTrue();
    warehouse.append("a", 5);

    ScheduleRun sameStart = run.restoredWith(run.plan);
    assertThat(sameStart.readOn()).isEmpty();
    assertThat(sameStart.schedule.done()).isTrue();

    ScheduleRun nextStart = run.restoredWith(TestPlans.nextStart(run.plan));
    assertThat(nextStart.readOn()).extracting(WindowFrame::number).containsExactly(2L);
    assertThat(nextStart.schedule.done()).isTrue();
  }

  @Test
  void a_table_that_is_in_the_lake_goes_on_from_its_position() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 15);
    ScheduleRun run =
        run(0, "a")
            .inLake(
                "a",
                new LakeStart(Optional.of(ScheduleRun.at(12)), Identity.UNKNOWN, 77, List.of()))
            .start();

    List<ChunkSplit> chunks = run.ask().takeChunks();

    assertThat(chunks).extracting(ScheduleRun::from).containsExactly("12");
    assertThat(run.schedule.watermarkMillis()).isEqualTo(77);
  }

  @Test
  void changes_wait_until_a_checkpoint_holds_what_was_recalled() throws Exception {
    ScheduleRun run = recalling();
    List<MirrorSplit> parts = run.ask().takeAll();
    run.schedule.checkpointBegins(1);
    run.read(parts.subList(0, 1), 0);
    run.schedule.checkpointCompleted(1);
    run.schedule.checkpointBegins(2);
    run.read(parts.subList(1, 2), 0);
    run.schedule.checkpointCompleted(2);

    assertThat(parts).extracting(MirrorSplit::splitId).containsExactly("a/recall/0", "a/recall/1");
    assertThat(run.ask().takeAll()).as("checkpoint 2 began before all was recalled").isEmpty();

    run.schedule.checkpointBegins(3);
    run.schedule.checkpointBegins(4);
    assertThat(run.ask().takeAll()).isEmpty();
    run.schedule.checkpointCompleted(4);
    assertThat(run.ask().takeChunks()).extracting(ScheduleRun::from).containsExactly("12");
  }

  private ScheduleRun recalling() {
    warehouse.append("a", 15);
    List<byte[]> parts = List.of(new byte[] {1}, new byte[] {2});
    LakeStart start =
        new LakeStart(Optional.of(ScheduleRun.at(12)), Identity.UNKNOWN, Long.MIN_VALUE, parts);
    return run(0, "a").inLake("a", start).start();
  }

  @Test
  void a_part_that_has_to_be_recalled_again_is_waited_for_again() throws Exception {
    ScheduleRun run = recalling();
    List<MirrorSplit> parts = run.ask().takeAll();
    run.read(parts, 0);
    run.schedule.checkpointBegins(1);
    run.schedule.readerFailed(0, parts.subList(0, 1));
    run.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of()));
    run.schedule.checkpointCompleted(1);

    assertThat(run.ask().takeAll()).extracting(MirrorSplit::splitId).containsExactly("a/recall/0");
    run.read(parts, 0);
    run.schedule.checkpointBegins(2);
    run.schedule.checkpointCompleted(2);
    assertThat(run.ask().takeAll()).hasSize(1);
  }

  @Test
  void a_restored_state_in_which_all_was_recalled_is_the_checkpoint_waited_for() throws Exception {
    ScheduleRun run = recalling();
    run.read(run.ask().takeAll(), 0);
    run.schedule.checkpointBegins(1);

    assertThat(run.restoredWith(run.plan).ask().takeAll()).hasSize(1);
  }

  @Test
  void in_batch_nothing_waits_for_a_checkpoint() throws Exception {
    ScheduleRun run = recalling().inBatch().untilNow().start();
    run.read(run.ask().takeAll(), 0);

    assertThat(run.readOn()).hasSize(1);
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void a_source_table_that_was_recreated_stops_the_mirror() throws Exception {
    ScheduleRun run = run(0, "a").start();
    run.readOn();
    warehouse.table("a").identity = "second";

    assertThatThrownBy(() -> run.pass(TestPlans.POLL_MILLIS).ask())
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2007 a: its source table was dropped and created again since it was read."
                + " Drop the table in the lake and start without state, or mirror it under another"
                + " name. In a query of Flink SQL: start it without its savepoint, into an empty table.");
  }

  @Test
  void a_source_table_that_was_recreated_while_nothing_ran_is_noticed() throws Exception {
    ScheduleRun run = run(0, "a").start();
    run.readOn();
    warehouse.table("a").identity = "second";
    MirrorPlan resolvedAnew =
        TestPlans.nextStart(TestPlans.plan(warehouse, 0, OnHistoryLost.STOP, "a"));
    ScheduleRun again = run.restoredWith(resolvedAnew);

    assertThatThrownBy(() -> again.ask())
        .isInstanceOf(MirrorException.class)
        .extracting(error -> ((MirrorException) error).code())
        .isEqualTo(ErrorCode.SOURCE_TABLE_RECREATED);
  }

  @Test
  void a_recreated_table_is_read_anew_when_the_spec_says_so() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    ScheduleRun run =
        new ScheduleRun(warehouse, TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"))
            .start();
    List<WindowFrame> first = run.readOn();
    warehouse.table("a").identity = "second";

    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn())
        .as("the lake has not got yet what was read")
        .isEmpty();
    run.inLake("a", holding(5));
    List<MirrorSplit> second = run.pass(TestPlans.POLL_MILLIS).ask().takeAll();
    run.read(second, 0);
    List<WindowFrame> third = run.readOn();

    assertThat(first).extracting(WindowFrame::number).containsExactly(1L, 2L);
    assertThat(second).extracting(MirrorSplit::splitId).containsExactly("a/3/0", "a/3/1");
    assertThat(second.get(1)).isInstanceOf(SweepSplit.class);
    assertThat(third).extracting(WindowFrame::label).containsExactly("5");
  }

  @Test
  void a_lake_that_holds_another_incarnation_is_read_anew_from_the_start_on() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    List<byte[]> rows = List.of(new byte[] {1});
    ScheduleRun run =
        new ScheduleRun(warehouse, TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"))
            .inLake(
                "a",
                new LakeStart(
                    Optional.of(ScheduleRun.at(5)), new Identity("older"), Long.MIN_VALUE, rows))
            .start();
    List<MirrorSplit> recalled = run.ask().takeAll();
    run.read(recalled, 0);
    run.schedule.checkpointBegins(1);
    run.schedule.checkpointCompleted(1);

    assertThat(run.ask().takeAll())
        .extracting(split -> split.getClass().getSimpleName())
        .containsExactly("ChunkSplit", "SweepSplit");
  }

  @Test
  void a_start_asks_once_whether_all_is_still_there_before_it_reads_on() throws Exception {
    ScheduleRun run = run(0, "a").start();
    run.readOn();
    warehouse.append("a", 3);
    run.pass(TestPlans.POLL_MILLIS).readOn();
    assertThat(warehouse.calls("requireContinuation")).isEqualTo(1);

    ScheduleRun again = run.restoredWith(run.plan);
    again.readOn();
    assertThat(warehouse.calls("requireContinuation")).isEqualTo(2);
  }

  @Test
  void a_table_that_was_stopped_between_windows_asks_whether_all_is_still_there_before_it_goes_on()
      throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 3);
    run.readOn();
    warehouse.append("a", 4);
    refuse(run);
    warehouse.table("a").continuations.clear();

    assertThat(run.pass(TestPlans.POLL_MILLIS).ask().takeChunks())
        .extracting(ScheduleRun::from)
        .containsExactly("3");
    assertThat(warehouse.table("a").continuations).containsExactly(ScheduleRun.at(3));
    assertThat(run.schedule.table("a").refused()).isEmpty();
  }

  @Test
  void a_stopped_table_without_news_goes_on_and_asks_whether_all_is_still_there() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 3);
    run.readOn();
    refuse(run);
    warehouse.table("a").continuations.clear();

    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn()).isEmpty();
    assertThat(warehouse.table("a").continuations).containsExactly(ScheduleRun.at(3));
    warehouse.append("a", 1);
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn())
        .extracting(WindowFrame::label)
        .containsExactly("4");
  }

  /** Answers the next questions by saying that a column is gone. */
  private static void refuse(ScheduleRun run) {
    Problem problem = Problem.of(ErrorCode.COLUMN_VANISHED, "a", "it is gone", "Put it back.");
    run.pass(TestPlans.POLL_MILLIS);
    for (Question question : run.schedule.questions(run.nowMillis)) {
      run.schedule.answered(question, new Answer.Refused(problem), run.nowMillis);
    }
    assertThat(run.schedule.table("a").refused()).isPresent();
  }

  @Test
  void the_rest_of_a_window_whose_table_was_stopped_waits_for_the_same_answer() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 3);
    run.readOn();
    warehouse.append("a", 20);
    List<ChunkSplit> chunks = run.pass(TestPlans.POLL_MILLIS).ask().takeChunks();
    run.read(chunks.subList(0, 1), 0);
    giveBack(run, chunks.get(1), 2);
    run.pass(TestPlans.POLL_MILLIS);
    answer(run, new Answer.Fits(null));

    assertThat(run.schedule.table("a").refused()).isEmpty();
    assertThat(run.takeAll()).as("nobody has looked yet").isEmpty();
    assertThat(answer(run, new Answer.Continues()))
        .asInstanceOf(InstanceOfAssertFactories.type(Question.SeeWindow.class))
        .extracting(asked -> asked.unread().get(0).resume().cursor())
        .isEqualTo("2");
    assertThat(run.takeChunks()).extracting(ScheduleRun::from).containsExactly("13");
  }

  @Test
  void a_sweep_that_cannot_be_read_stops_its_table_until_the_source_fits_again() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    warehouse.append("b", 5);
    ScheduleRun run =
        new ScheduleRun(warehouse, TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a", "b"))
            .start();
    run.readOn();
    warehouse.table("a").identity = "second";
    run.inLake("a", holding(5));
    warehouse.append("b", 5);
    List<MirrorSplit> splits = run.pass(TestPlans.POLL_MILLIS).ask().takeAll();
    MirrorSplit sweep =
        splits.stream().filter(SweepSplit.class::isInstance).findFirst().orElseThrow();
    run.read(splits.stream().filter(split -> split != sweep).toList(), 0);

    run.schedule.finished(List.of(Finished.of(sweep.at(sweep.reading().returned()))));

    assertThat(run.schedule.table("a").refused()).isPresent();
    assertThat(run.schedule.table("b").refused()).isEmpty();
    assertThat(run.takeAll()).isEmpty();
    warehouse.append("b", 5);
    List<MirrorSplit> again = run.pass(TestPlans.POLL_MILLIS).ask().takeAll();
    assertThat(again).extracting(MirrorSplit::splitId).contains("a/3/1").hasSize(2);
    assertThat(run.schedule.table("a").refused()).isEmpty();
    run.read(again, 0);
    assertThat(run.readOn()).extracting(WindowFrame::label).contains("5");
  }

  @Test
  void a_split_that_was_given_back_is_not_handed_out_beside_a_reader_that_has_it_again()
      throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 25);
    List<MirrorSplit> splits = run.ask().takeAll();
    giveBack(run, splits.get(0), 7);
    assertThat(goesBackToItsReader(run, splits.get(0))).hasSize(1);

    assertThat(run.pass(TestPlans.POLL_MILLIS).ask().takeAll()).isEmpty();

    run.read(splits.subList(1, 3), 0);
    warehouse.append("a", 1);
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn()).as("the window is open").isEmpty();
    run.read(splits.subList(0, 1), 0);
    assertThat(run.readOn()).extracting(WindowFrame::label).containsExactly("26");
    assertThat(run.schedule.table("a").refused()).isEmpty();
  }

  @Test
  void a_table_whose_split_went_back_to_its_reader_is_not_stopped_and_ends_where_it_should()
      throws Exception {
    warehouse.append("a", 25);
    ScheduleRun run = run(0, "a").untilNow().start();
    List<MirrorSplit> splits = run.ask().takeAll();
    run.read(splits.subList(1, splits.size()), 0);
    giveBack(run, splits.get(0), 7);
    assertThat(run.schedule.table("a").refused()).isPresent();

    assertThat(goesBackToItsReader(run, splits.get(0)))
        .extracting(TablePlan::name)
        .containsExactly("a");
    assertThat(run.schedule.table("a").refused()).isEmpty();
    assertThat(run.schedule.done()).isFalse();
    run.read(splits.subList(0, 1), 0);
    assertThat(run.schedule.done()).isFalse();
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn()).as("all was read").isEmpty();
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void a_split_that_was_given_back_and_comes_back_once_more_is_read_from_where_less_was_read()
      throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 15);
    List<MirrorSplit> splits = run.ask().takeAll();
    giveBack(run, splits.get(0), 3);
    MirrorSplit once = run.pass(TestPlans.POLL_MILLIS).ask().takeAll().get(0);
    giveBack(run, once, 7);
    run.schedule.readerFailed(0, List.of(splits.get(0)));
    run.schedule.readerFailed(1, List.of(once));
    run.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of()));
    run.schedule.readerStarted(1, new ReaderEvent.Started(List.of(), List.of()));

    assertThat(run.pass(TestPlans.POLL_MILLIS).ask().takeChunks())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly((ChunkSplit) splits.get(0));
  }

  @Test
  void what_was_seen_before_the_columns_fit_does_not_count_any_more() {
    warehouse.table("a").hasBase = true;
    ScheduleRun run = run(0, "a").start();
    Observed before = new Observed(ScheduleRun.at(1), 1_000);
    answer(run, new Answer.InLake(LakeStart.NOTHING));
    answer(run, new Answer.Continues());
    assertThat(answer(run, new Answer.NothingSettled(before, 1_000)))
        .asInstanceOf(InstanceOfAssertFactories.type(Question.PlanSnapshot.class))
        .extracting(Question.PlanSnapshot::seen)
        .isNull();

    assertThat(answer(run, new Answer.Fits(null)))
        .asInstanceOf(InstanceOfAssertFactories.type(Question.PlanSnapshot.class))
        .extracting(Question.PlanSnapshot::seen)
        .isEqualTo(before);

    assertThat(run.schedule.questions(run.nowMillis))
        .singleElement(InstanceOfAssertFactories.type(Question.PlanSnapshot.class))
        .extracting(Question.PlanSnapshot::seen)
        .isNull();
  }

  @Test
  void what_was_seen_by_a_clock_that_was_set_back_does_not_wait_until_it_is_there_again() {
    warehouse.table("a").hasBase = true;
    ScheduleRun run = run(60_000, "a").start();
    Observed ahead = new Observed(ScheduleRun.at(1), 100_000_000);
    answer(run, new Answer.InLake(LakeStart.NOTHING));
    answer(run, new Answer.Continues());
    answer(run, new Answer.NothingSettled(ahead, 100_000_000 - 60_000));
    run.nowMillis += 60_000;
    assertThat(answer(run, new Answer.NothingSettled(ahead, 1_000)))
        .asInstanceOf(InstanceOfAssertFactories.type(Question.PlanSnapshot.class))
        .extracting(Question.PlanSnapshot::seen)
        .as("back by less than it takes to settle")
        .isEqualTo(ahead);

    run.nowMillis += TestPlans.POLL_MILLIS;
    assertThat(run.schedule.questions(run.nowMillis))
        .singleElement(InstanceOfAssertFactories.type(Question.PlanSnapshot.class))
        .extracting(Question.PlanSnapshot::seen)
        .isNull();
  }

  /** Answers the one question that there is, once some time has passed. */
  private static Question answer(ScheduleRun run, Answer answer) {
    run.nowMillis += TestPlans.POLL_MILLIS;
    Question asked = run.schedule.questions(run.nowMillis).get(0);
    run.schedule.answered(asked, answer, run.nowMillis);
    return asked;
  }

  @ParameterizedTest
  @EnumSource(Snapshot.class)
  void a_range_that_was_given_back_is_not_read_from_another_table_of_the_same_name(
      Snapshot snapshot) throws Exception {
    warehouse.table("a").hasBase = snapshot != Snapshot.NONE;
    warehouse.table("a").pinned = snapshot == Snapshot.PINNED;
    warehouse.append("a", 15);
    ScheduleRun run = run(0, "a").start();
    giveBack(run, run.ask().takeAll().get(0), 3);
    warehouse.table("a").identity = "second";

    assertThatThrownBy(() -> run.pass(TestPlans.POLL_MILLIS).ask())
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(
            "MIRROR-2007 a: its source table was dropped and created again since it was read.");
    assertThat(run.takeAll()).isEmpty();
  }

  @Test
  void a_base_table_that_goes_on_changing_is_read_to_its_end_before_it_is_said_to_be_another_one()
      throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    ScheduleRun run =
        new ScheduleRun(warehouse, TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"))
            .start();
    giveBack(run, run.ask().takeAll().get(0), 3);
    warehouse.table("a").identity = "second";

    List<MirrorSplit> again = run.pass(TestPlans.POLL_MILLIS).ask().takeAll();
    assertThat(again).extracting(MirrorSplit::splitId).containsExactly("a/1/0");
    run.read(again, 0);
    assertThatThrownBy(() -> run.pass(TestPlans.POLL_MILLIS).ask())
        .hasMessageStartingWith("MIRROR-2012 a: its base table cannot be read anew: ");
  }

  /** The reader fails, and begins again with a split of before. */
  private static List<TablePlan> goesBackToItsReader(ScheduleRun run, MirrorSplit split) {
    run.schedule.readerFailed(0, List.of());
    return run.schedule.readerStarted(
        0, new ReaderEvent.Started(List.of(Ticket.of(split)), List.of()));
  }

  private static void giveBack(ScheduleRun run, MirrorSplit split, long rows) {
    Resume resume = new Resume(Long.toString(rows), new long[0]);
    Reading reading = new Reading(Reading.Step.RETURNED, resume, rows, Long.MIN_VALUE);
    run.schedule.finished(List.of(Finished.of(split.at(reading))));
  }

  @Test
  void a_snapshot_of_one_moment_is_taken_again_when_its_changes_are_lost() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.table("a").pinned = true;
    warehouse.append("a", 5);
    ScheduleRun run =
        new ScheduleRun(warehouse, TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"))
            .start();
    assertThat(run.readOn()).extracting(WindowFrame::label).containsExactly("5");

    warehouse.append("a", 3);
    run.schedule.table("a").readAgain();
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn())
        .as("the lake has not got yet what was read")
        .isEmpty();
    run.inLake("a", holding(5));
    List<MirrorSplit> second = run.pass(TestPlans.POLL_MILLIS).ask().takeAll();

    assertThat(second).extracting(MirrorSplit::splitId).containsExactly("a/2/0", "a/2/1");
    assertThat(second.get(1)).isInstanceOf(SweepSplit.class);
    assertThat(((ChunkSplit) second.get(0)).frame().label()).isEqualTo("8");
    run.read(second, 0);
    warehouse.append("a", 1);
    assertThat(run.readOn()).extracting(WindowFrame::label).containsExactly("9");
  }

  @Test
  void lost_history_is_not_passed_over_when_there_is_no_base_table_any_more() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    ScheduleRun run =
        new ScheduleRun(warehouse, TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a"))
            .start();
    run.readOn();
    run.schedule.table("a").readAgain();
    run.inLake("a", holding(5));
    warehouse.table("a").hasBase = false;

    assertThatThrownBy(() -> run.pass(TestPlans.POLL_MILLIS).ask())
        .hasMessageStartingWith(
            "MIRROR-2012 a: its base table cannot be read anew: its history was lost, and the spec no"
                + " longer names one.");
  }

  @Test
  void rows_of_a_snapshot_that_was_never_finished_are_looked_for_in_the_next_one()
      throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.table("a").pinned = true;
    warehouse.append("a", 5);
    ScheduleRun run = run(0, "a");
    run.inLake(
        "a",
        new LakeStart(Optional.empty(), Identity.UNKNOWN, Long.MIN_VALUE, List.of(new byte[] {1})));
    List<MirrorSplit> recalled = run.start().ask().takeAll();
    run.read(recalled, 0);
    run.schedule.checkpointBegins(1);
    run.schedule.checkpointCompleted(1);

    assertThat(run.ask().takeAll())
        .hasSize(2)
        .satisfies(splits -> assertThat(splits.get(1)).isInstanceOf(SweepSplit.class));
  }

  @Test
  void what_the_lake_holds_is_told_in_several_splits_when_it_is_too_much_for_one()
      throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    List<byte[]> parts = List.of(new byte[3 << 20], new byte[1 << 20], new byte[1]);
    ScheduleRun run = run(0, "a").inBatch().untilNow();
    run.inLake("a", new LakeStart(Optional.empty(), Identity.UNKNOWN, Long.MIN_VALUE, parts));
    run.read(run.start().ask().takeAll(), 0);
    List<MirrorSplit> splits = run.ask().takeAll();
    List<SweepSplit> sweeps = splits.stream().skip(1).map(SweepSplit.class::cast).toList();

    assertThat(splits).extracting(MirrorSplit::splitId).containsExactly("a/1/0", "a/1/1", "a/1/2");
    assertThat(sweeps).extracting(sweep -> sweep.tasks().size()).containsExactly(2, 1);
    assertThat(sweeps).extracting(SweepSplit::chunks).containsOnly(3);
    run.read(splits.subList(0, 2), 0);
    assertThat(run.ask().takeAll()).as("one sweep is left").isEmpty();
    run.read(splits.subList(2, 3), 0);
    assertThat(run.readOn()).extracting(WindowFrame::label).containsExactly("5");
  }

  private static LakeStart holding(long position) {
    return new LakeStart(
        Optional.of(ScheduleRun.at(position)),
        Identity.UNKNOWN,
        Long.MIN_VALUE,
        List.of(new byte[] {1}));
  }

  @Test
  void a_table_that_waits_to_be_read_anew_goes_on_waiting_after_a_restore() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a");
    ScheduleRun run = new ScheduleRun(warehouse, plan).start();
    run.readOn();
    warehouse.table("a").identity = "second";
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn()).isEmpty();

    ScheduleRun restored = run.restoredWith(plan).inLake("a", holding(4));
    assertThat(restored.pass(TestPlans.POLL_MILLIS).readOn()).isEmpty();
    restored.inLake("a", holding(5));
    assertThat(restored.pass(TestPlans.POLL_MILLIS).ask().takeAll()).hasSize(2);
  }

  @Test
  void a_table_that_loses_its_history_before_it_was_complete_is_refused() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 15);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a");
    ScheduleRun run = new ScheduleRun(warehouse, plan).start();
    run.read(run.ask().takeChunks(), 0);

    assertThatThrownBy(() -> run.schedule.table("a").readAgain())
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2012 a: its base table cannot be read anew: its history was lost again before"
                + " it was complete. Keep its changes for longer than reading the base table takes."
                + " Mirror it under another name, or drop the table in the lake and start without"
                + " state.");
  }

  @Test
  void a_batch_run_that_loses_its_history_on_the_way_does_not_wait_for_ever() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    MirrorPlan plan = TestPlans.plan(warehouse, 0, OnHistoryLost.SNAPSHOT, "a");
    ScheduleRun run = new ScheduleRun(warehouse, plan).inBatch().start();
    run.readOn();
    warehouse.table("a").identity = "second";

    assertThatThrownBy(() -> run.pass(TestPlans.POLL_MILLIS).readOn())
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining(
            "MIRROR-2009 a: its history was lost while it was being read in batch");
  }

  @Test
  void a_table_new_in_the_plan_begins_and_a_removed_one_is_forgotten() throws Exception {
    ScheduleRun run = run(0, "a", "b").start();
    warehouse.append("a", 5);
    warehouse.append("b", 5);
    warehouse.append("c", 5);
    List<ChunkSplit> chunks = run.ask().takeChunks();
    ScheduleRun again = run.restoredWith(TestPlans.plan(warehouse, 0, "b", "c"));
    again.schedule.readerStarted(
        0, new ReaderEvent.Started(List.of(Ticket.of(chunks.get(0))), List.of()));

    assertThat(again.ask().takeChunks()).extracting(ChunkSplit::splitId).containsExactly("c/1/0");
    again.read(chunks, 0);
    assertThat(again.schedule.state().tables())
        .extracting(TableState::table)
        .containsExactly("b", "c");
  }

  @Test
  void nothing_is_handed_out_until_every_failed_reader_said_what_it_goes_on_with()
      throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 25);
    List<MirrorSplit> chunks = run.ask().takeAll();
    run.read(chunks, 0);
    run.schedule.readerFailed(0, chunks.subList(1, 3));
    run.schedule.readerFailed(1, List.of());
    run.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of()));

    assertThat(run.takeAll()).isEmpty();
    assertThat(run.schedule.questions(run.nowMillis)).isEmpty();

    Ticket restored = Ticket.of(chunks.get(0));
    run.schedule.readerStarted(1, new ReaderEvent.Started(List.of(restored), List.of()));
    assertThat(run.takeChunks()).extracting(ScheduleRun::from).containsExactly("10", "20");
    assertThat(run.ask().takeAll()).isEmpty();
    run.read(chunks, 0);
    warehouse.append("a", 1);
    assertThat(run.pass(TestPlans.POLL_MILLIS).readOn())
        .extracting(WindowFrame::number)
        .containsExactly(2L);
  }

  @Test
  void news_that_a_checkpoint_of_the_enumerator_missed_are_told_again() throws Exception {
    ScheduleRun run = run(0, "a").start();
    warehouse.append("a", 5);
    List<MirrorSplit> chunks = run.ask().takeAll();
    ScheduleRun again = run.restoredWith(run.plan);
    Finished finished = Finished.of(chunks.get(0));
    warehouse.append("a", 1);

    assertThat(again.pass(TestPlans.POLL_MILLIS).ask().takeAll()).isEmpty();
    again.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of(finished)));
    again.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of(finished)));
    assertThat(again.ask().takeChunks()).extracting(ScheduleRun::from).containsExactly("5");
  }
}
