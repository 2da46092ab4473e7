package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WatermarkTest {

  private final FakeWarehouse warehouse = FakeWarehouse.create(UUID.randomUUID().toString());

  private ScheduleRun run(long settleMillis, String... tables) {
    return new ScheduleRun(warehouse, TestPlans.plan(warehouse, settleMillis, tables)).start();
  }

  @Test
  void it_is_the_least_over_all_tables() throws Exception {
    ScheduleRun run = run(5_000, "a", "b");
    warehouse.append("a", 5);
    warehouse.append("b", 5);
    List<MirrorSplit> splits = run.ask().pass(5_000).ask().takeAll();
    run.read(splits.subList(0, 1), 999_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(Long.MIN_VALUE);

    run.read(splits.subList(1, 2), 998_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(998_000);
  }

  @Test
  void it_waits_for_every_chunk_of_a_window() throws Exception {
    ScheduleRun run = run(5_000, "a");
    warehouse.append("a", 15);
    List<MirrorSplit> splits = run.ask().pass(5_000).ask().takeAll();
    run.read(splits.subList(1, 2), 999_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(Long.MIN_VALUE);

    run.read(splits.subList(0, 1), 998_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(999_000);
  }

  @Test
  void a_time_that_has_not_come_does_not_advance_it() throws Exception {
    ScheduleRun run = run(5_000, "a");
    warehouse.append("a", 5);
    run.read(run.ask().pass(5_000).ask().takeAll(), 9_000_000);

    assertThat(run.schedule.watermarkMillis()).isEqualTo(1_000_000);
  }

  @Test
  void a_time_that_has_not_come_in_a_lane_does_not_advance_it() throws Exception {
    warehouse.table("a").laned = true;
    ScheduleRun run = run(5_000, "a");
    warehouse.append("a", 5);
    run.read(run.ask().pass(5_000).ask().takeAll(), 9_000_000);
    assertThat(run.schedule.watermarkMillis()).as("others may speak yet").isEqualTo(Long.MIN_VALUE);

    warehouse.append("a", 5);
    run.read(run.pass(TestPlans.POLL_MILLIS).ask().pass(5_000).ask().takeAll(), 9_000_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(1_035_000);
  }

  @Test
  void idle_tables_advance_by_being_asked() throws Exception {
    ScheduleRun run = run(5_000, "busy", "idle");
    run.ask();
    assertThat(run.schedule.watermarkMillis()).isEqualTo(995_000);

    run.pass(TestPlans.POLL_MILLIS).ask();
    assertThat(run.schedule.watermarkMillis()).isEqualTo(1_025_000);
  }

  @Test
  void a_window_advances_to_what_was_settled_before_it() throws Exception {
    ScheduleRun run = run(5_000, "a");
    warehouse.append("a", 5);
    run.readOn();
    run.pass(5_000);

    assertThat(run.readOn()).hasSize(1);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(995_000);
  }

  @Test
  void times_in_a_base_table_do_not_advance_it() throws Exception {
    warehouse.table("a").hasBase = true;
    warehouse.append("a", 5);
    ScheduleRun run = run(0, "a");
    run.read(run.ask().takeAll(), 9_000_000);

    assertThat(run.schedule.watermarkMillis()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void a_window_that_is_read_again_holds_it_back() throws Exception {
    ScheduleRun run = run(0, "a", "b");
    warehouse.append("a", 5);
    List<MirrorSplit> first = run.ask().takeAll();
    run.read(first, 990_000);
    warehouse.append("a", 5);
    List<MirrorSplit> second = run.pass(TestPlans.POLL_MILLIS).ask().takeAll();
    run.read(second, 1_020_000);
    long before = run.schedule.watermarkMillis();

    run.schedule.readerFailed(0, second);
    run.schedule.readerStarted(
        0, new ReaderEvent.Started(List.of(Ticket.of(first.get(0))), List.of()));

    assertThat(before).isEqualTo(1_030_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(Long.MIN_VALUE);
    run.read(first, 990_000);
    assertThat(run.schedule.watermarkMillis()).as("the second is open").isEqualTo(1_000_000);
    run.read(run.takeAll(), 1_020_000);
    assertThat(run.schedule.watermarkMillis()).isEqualTo(1_030_000);
  }

  @Test
  void it_is_part_of_the_state() throws Exception {
    ScheduleRun run = run(5_000, "a");
    warehouse.append("a", 5);
    run.read(run.ask().pass(5_000).ask().takeAll(), 999_000);

    assertThat(run.restoredWith(run.plan).schedule.watermarkMillis()).isEqualTo(999_000);
  }

  @Test
  void records_of_a_window_carry_the_watermark_of_when_it_was_planned() throws Exception {
    ScheduleRun run = run(0, "a");
    warehouse.append("a", 5);
    run.read(run.ask().takeAll(), 999_000);
    warehouse.append("a", 5);

    List<ChunkSplit> next = run.pass(TestPlans.POLL_MILLIS).ask().takeChunks();
    assertThat(next.get(0).frame().watermarkMillis()).isEqualTo(1_000_000);
  }
}
