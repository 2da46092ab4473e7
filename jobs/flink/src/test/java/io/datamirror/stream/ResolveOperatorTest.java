package io.datamirror.stream;

import static io.datamirror.stream.ResolveHarness.writes;
import static io.datamirror.stream.TestRecords.TABLE;
import static io.datamirror.stream.TestRecords.delete;
import static io.datamirror.stream.TestRecords.key;
import static io.datamirror.stream.TestRecords.of;
import static io.datamirror.stream.TestRecords.rank;
import static io.datamirror.stream.TestRecords.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datamirror.change.Operation;
import io.datamirror.commit.Part;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.Memory;
import io.datamirror.stream.ResolveHarness.Backend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResolveOperatorTest {

  private static final long MEBIBYTE = 1 << 20;
  private static final int OTHER = TABLE + 1;
  private static final Forgetting TEN_SECONDS = new Forgetting(10_000, false);

  @ParameterizedTest
  @EnumSource(Backend.class)
  void changes_are_folded_until_the_barrier(Backend backend) throws Exception {
    try (var harness = harness(backend, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 0), upsert(1, 3, 30, 0, 0), upsert(1, 2, 20, 0, 0));
      assertThat(writes().log).isEmpty();

      harness.prepareSnapshotPreBarrier(1);

      assertThat(writes().log).containsExactly("insert 1=30 in 0", "drain");
      assertThat(harness.parts()).containsExactly(part(new Counts(1, 0, 2, 0, 0, 0, 0)));
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void what_is_remembered_survives_a_restore(Backend backend) throws Exception {
    OperatorSubtaskState state;
    try (var harness = harness(backend, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(upsert(1, 5, 50, 3, 0), upsert(2, 5, 50, 3, 0), delete(2, 6, 0));
      harness.prepareSnapshotPreBarrier(1);
      state = harness.snapshot(1, 1);
    }
    try (var harness = harness(backend, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.initializeState(state);
      harness.open();
      harness.send(upsert(1, 4, 40, 1, 0), upsert(2, 5, 51, 1, 0), upsert(3, 1, 1, 1, 0));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).containsExactly("insert 3=1 in 1", "drain");

      harness.send(upsert(1, 6, 60, 4, 0), upsert(2, 7, 70, 4, 0));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(writes().log)
          .containsExactlyInAnyOrder(
              "insert 3=1 in 1",
              "drain",
              "remove 1 from 3",
              "insert 1=60 in 4",
              "unbury",
              "insert 2=70 in 4",
              "drain");
    }
  }

  @Test
  void what_the_lake_knows_of_a_key_is_taken_over() throws Exception {
    Memory memory = Memory.present(rank(Operation.UPSERT, 9, 90), new byte[] {2}, 77);
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(new MirrorRecord.Recall(key(1), memory), upsert(1, 10, 100, 2, 0));
      harness.prepareSnapshotPreBarrier(1);
      assertThat(writes().log).containsExactly("remove 1 from 2", "insert 1=100 in 2", "drain");
    }
  }

  @Test
  void a_full_bundle_is_written_before_the_barrier_as_a_part_of_its_own() throws Exception {
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_EPOCH, 1)) {
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 0), upsert(1, 2, 20, 0, 0));
      harness.prepareSnapshotPreBarrier(1);

      assertThat(writes().log)
          .containsExactly(
              "insert 1=10 in 0", "drain", "remove 1 from 0", "insert 1=20 in 0", "drain", "drain");
      assertThat(harness.parts()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void an_epoch_says_how_many_rows_it_has_and_a_key_does_not(Backend backend) throws Exception {
    try (var harness = harness(backend, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 0), upsert(2, 1, 10, 0, 0), upsert(2, 2, 10, 0, 0));
      harness.prepareSnapshotPreBarrier(1);
      assertThat(writes().expected).containsExactly(2);
    }
    try (var harness = harness(backend, Forgetting.NOTHING, Flushing.BY_KEY, MEBIBYTE)) {
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 0), upsert(2, 1, 10, 0, 0));
      harness.endInput();
      assertThat(writes().expected).isEmpty();
    }
  }

  @Test
  void a_table_is_complete_with_every_flush_of_an_epoch_and_never_with_that_of_a_key()
      throws Exception {
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 0), upsert(2, 1, 10, 0, 0));
      harness.prepareSnapshotPreBarrier(1);
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().completed).containsExactly(TABLE);
    }
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_KEY, MEBIBYTE)) {
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 0), upsert(2, 1, 10, 0, 0));
      harness.endInput();
      assertThat(writes().completed).isEmpty();
    }
  }

  @Test
  void sorted_input_is_written_key_by_key_and_handed_over_once() throws Exception {
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_KEY, MEBIBYTE)) {
      harness.open();
      Memory known = Memory.present(rank(Operation.UPSERT, 1, 10), new byte[] {5}, 0);
      harness.send(upsert(1, 2, 20, 0, 0), new MirrorRecord.Recall(key(1), known));
      harness.send(upsert(2, 1, 10, 0, 0), delete(2, 2, 0));
      harness.endInput();
      harness.prepareSnapshotPreBarrier(1);

      assertThat(writes().log)
          .containsExactly("remove 1 from 5", "insert 1=20 in 0", "bury", "drain", "drain");
      assertThat(harness.parts()).containsExactly(part(new Counts(1, 1, 1, 0, 0, 0, 0)));
    }
  }

  @Test
  void a_tombstone_is_forgotten_when_the_watermark_has_passed_it_and_then_older_changes_are_late()
      throws Exception {
    Forgetting tenSeconds = new Forgetting(10_000, false);
    try (var harness = harness(Backend.HASH_MAP, tenSeconds, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(delete(1, 5, 1_000), upsert(2, 5, 50, 0, 1_000));
      harness.prepareSnapshotPreBarrier(1);
      harness.processWatermark(new Watermark(60_000));
      harness.prepareSnapshotPreBarrier(2);
      harness.send(upsert(1, 4, 40, 0, 2_000), upsert(1, 6, 60, 0, 55_000));
      harness.send(upsert(2, 6, 60, 1, 55_000));
      harness.prepareSnapshotPreBarrier(3);

      assertThat(writes().log)
          .contains("unbury", "ledger late 1=40", "insert 1=60 in 0", "remove 2 from 0");
      Part last = harness.parts().get(harness.parts().size() - 1);
      assertThat(last.counts()).isEqualTo(new Counts(2, 0, 0, 0, 1, 0, 0));
      assertThat(last.watermarkMillis()).isEqualTo(60_000);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void keys_that_fall_due_at_once_are_forgotten_as_many_at_a_time_as_fit(Backend backend)
      throws Exception {
    int keys = 100;
    Forgetting tenSeconds = new Forgetting(10_000, false);
    try (var harness = harness(backend, tenSeconds, Flushing.BY_EPOCH, MEBIBYTE / 1024)) {
      harness.open();
      for (int i = 0; i < keys; i++) {
        harness.send(delete(i, 5, 1_000));
      }
      harness.prepareSnapshotPreBarrier(1);
      writes().log.clear();

      harness.processWatermark(new Watermark(60_000));

      assertThat(writes().log.subList(0, 20)).contains("unbury", "drain");
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log.stream().filter("unbury"::equals)).hasSize(keys);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void after_a_restore_a_forgotten_key_does_not_come_back(Backend backend) throws Exception {
    Forgetting tenSeconds = new Forgetting(10_000, false);
    OperatorSubtaskState state;
    try (var harness = harness(backend, tenSeconds, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(delete(1, 5, 1_000));
      harness.prepareSnapshotPreBarrier(1);
      harness.processWatermark(new Watermark(60_000));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).contains("unbury");
      state = harness.snapshot(2, 2);
    }
    try (var harness = harness(backend, tenSeconds, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.initializeState(state);
      harness.open();
      harness.send(upsert(1, 4, 40, 0, 2_000));
      harness.processWatermark(new Watermark(5_000));
      harness.send(upsert(1, 3, 30, 0, 2_000), upsert(2, 1, 10, 0, 55_000));
      harness.prepareSnapshotPreBarrier(3);

      assertThat(writes().log)
          .containsExactly("ledger late 1=40", "ledger late 1=30", "insert 2=10 in 0", "drain");
      assertThat(harness.parts()).last().extracting(Part::watermarkMillis).isEqualTo(60_000L);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void keys_from_before_the_lateness_was_raised_are_forgotten_too(Backend backend)
      throws Exception {
    OperatorSubtaskState state;
    try (var harness = harness(backend, TEN_SECONDS, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(delete(1, 5, 1_000));
      harness.prepareSnapshotPreBarrier(1);
      state = harness.snapshot(1, 1);
    }
    Forgetting longer = new Forgetting(60_000, false);
    try (var harness = harness(backend, longer, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.initializeState(state);
      harness.open();
      harness.processWatermark(new Watermark(30_000));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).doesNotContain("unbury");

      harness.processWatermark(new Watermark(90_000));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(writes().log).contains("unbury");
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void keys_from_before_there_was_a_lateness_or_it_was_shortened_are_forgotten_too(Backend backend)
      throws Exception {
    for (Forgetting before : List.of(Forgetting.NOTHING, new Forgetting(600_000, false))) {
      OperatorSubtaskState state;
      try (var harness = harness(backend, before, Flushing.BY_EPOCH, MEBIBYTE)) {
        harness.open();
        harness.send(delete(1, 5, 1_000));
        harness.prepareSnapshotPreBarrier(1);
        state = harness.snapshot(1, 1);
      }
      try (var harness = harness(backend, TEN_SECONDS, Flushing.BY_EPOCH, MEBIBYTE)) {
        harness.initializeState(state);
        harness.open();
        harness.processWatermark(new Watermark(9_000));
        harness.prepareSnapshotPreBarrier(2);
        assertThat(writes().log).doesNotContain("unbury");

        harness.processWatermark(new Watermark(30_000));
        harness.prepareSnapshotPreBarrier(3);
        assertThat(writes().log).as("after %s", before).contains("unbury");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void a_key_of_which_nobody_knows_the_time_outlives_a_lateness_that_comes_later(Backend backend)
      throws Exception {
    OperatorSubtaskState state;
    try (var harness = harness(backend, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(delete(1, 5, Long.MIN_VALUE));
      harness.prepareSnapshotPreBarrier(1);
      state = harness.snapshot(1, 1);
    }
    try (var harness = harness(backend, TEN_SECONDS, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.initializeState(state);
      harness.open();
      harness.processWatermark(new Watermark(30_000));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).doesNotContain("unbury");
    }
  }

  @Test
  void a_state_knows_by_which_lateness_its_keys_are_looked_at_again() throws Exception {
    Forgotten some = new Forgotten(Map.of(), Map.of(), Map.of(TABLE, 10_000L));
    Forgotten others = new Forgotten(Map.of(), Map.of(), Map.of(TABLE, 20_000L));
    Forgotten read = Forgotten.fromBytes(some.and(others).toBytes());
    assertThat(read.looksAgain(TABLE, 20_000)).isTrue();
    assertThat(read.looksAgain(TABLE, 10_000)).isFalse();
    assertThat(read.looksAgain(OTHER, Forgetting.NEVER)).isTrue();

    ByteBuffer three = ByteBuffer.allocate(4 + 4 + 12 + 4).putInt(3).putInt(1);
    three.putInt(TABLE).putLong(60_000).putInt(0);
    Forgotten silent = Forgotten.fromBytes(three.array());
    assertThat(silent.watermarkMillis(TABLE, 99_000)).isEqualTo(60_000);
    assertThat(silent.looksAgain(TABLE, 10_000)).as("nobody knows").isFalse();
  }

  @Test
  void no_key_of_a_table_that_a_state_does_not_know_is_looked_at() throws Exception {
    Forgotten without = new Forgotten(Map.of(TABLE, 60_000L), Map.of(), Map.of(TABLE, 10_000L));
    Forgotten read = Forgotten.fromBytes(without.toBytes());
    assertThat(read.looksAgain(TABLE, 10_000)).isTrue();
    assertThat(read.looksAgain(OTHER, 10_000)).as("it joins").isTrue();
    assertThat(Forgotten.NOTHING.looksAgain(OTHER, 10_000)).as("nobody knows").isFalse();
  }

  @Test
  void what_was_forgotten_stays_late_when_the_lateness_is_longer_or_gone() throws Exception {
    OperatorSubtaskState rows = forgotten(new Forgetting(10_000, true), upsert(1, 5, 50, 0, 1_000));
    OperatorSubtaskState tombstones = forgotten(TEN_SECONDS, delete(1, 5, 1_000));
    List<Forgetting> rules =
        List.of(new Forgetting(60_000, true), new Forgetting(60_000, false), Forgetting.NOTHING);
    for (Forgetting rule : rules) {
      for (OperatorSubtaskState state : List.of(rows, tombstones)) {
        assertThat(lateAfter(state, rule)).containsExactly("ledger late 1=60", "drain");
      }
    }
  }

  /** A state in which the key of a change is forgotten. */
  private static OperatorSubtaskState forgotten(Forgetting rule, MirrorRecord change)
      throws Exception {
    try (var harness = harness(rule, Floors.NONE)) {
      harness.open();
      harness.send(change);
      harness.prepareSnapshotPreBarrier(1);
      harness.processWatermark(new Watermark(30_000));
      harness.prepareSnapshotPreBarrier(2);
      return harness.snapshot(2, 2);
    }
  }

  /** What becomes of a change of the key, here and after another restore. */
  private static List<String> lateAfter(OperatorSubtaskState state, Forgetting rule)
      throws Exception {
    OperatorSubtaskState again;
    try (var harness = harness(rule, Floors.NONE)) {
      harness.initializeState(state);
      harness.open();
      again = harness.snapshot(3, 3);
    }
    try (var harness = harness(rule, Floors.NONE)) {
      harness.initializeState(again);
      harness.open();
      harness.send(upsert(1, 6, 60, 0, 1_000));
      harness.prepareSnapshotPreBarrier(4);
      return List.copyOf(writes().log);
    }
  }

  @Test
  void a_change_without_a_time_is_not_late_where_nothing_is_forgotten_any_more() throws Exception {
    OperatorSubtaskState state = forgotten(TEN_SECONDS, delete(1, 5, 1_000));
    try (var harness = harness(Forgetting.NOTHING, Floors.NONE)) {
      harness.initializeState(state);
      harness.open();
      harness.send(upsert(2, 1, 20, 0, Long.MIN_VALUE));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(writes().log).containsExactly("insert 2=20 in 0", "drain");
    }
  }

  @Test
  void without_state_the_lake_says_what_is_forgotten_whatever_the_lateness_is_now()
      throws Exception {
    Floors floors = new Floors(Map.of(TABLE, 60_000L), Map.of(TABLE, 50_000L));
    for (Forgetting rule : List.of(new Forgetting(60_000, false), Forgetting.NOTHING)) {
      try (var harness = harness(rule, floors)) {
        harness.open();
        harness.send(upsert(1, 4, 40, 0, 49_999), upsert(2, 1, 10, 0, 50_000));
        harness.prepareSnapshotPreBarrier(1);
        assertThat(writes().log).containsExactly("ledger late 1=40", "insert 2=10 in 0", "drain");
      }
    }
  }

  @Test
  void after_rescaling_every_subtask_forgets_by_the_greatest_watermark_of_all() throws Exception {
    Forgetting tenSeconds = new Forgetting(10_000, false);
    List<OperatorSubtaskState> states = new ArrayList<>();
    for (long watermarkMillis : new long[] {60_000, 1_000}) {
      try (var harness = harness(Backend.HASH_MAP, tenSeconds, Flushing.BY_EPOCH, MEBIBYTE)) {
        harness.open();
        harness.processWatermark(new Watermark(watermarkMillis));
        states.add(harness.snapshot(1, 1));
      }
    }
    OperatorSubtaskState all =
        AbstractStreamOperatorTestHarness.repackageState(
            states.toArray(OperatorSubtaskState[]::new));
    OperatorSubtaskState[] first = {
      AbstractStreamOperatorTestHarness.repartitionOperatorState(all, 128, 2, 1, 0)
    };
    try (var harness = harness(Backend.HASH_MAP, tenSeconds, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.initializeState(first[0]);
      harness.open();
      harness.send(upsert(1, 4, 40, 0, 2_000));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).contains("ledger late 1=40");
    }
  }

  @Test
  void without_state_the_lake_says_up_to_where_keys_were_forgotten() throws Exception {
    Forgetting tenSeconds = new Forgetting(10_000, false);
    OperatorSubtaskState state;
    try (var harness = harness(tenSeconds, watermark(60_000))) {
      harness.open();
      harness.send(upsert(1, 4, 40, 0, 2_000), upsert(2, 1, 10, 0, 55_000));
      harness.prepareSnapshotPreBarrier(1);
      assertThat(writes().log).containsExactly("ledger late 1=40", "insert 2=10 in 0", "drain");
      state = harness.snapshot(1, 1);
    }
    // What a lake says that is ahead of a state does not count: the state takes it back.
    try (var harness = harness(tenSeconds, watermark(90_000))) {
      harness.initializeState(state);
      harness.open();
      harness.send(upsert(1, 3, 30, 0, 2_000), upsert(3, 1, 10, 0, 55_000));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).containsExactly("ledger late 1=30", "insert 3=10 in 0", "drain");
    }
  }

  @Test
  void a_table_that_joins_is_not_late_because_the_others_are_ahead() throws Exception {
    OperatorSubtaskState state;
    try (var harness = harness(Map.of(TABLE, TEN_SECONDS))) {
      harness.open();
      harness.processWatermark(new Watermark(60_000));
      state = harness.snapshot(1, 1);
    }
    Map<Integer, Forgetting> both = Map.of(TABLE, TEN_SECONDS, OTHER, TEN_SECONDS);
    try (var harness = harness(both)) {
      harness.initializeState(state);
      harness.open();
      harness.send(upsert(1, 1, 10, 0, 2_000), of(OTHER, upsert(2, 1, 20, 0, 2_000)));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log).containsExactly("ledger late 1=10", "insert 2=20 in 0", "drain");
      assertThat(harness.parts())
          .extracting(Part::table, Part::watermarkMillis)
          .containsExactlyInAnyOrder(tuple(TABLE, 60_000L), tuple(OTHER, Long.MIN_VALUE));
      state = harness.snapshot(2, 2);
    }
    // It fails while the table is still being read for the first time.
    try (var harness = harness(both)) {
      harness.initializeState(state);
      harness.open();
      harness.send(of(OTHER, upsert(3, 1, 30, 0, 2_000)));
      harness.processWatermark(new Watermark(30_000));
      harness.send(of(OTHER, upsert(4, 1, 40, 0, 2_000)), upsert(5, 1, 50, 0, 45_000));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(writes().log)
          .containsExactly("ledger late 4=40", "ledger late 5=50", "insert 3=30 in 0", "drain");
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void a_table_that_comes_back_goes_on_from_what_it_had_forgotten_when_it_left(Backend backend)
      throws Exception {
    Map<Integer, Forgetting> both = Map.of(TABLE, TEN_SECONDS, OTHER, TEN_SECONDS);
    OperatorSubtaskState state;
    try (var harness = harness(backend, both)) {
      harness.open();
      harness.send(of(OTHER, delete(1, 5, 20_000)), of(OTHER, delete(2, 5, 5_000)));
      harness.prepareSnapshotPreBarrier(1);
      harness.processWatermark(new Watermark(25_000));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(writes().log.stream().filter("unbury"::equals))
          .as("key 2 is forgotten")
          .hasSize(1);
      state = harness.snapshot(2, 2);
    }
    try (var harness = harness(backend, Map.of(TABLE, TEN_SECONDS))) {
      harness.initializeState(state);
      harness.open();
      harness.processWatermark(new Watermark(100_000));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(writes().log).as("nobody writes for it").containsExactly("drain");
      state = harness.snapshot(3, 3);
    }
    try (var harness = harness(backend, both)) {
      harness.initializeState(state);
      harness.open();
      harness.send(of(OTHER, upsert(1, 4, 40, 0, 18_000)), of(OTHER, upsert(2, 4, 40, 0, 4_000)));
      harness.send(of(OTHER, upsert(3, 1, 30, 0, 18_000)));
      harness.prepareSnapshotPreBarrier(4);
      assertThat(writes().log)
          .as("key 1 is known to be deleted, key 2 is not known any more, key 3 is new")
          .containsExactly("ledger late 2=40", "insert 3=30 in 0", "drain");

      harness.processWatermark(new Watermark(100_000 + 2 * 86_400_000L));
      harness.prepareSnapshotPreBarrier(5);
      assertThat(writes().log).as("and now it is forgotten").contains("unbury");
    }
  }

  @Test
  void a_state_with_one_watermark_for_all_tables_is_read() throws Exception {
    ByteBuffer one = ByteBuffer.allocate(4 + 8 + 4 + 2 * 12).putInt(1).putLong(60_000).putInt(2);
    one.putInt(TABLE).putLong(Long.MIN_VALUE).putInt(OTHER).putLong(90_000);
    Forgotten read = Forgotten.fromBytes(one.array());
    assertThat(read.watermarkMillis(TABLE, 99_000)).isEqualTo(60_000);
    assertThat(read.watermarkMillis(OTHER, Long.MIN_VALUE)).isEqualTo(90_000);
    assertThat(read.watermarkMillis(OTHER + 1, Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(read.watermarkMillis(OTHER + 1, 5)).isEqualTo(5);
    assertThat(Forgotten.fromBytes(read.toBytes())).isEqualTo(read);

    ByteBuffer ofQuery = ByteBuffer.allocate(4 + 8 + 4).putInt(1).putLong(60_000).putInt(0);
    assertThat(Forgotten.fromBytes(ofQuery.array()).watermarkMillis(TABLE, Long.MIN_VALUE))
        .isEqualTo(60_000);
    assertThatThrownBy(() -> Forgotten.fromBytes(ByteBuffer.allocate(16).putInt(5).array()))
        .hasMessage("what was forgotten has version 5, and not at most 4");
  }

  @Test
  void a_state_that_does_not_say_how_late_its_keys_were_is_read() throws Exception {
    ByteBuffer two = ByteBuffer.allocate(4 + 4 + 12).putInt(2).putInt(1);
    two.putInt(TABLE).putLong(60_000);
    Forgotten read = Forgotten.fromBytes(two.array());
    assertThat(read.watermarkMillis(TABLE, 99_000)).isEqualTo(60_000);
    assertThat(read.horizonMillis(TABLE, 99_000)).isEqualTo(Long.MIN_VALUE);
    assertThat(read.horizonMillis(OTHER, 99_000)).isEqualTo(99_000);
    assertThat(Forgotten.fromBytes(read.toBytes())).isEqualTo(read);
  }

  @Test
  void the_end_of_input_is_not_the_end_of_time() throws Exception {
    try (var harness =
        harness(Backend.HASH_MAP, new Forgetting(1, false), Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      harness.send(delete(1, 5, 1_000));
      harness.prepareSnapshotPreBarrier(1);
      harness.processWatermark(Watermark.MAX_WATERMARK);
      harness.endInput();

      assertThat(writes().log).doesNotContain("unbury");
    }
  }

  @Test
  void a_rejected_change_goes_to_the_ledger_and_is_counted() throws Exception {
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE)) {
      harness.open();
      LedgerEntry entry =
          new LedgerEntry("t", LedgerReason.NULL_KEY, null, "1", null, null, "{}", "no key");
      harness.send(new MirrorRecord.Reject(key(9), entry));
      harness.endInput();

      assertThat(writes().log).containsExactly("ledger null-key", "drain");
      assertThat(harness.parts()).containsExactly(part(new Counts(0, 0, 0, 0, 0, 1, 0)));
    }
  }

  @Test
  void closing_lets_go_of_the_files() throws Exception {
    var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, Flushing.BY_EPOCH, MEBIBYTE);
    harness.open();
    harness.close();
    assertThat(writes().closed).isTrue();
  }

  private static Part part(Counts counts) {
    return new Part(TABLE, 0, List.of(), List.of(), counts, Long.MIN_VALUE);
  }

  private static Floors watermark(long millis) {
    return new Floors(Map.of(TABLE, millis), Map.of());
  }

  private static ResolveHarness harness(Forgetting forgetting, Floors floors) throws Exception {
    return harness(Backend.HASH_MAP, forgetting, floors, Flushing.BY_EPOCH, MEBIBYTE);
  }

  private static ResolveHarness harness(Map<Integer, Forgetting> tables) throws Exception {
    return harness(Backend.HASH_MAP, tables);
  }

  private static ResolveHarness harness(Backend backend, Map<Integer, Forgetting> tables)
      throws Exception {
    return harness(backend, tables, Floors.NONE, Flushing.BY_EPOCH, MEBIBYTE);
  }

  private static ResolveHarness harness(
      Backend backend, Forgetting forgetting, Flushing flushing, long bundleBytes)
      throws Exception {
    return harness(backend, forgetting, Floors.NONE, flushing, bundleBytes);
  }

  private static ResolveHarness harness(
      Backend backend, Forgetting forgetting, Floors floors, Flushing flushing, long bundleBytes)
      throws Exception {
    return harness(backend, Map.of(TABLE, forgetting), floors, flushing, bundleBytes);
  }

  private static ResolveHarness harness(
      Backend backend,
      Map<Integer, Forgetting> forgetting,
      Floors floors,
      Flushing flushing,
      long bundleBytes)
      throws Exception {
    return new ResolveHarness(
        new ResolveOperatorFactory<>(
            ResolveHarness.recording(), forgetting, floors, flushing, new BundleLimit(bundleBytes)),
        backend,
        1,
        0);
  }
}
