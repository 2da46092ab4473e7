package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Position;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {

  private final FakeWarehouse warehouse = FakeWarehouse.create(UUID.randomUUID().toString());

  @BeforeEach
  void aTableWithABase() {
    warehouse.table("a").hasBase = true;
  }

  private ScheduleRun run(long settleMillis) {
    return new ScheduleRun(warehouse, TestPlans.plan(warehouse, settleMillis, "a"));
  }

  @Test
  void the_base_is_read_first_and_changes_follow_from_before_it() throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).start();
    List<ChunkSplit> base = run.ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(1_000).read(base, 0);
    List<ChunkSplit> changes = run.ask().takeChunks();

    assertThat(base).extracting(chunk -> chunk.chunk().part()).containsOnly(Chunk.Part.SNAPSHOT);
    assertThat(base).extracting(chunk -> chunk.frame().label()).containsOnly("");
    assertThat(base).extracting(chunk -> chunk.frame().number()).containsOnly(1L);
    assertThat(changes).extracting(ScheduleRun::from).containsExactly("15");
    assertThat(changes.get(0).frame().number()).isEqualTo(2);
    assertThat(changes.get(0).frame().label()).isEqualTo("19");
  }

  @Test
  void changes_that_came_while_the_base_was_read_are_looked_for_before_the_first_window()
      throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).start();
    List<ChunkSplit> base = run.ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(1_000).read(base, 0);
    assertThat(warehouse.table("a").continuations).containsExactly(Position.BEGINNING);

    assertThat(run.ask().takeChunks()).extracting(ScheduleRun::from).containsExactly("15");
    assertThat(warehouse.table("a").continuations).last().isEqualTo(ScheduleRun.at(15));
  }

  @Test
  void windows_settled_before_the_base_was_read_give_no_position() throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(5_000).start();
    assertThat(run.readOn()).isEmpty();
    List<ChunkSplit> base = run.pass(5_000).ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(60_000).read(base, 0);
    assertThat(run.readOn()).isEmpty();

    List<WindowFrame> changes = run.pass(5_000).readOn();

    assertThat(base).hasSize(2);
    assertThat(changes).extracting(WindowFrame::label).containsExactly("19");
    assertThat(changes.get(0).bounds().settledMillis()).isEqualTo(1_065_000);
  }

  @Test
  void an_idle_table_gets_its_position_from_a_window_with_nothing_to_read() throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).untilNow().start();
    List<ChunkSplit> base = run.ask().takeChunks();
    run.read(base, 0);
    List<ChunkSplit> mark = run.ask().takeChunks();

    assertThat(run.schedule.done()).isFalse();
    assertThat(mark).hasSize(1);
    assertThat(mark.get(0).chunk()).isNull();
    assertThat(mark.get(0).frame().label()).isEqualTo("15");
    run.read(mark, 0);
    assertThat(run.readOn()).isEmpty();
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void until_now_reads_up_to_the_end_of_the_snapshot() throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).untilNow().start();
    List<ChunkSplit> base = run.ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(10).read(base, 0);
    List<ChunkSplit> changes = run.ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(10).read(changes, 0);

    assertThat(run.readOn()).isEmpty();
    assertThat(changes.get(0).frame().label()).isEqualTo("19");
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void a_snapshot_of_an_empty_history_starts_at_the_beginning() throws Exception {
    ScheduleRun run = run(5_000).untilNow().start();
    warehouse.table("a").hasBase = false;

    assertThat(run.readOn()).isEmpty();
    assertThat(run.schedule.done()).isTrue();
  }

  @Test
  void a_part_of_the_base_that_is_read_again_takes_the_positions_of_later_windows()
      throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).start();
    List<ChunkSplit> base = run.ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(10).read(base, 0);
    List<ChunkSplit> changes = run.ask().takeChunks();
    assertThat(changes.get(0).frame().label()).isEqualTo("19");

    run.schedule.readerFailed(0, List.copyOf(changes));
    Ticket again = Ticket.of(base.get(0));
    run.schedule.readerStarted(0, new ReaderEvent.Started(List.of(again), List.of()));
    List<ChunkSplit> unlabelled = run.pass(10).ask().takeChunks();
    run.read(unlabelled, 0);
    assertThat(run.ask().takeAll()).isEmpty();
    run.pass(10).read(base, 0);

    assertThat(unlabelled).extracting(chunk -> chunk.frame().label()).containsExactly("");
    List<WindowFrame> rest = run.readOn();
    assertThat(rest).extracting(WindowFrame::label).containsExactly("19");
    assertThat(rest.get(0).bounds().settledMillis()).isEqualTo(1_000_030);
  }

  @Test
  void it_does_not_matter_which_of_two_failed_readers_gives_back_the_base() throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).start();
    List<ChunkSplit> base = run.ask().takeChunks();
    warehouse.append("a", 4);
    run.pass(10).read(base, 0);
    List<ChunkSplit> changes = run.ask().takeChunks();
    run.schedule.readerFailed(0, List.copyOf(base));
    run.schedule.readerFailed(1, List.copyOf(changes));
    run.schedule.readerStarted(0, new ReaderEvent.Started(List.of(), List.of()));
    run.schedule.readerStarted(1, new ReaderEvent.Started(List.of(), List.of()));

    assertThat(run.takeChunks()).extracting(chunk -> chunk.frame().label()).containsOnly("");
  }

  @Test
  void a_restored_snapshot_goes_on_with_the_same_chunks() throws Exception {
    warehouse.append("a", 15);
    ScheduleRun run = run(0).start();
    run.ask();
    ScheduleRun again = run.restoredWith(run.plan);
    warehouse.append("a", 100);

    assertThat(again.ask().takeChunks())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(run.takeChunks());
  }
}
