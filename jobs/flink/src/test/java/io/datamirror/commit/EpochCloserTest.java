package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datamirror.change.KeyId;
import io.datamirror.lake.Generations;
import io.datamirror.lake.OwnTable;
import io.datamirror.resolve.Counts;
import io.datamirror.stream.MirrorRecord.Progress;
import io.datamirror.stream.MirrorRecord.Progress.Step;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EpochCloserTest {

  private static final int T = KeyId.tableNumber("t");
  private static final int U = KeyId.tableNumber("u");
  private static final Counts ONE_UPSERT = new Counts(1, 0, 0, 0, 0, 0, 0);
  private static final Counts ONE_NO_OP = new Counts(0, 0, 0, 1, 0, 0, 0);

  /** A state as the first version wrote it: epoch 8, the table t as it begins, nothing pending. */
  private static final String FIRST_VERSION =
      "00000001"
          + "0000000000000008"
          + "00000001"
          + HexFormat.of().toHexDigits(T)
          + "00".repeat(7 * 8)
          + "0000000000000000"
          + "0000000000000000"
          + "0000000000000000"
          + "00000000"
          + "8000000000000000"
          + "00000000"
          + "00000000"
          + "00000000"
          + "00000001"
          + "00000001"
          + "74"
          + "0000000000000007";

  private static final CommitIds IDS = new CommitIds("m", 3, "one", "");

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final EpochCloser closer = closer(EpochCloser.State.start(7, Map.of(U, 500L)));

  private EpochCloser closer(EpochCloser.State state) {
    return new EpochCloser(IDS, 3, Map.of(T, "t", U, "u"), state, clock::get);
  }

  @Test
  void an_epoch_without_anything_is_not_counted() {
    assertThat(closer.close()).isEmpty();
    assertThat(closer.lastEpoch()).isEqualTo(7);
  }

  @Test
  void the_commit_is_named_by_mirror_generation_epoch_and_attempt() {
    closer.add(part(T, 0, "a"));
    Committable committable = closer.close().get(0);
    assertThat(committable.epoch()).isEqualTo(8);
    assertThat(committable.generation()).isEqualTo(3);
    assertThat(committable.commitId()).isEqualTo(IDS.of(8)).hasSize(32);
    assertThat(
            List.of(
                IDS.of(9),
                new CommitIds("m", 4, "one", "").of(8),
                new CommitIds("n", 3, "one", "").of(8),
                new CommitIds("m", 3, "two", "").of(8)))
        .doesNotContain(committable.commitId())
        .doesNotHaveDuplicates();
  }

  @Test
  void attempts_that_have_checkpoints_give_names_of_their_own_and_others_the_same() {
    assertThat(CommitIds.of("m", 3, Closing.BY_CHECKPOINT).of(8))
        .isNotEqualTo(CommitIds.of("m", 3, Closing.BY_CHECKPOINT).of(8));
    assertThat(CommitIds.of("m", 3, Closing.AT_END).of(8))
        .isEqualTo(CommitIds.of("m", 3, Closing.AT_END).of(8));
  }

  @Test
  void names_of_the_commits_of_a_file_sort_behind_all_others() {
    assertThat(IDS.from(Generations.Origin.SOURCE)).isEqualTo(IDS);
    assertThat(IDS.from(Generations.Origin.FILE).of(8))
        .isEqualTo(OwnTable.FILE_COMMIT + IDS.of(8))
        .isGreaterThan("f".repeat(32));
  }

  @Test
  void a_table_has_the_epoch_of_its_tombstones_if_they_are_of_a_file() {
    Part tombstones = part(OwnTable.TOMBSTONES.number(), 0, "x");
    closer.add(tombstones);
    assertThat(closer.close()).extracting(Committable::name).containsExactly("mirror_tombstones");

    EpochCloser file =
        new EpochCloser(
            IDS.from(Generations.Origin.FILE),
            3,
            Map.of(T, "t"),
            EpochCloser.State.start(7, Map.of()),
            clock::get);
    file.add(tombstones);
    assertThat(file.close())
        .extracting(Committable::name, Committable::position)
        .containsExactly(tuple("mirror_tombstones", null), tuple("t", null));
    file.add(part(OwnTable.LEDGER.number(), 0, "l"));
    assertThat(file.close()).extracting(Committable::name).containsExactly("mirror_ledger");
  }

  @Test
  void the_kth_part_of_a_subtask_goes_into_batch_k() {
    closer.add(part(T, 0, "a1"));
    closer.add(part(T, 0, "a2"));
    closer.add(part(T, 1, "b1"));
    closer.add(part(T, 0, "a3"));
    closer.add(part(T, 1, "b2"));
    assertThat(closer.close().get(0).batches())
        .extracting(Batch::dataFiles)
        .containsExactly(List.of("a1", "b1"), List.of("a2", "b2"), List.of("a3"));
    closer.add(part(T, 1, "b3"));
    assertThat(closer.close().get(0).batches())
        .as("counted anew after each close")
        .extracting(Batch::dataFiles)
        .containsExactly(List.of("b3"));
  }

  @Test
  void the_own_tables_come_first() {
    closer.add(part(T, 0, "a"));
    closer.add(part(OwnTable.LEDGER.number(), 0, "l"));
    closer.add(part(OwnTable.TOMBSTONES.number(), 0, "d"));
    assertThat(closer.close())
        .extracting(Committable::name)
        .containsExactly("mirror_tombstones", "mirror_ledger", "t");
  }

  @Test
  void a_table_has_the_position_of_its_last_window_when_all_of_it_was_read() {
    closer.add(part(T, 0, "a"));
    progress(Step.BEGUN, 1, 0, 2, "p1");
    progress(Step.DONE, 1, 0, 2, "p1");
    assertThat(closer.close().get(0).position()).isNull();
    closer.add(part(T, 0, "b"));
    progress(Step.BEGUN, 1, 1, 2, "p1");
    progress(Step.DONE, 1, 1, 2, "p1");
    Committable labelled = closer.close().get(0);
    assertThat(labelled.position()).isEqualTo("p1");
    assertThat(labelled.watermarkMillis()).isEqualTo(1);
  }

  @Test
  void a_table_has_no_position_once_the_next_window_has_begun() {
    closer.add(part(T, 0, "a"));
    done(1, "p1");
    progress(Step.BEGUN, 2, 0, 1, "p2");
    assertThat(closer.close().get(0).position()).isNull();
    progress(Step.DONE, 2, 0, 1, "p2");
    closer.add(part(T, 0, "b"));
    assertThat(closer.close().get(0).position()).isEqualTo("p2");
  }

  @Test
  void a_window_that_is_complete_before_an_earlier_one_says_nothing() {
    closer.add(part(T, 0, "a"));
    done(2, "p2");
    assertThat(closer.close().get(0).position()).isNull();
    closer.add(part(T, 0, "b"));
    done(1, "p1");
    assertThat(closer.close().get(0).position()).isEqualTo("p2");
  }

  @Test
  void a_window_without_a_position_never_gives_one_nor_that_of_the_window_before() {
    closer.add(part(T, 0, "a"));
    done(1, "p1");
    done(2, "");
    assertThat(closer.close().get(0).position()).isNull();
    closer.add(part(T, 0, "b"));
    done(3, "p3");
    assertThat(closer.close().get(0).position()).isEqualTo("p3");
  }

  @Test
  void a_position_is_given_once() {
    closer.add(part(T, 0, "a"));
    done(1, "p1");
    assertThat(closer.close().get(0).position()).isEqualTo("p1");
    closer.add(part(T, 0, "b"));
    assertThat(closer.close().get(0).position()).isNull();
  }

  @Test
  void a_position_that_moves_without_changes_is_committed_now_and_then() {
    done(1, "p1");
    assertThat(closer.close()).as("the first position").hasSize(1);
    done(2, "p2");
    assertThat(closer.close()).isEmpty();
    clock.addAndGet(EpochCloser.IDLE_COMMIT_MILLIS + 1);
    Committable idle = closer.close().get(0);
    assertThat(idle.position()).isEqualTo("p2");
    assertThat(idle.batches()).isEmpty();
  }

  @Test
  void a_position_is_committed_though_the_clock_was_far_ahead_at_the_commit_before() {
    clock.addAndGet(10 * EpochCloser.IDLE_COMMIT_MILLIS);
    done(1, "p1");
    closer.close();
    clock.addAndGet(-10 * EpochCloser.IDLE_COMMIT_MILLIS);
    done(2, "p2");
    assertThat(closer.close().get(0).position()).isEqualTo("p2");
  }

  @Test
  void a_position_that_moves_is_committed_with_counts_or_at_the_end() {
    done(1, "p1");
    closer.close();
    done(2, "p2");
    closer.add(new Part(T, 0, List.of(), List.of(), ONE_NO_OP, Long.MIN_VALUE));
    assertThat(closer.close().get(0).counts()).isEqualTo(ONE_NO_OP);
    done(3, "p3");
    assertThat(closer.close()).isEmpty();
    closer.end();
    assertThat(closer.close().get(0).position()).isEqualTo("p3");
  }

  @Test
  void counts_wait_for_the_next_commit() {
    closer.add(new Part(T, 0, List.of(), List.of(), ONE_NO_OP, Long.MIN_VALUE));
    assertThat(closer.close()).isEmpty();
    closer.add(part(T, 0, "a"));
    assertThat(closer.close().get(0).counts()).isEqualTo(ONE_NO_OP.plus(ONE_UPSERT));
  }

  @Test
  void a_restored_closer_goes_on_where_it_was() throws Exception {
    progress(Step.BEGUN, 1, 0, 2, "p1");
    progress(Step.DONE, 1, 1, 2, "p1");
    progress(Step.BEGUN, 2, 0, 1, "p2");
    closer.add(new Part(T, 0, List.of(), List.of(), ONE_NO_OP, Long.MIN_VALUE));
    closer.add(part(U, 0, "u"));
    List<Committable> pending = closer.close();
    CommitState state = new CommitState(3, 2, closer.state(), pending, Map.of("t", 7L));
    CommitState restored = CommitState.fromBytes(state.toBytes());
    assertThat(restored).isEqualTo(state);

    EpochCloser next = closer(restored.closer());
    next.add(new Progress(T, Step.DONE, 1, 0, 2, "p1", 1));
    next.add(new Progress(T, Step.DONE, 2, 0, 1, "p2", 2));
    Committable committable = next.close().get(0);
    assertThat(committable.epoch()).isEqualTo(9);
    assertThat(committable.position()).isEqualTo("p2");
    assertThat(committable.counts()).isEqualTo(ONE_NO_OP);
  }

  @Test
  void the_position_of_rows_that_are_committed_already_does_not_wait() throws Exception {
    progress(Step.BEGUN, 1, 0, 1, "p1");
    closer.add(part(T, 0, "a"));
    assertThat(closer.close().get(0).position()).isNull();

    EpochCloser next = closer(closer.state());
    next.add(new Progress(T, Step.DONE, 1, 0, 1, "p1", 1));
    assertThat(next.close()).extracting(Committable::position).containsExactly("p1");
    assertThat(next.close()).isEmpty();
  }

  @Test
  void a_commit_tells_the_greatest_watermark_that_a_writer_has_forgotten_by() {
    progress(Step.BEGUN, 1, 0, 1, "p1");
    closer.add(part(T, 0, "a", 40));
    closer.add(part(OwnTable.TOMBSTONES.number(), 1, "x", 90));
    List<Committable> closed = closer.close();
    assertThat(closed).extracting(Committable::position).containsOnlyNulls();
    assertThat(closed).extracting(Committable::watermarkMillis).containsExactly(90L, 90L);

    EpochCloser restored = closer(closer.state());
    restored.add(part(T, 0, "b", 60));
    assertThat(restored.close().get(0).watermarkMillis()).as("never back").isEqualTo(90);
  }

  @Test
  void a_table_keeps_what_the_lake_said_of_it_alone() {
    closer.add(part(T, 0, "a", 40));
    closer.add(part(U, 0, "b", 40));
    assertThat(closer.close())
        .extracting(Committable::name, Committable::watermarkMillis)
        .containsExactlyInAnyOrder(tuple("t", 40L), tuple("u", 500L));
    EpochCloser restored = closer(closer.state());
    restored.add(part(U, 0, "c", 45));
    assertThat(restored.close().get(0).watermarkMillis()).isEqualTo(500);
  }

  @Test
  void a_table_that_joins_has_forgotten_nothing_however_far_the_others_are() {
    EpochCloser alone =
        new EpochCloser(
            IDS, 3, Map.of(T, "t"), EpochCloser.State.start(7, Map.of(T, 0L)), clock::get);
    alone.add(part(T, 0, "a", 90));
    alone.add(part(OwnTable.TOMBSTONES.number(), 0, "x", 90));
    alone.close();

    EpochCloser both =
        closer(alone.state().withNewTables(Map.of(T, Long.MIN_VALUE, U, Long.MIN_VALUE)));
    both.add(part(T, 0, "b", 90));
    both.add(part(U, 0, "u", Long.MIN_VALUE));
    assertThat(both.close())
        .extracting(Committable::name, Committable::watermarkMillis)
        .containsExactlyInAnyOrder(tuple("t", 90L), tuple("u", Long.MIN_VALUE));

    EpochCloser again =
        closer(both.state().withNewTables(Map.of(T, Long.MIN_VALUE, U, Long.MIN_VALUE)));
    again.add(part(OwnTable.TOMBSTONES.number(), 0, "y", 40));
    again.add(part(T, 0, "c", 90));
    again.add(part(U, 0, "v", 40));
    assertThat(again.close())
        .as("both forget from here on")
        .extracting(Committable::name, Committable::watermarkMillis)
        .containsExactlyInAnyOrder(
            tuple("mirror_tombstones", 40L), tuple("t", 90L), tuple("u", 40L));
  }

  @Test
  void a_state_of_the_first_version_is_read() throws Exception {
    CommitState old = CommitState.fromBytes(HexFormat.of().parseHex(FIRST_VERSION));
    assertThat(old.generation()).isEqualTo(CommitState.UNKNOWN);
    assertThat(old.closer().lastEpoch()).isEqualTo(8);
    assertThat(old.closer().watermarkMillis()).isEqualTo(Long.MIN_VALUE);
    assertThat(old.closer().tables())
        .containsExactly(EpochCloser.TableState.start(T, Long.MIN_VALUE));
    assertThat(old.committedEpochs()).isEqualTo(Map.of("t", 7L));
    assertThat(CommitState.fromBytes(old.toBytes())).isEqualTo(old);
  }

  @Test
  void what_a_table_outside_the_spec_left_in_state_does_no_harm() {
    EpochCloser.State state = closer.state();
    EpochCloser smaller =
        new EpochCloser(new CommitIds("m", 4, "", ""), 4, Map.of(U, "u"), state, clock::get);
    smaller.add(part(U, 0, "u"));
    assertThat(smaller.close()).hasSize(1);
  }

  private void done(long window, String position) {
    progress(Step.BEGUN, window, 0, 1, position);
    progress(Step.DONE, window, 0, 1, position);
  }

  private void progress(Step step, long window, int chunk, int chunks, String position) {
    closer.add(new Progress(T, step, window, chunk, chunks, position, window));
  }

  private static Part part(int table, int subtask, String file) {
    return part(table, subtask, file, Long.MIN_VALUE);
  }

  private static Part part(int table, int subtask, String file, long watermarkMillis) {
    Counts counts = OwnTable.ofNumber(table).isPresent() ? Counts.NONE : ONE_UPSERT;
    return new Part(table, subtask, List.of(file), List.of(), counts, watermarkMillis);
  }
}
