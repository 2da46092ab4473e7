package io.datamirror.stream;

import static io.datamirror.stream.ResolveHarness.MAX_PARALLELISM;
import static io.datamirror.stream.ResolveHarness.writes;
import static io.datamirror.stream.TestRecords.TABLE;
import static io.datamirror.stream.TestRecords.delete;
import static io.datamirror.stream.TestRecords.key;
import static io.datamirror.stream.TestRecords.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.resolve.Forgetting;
import io.datamirror.stream.ResolveHarness.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateStoresTest {

  private static final long MEBIBYTE = 1 << 20;
  private static final Forgetting TEN_SECONDS = new Forgetting(10_000, false);

  /** A mirror of so many keys, its subtasks one after the other, from savepoint to savepoint. */
  private static final class Mirror {
    private static final int KEYS = 500;

    private final Map<Long, Integer> places = new HashMap<>();
    private OperatorSubtaskState savepoint;
    private int parallelism;
    private int life;

    /** A third of the keys are written, some deleted; what is older than the state says is sent. */
    void live(Backend backend, int newParallelism) throws Exception {
      life++;
      List<OperatorSubtaskState> savepoints = new ArrayList<>();
      for (int subtask = 0; subtask < newParallelism; subtask++) {
        try (var harness = harness(backend, Forgetting.NOTHING, newParallelism, subtask)) {
          if (savepoint != null) {
            harness.initializeState(
                AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    savepoint, MAX_PARALLELISM, parallelism, newParallelism, subtask));
          }
          harness.open();
          savepoints.add(write(harness, keysOf(newParallelism, subtask)));
        }
      }
      savepoint =
          AbstractStreamOperatorTestHarness.repackageState(
              savepoints.toArray(OperatorSubtaskState[]::new));
      parallelism = newParallelism;
    }

    private static long[] keysOf(int parallelism, int subtask) {
      return LongStream.range(0, KEYS)
          .filter(
              id ->
                  KeyGroupRangeAssignment.assignKeyToParallelOperator(
                          key(id), MAX_PARALLELISM, parallelism)
                      == subtask)
          .toArray();
    }

    private OperatorSubtaskState write(ResolveHarness harness, long[] ids) throws Exception {
      List<String> expected = new ArrayList<>();
      for (long id : ids) {
        harness.send(upsert(id, 0, 0, 0, 0));
        switch ((int) (id + life) % 3) {
          case 0 -> {
            if (life == 1) {
              expected.add("insert " + id + "=0 in 0");
              places.put(id, 0);
            }
          }
          case 1 -> {
            harness.send(upsert(id, life, id, life, 0));
            expected.addAll(end(id));
            expected.add("insert " + id + "=" + id + " in " + life);
            places.put(id, life);
          }
          default -> {
            harness.send(delete(id, life, 0));
            expected.addAll(end(id));
            expected.add("bury");
            places.remove(id);
          }
        }
      }
      OperatorSubtaskState written = harness.savepoint();
      writes().log.remove("drain");
      assertThat(writes().log).containsExactlyInAnyOrderElementsOf(expected);
      return written;
    }

    /** What happens to what was remembered of a key when a greater change comes. */
    private List<String> end(long id) {
      if (places.containsKey(id)) {
        return List.of("remove " + id + " from " + places.get(id));
      }
      return life == 1 ? List.of() : List.of("unbury");
    }
  }

  @Test
  void savepoints_are_gone_on_from_with_either_backend_at_any_parallelism() throws Exception {
    Mirror mirror = new Mirror();
    mirror.live(Backend.HASH_MAP, 1);
    mirror.live(Backend.HASH_MAP, 3);
    mirror.live(Backend.HASH_MAP, 2);
    mirror.live(Backend.ROCKS_DB, 3);
    mirror.live(Backend.ROCKS_DB, 2);
    mirror.live(Backend.HASH_MAP, 3);
    mirror.live(Backend.ROCKS_DB, 1);
    mirror.live(Backend.HASH_MAP, 1);
    mirror.live(Backend.HASH_MAP, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "HASH_MAP, ROCKS_DB, HASH_MAP",
    "ROCKS_DB, HASH_MAP, ROCKS_DB",
    "HASH_MAP, HASH_MAP, HASH_MAP"
  })
  void what_another_backend_remembered_is_forgotten_for_good(
      Backend first, Backend second, Backend third) throws Exception {
    OperatorSubtaskState savepoint;
    try (var harness = harness(first, TEN_SECONDS, 1, 0)) {
      harness.open();
      harness.send(delete(1, 5, 1_000), upsert(2, 5, 50, 3, 1_000));
      savepoint = harness.savepoint();
    }
    try (var harness = harness(second, TEN_SECONDS, 1, 0)) {
      harness.initializeState(savepoint);
      harness.open();
      harness.processWatermark(new Watermark(60_000));
      savepoint = harness.savepoint();
      assertThat(writes().log).containsExactly("unbury", "drain");
    }
    try (var harness = harness(third, TEN_SECONDS, 1, 0)) {
      harness.initializeState(savepoint);
      harness.open();
      harness.send(upsert(1, 4, 40, 0, 55_000), upsert(2, 4, 40, 0, 55_000));
      harness.savepoint();
      assertThat(writes().log).containsExactly("insert 1=40 in 0", "drain");
    }
  }

  @Test
  void on_the_heap_flink_keeps_an_object_for_a_key_group_not_for_a_key() throws Exception {
    OperatorSubtaskState savepoint;
    try (var harness = harness(Backend.ROCKS_DB, Forgetting.NOTHING, 1, 0)) {
      harness.open();
      for (int i = 0; i < 5_000; i++) {
        harness.send(upsert(i, 1, i, 0, 0));
      }
      savepoint = harness.savepoint();
    }
    try (var harness = harness(Backend.HASH_MAP, Forgetting.NOTHING, 1, 0)) {
      harness.initializeState(savepoint);
      harness.open();
      harness.savepoint();
      assertThat(harness.numKeyedStateEntries()).isEqualTo(MAX_PARALLELISM);
    }
  }

  private static ResolveHarness harness(
      Backend backend, Forgetting forgetting, int parallelism, int subtask) throws Exception {
    return new ResolveHarness(
        new ResolveOperatorFactory<>(
            ResolveHarness.recording(),
            Map.of(TABLE, forgetting),
            Flushing.BY_EPOCH,
            new BundleLimit(MEBIBYTE)),
        backend,
        parallelism,
        subtask);
  }
}
