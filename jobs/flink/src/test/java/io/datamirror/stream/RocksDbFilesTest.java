package io.datamirror.stream;

import static io.datamirror.stream.ResolveHarness.writes;
import static io.datamirror.stream.TestRecords.TABLE;
import static io.datamirror.stream.TestRecords.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.resolve.Forgetting;
import io.datamirror.stream.ResolveHarness.Backend;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.CompactionStyle;

/** RocksDB's own files, which a checkpoint hands over as they are, outlive a change of its ways. */
class RocksDbFilesTest {

  private static final int KEYS = 3_000;
  private static final int EPOCHS = 8;

  /** An epoch fits. */
  private static final long BUNDLE_BYTES = 16 << 20;

  @ParameterizedTest
  @CsvSource({"LEVEL, UNIVERSAL", "UNIVERSAL, LEVEL", "UNIVERSAL, UNIVERSAL"})
  void files_merged_in_one_way_are_gone_on_with_in_the_other(
      CompactionStyle before, CompactionStyle after) throws Exception {
    OperatorSubtaskState checkpoint = null;
    try (var harness = harness(before)) {
      harness.open();
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        upsertAll(harness, epoch);
        checkpoint = harness.snapshot(epoch, epoch);
      }
    }
    try (var harness = harness(after)) {
      harness.initializeState(checkpoint);
      harness.open();
      upsertAll(harness, EPOCHS - 1);
      assertThat(writes().log).containsExactly("drain");

      upsertAll(harness, EPOCHS + 1);
      assertThat(writes().log).hasSize(2 + 2 * KEYS).containsAll(written(EPOCHS + 1));
    }
  }

  private static void upsertAll(ResolveHarness harness, int version) throws Exception {
    for (long id = 0; id < KEYS; id++) {
      harness.send(upsert(id, version, version, version, 0));
    }
    harness.prepareSnapshotPreBarrier(version);
  }

  private static List<String> written(int version) {
    return LongStream.range(0, KEYS)
        .boxed()
        .flatMap(
            id ->
                Stream.of(
                    "remove " + id + " from " + EPOCHS,
                    "insert " + id + "=" + version + " in " + version))
        .toList();
  }

  private static ResolveHarness harness(CompactionStyle style) throws Exception {
    ResolveHarness harness =
        new ResolveHarness(
            new ResolveOperatorFactory<>(
                ResolveHarness.recording(),
                Map.of(TABLE, Forgetting.NOTHING),
                Map.of(),
                Flushing.BY_EPOCH,
                new BundleLimit(BUNDLE_BYTES)),
            Backend.ROCKS_DB,
            1,
            0);
    harness.setStateBackend(backend(style));
    return harness;
  }

  /** Files so small that every few epochs there is something to merge. */
  private static StateBackend backend(CompactionStyle style) {
    MemorySize small = MemorySize.parse("64kb");
    Configuration settings = new Configuration();
    settings.set(RocksDBConfigurableOptions.COMPACTION_STYLE, style);
    settings.set(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE, small);
    settings.set(RocksDBConfigurableOptions.TARGET_FILE_SIZE_BASE, small);
    settings.set(RocksDBConfigurableOptions.MAX_SIZE_LEVEL_BASE, small);
    return new EmbeddedRocksDBStateBackend(true)
        .configure(settings, RocksDbFilesTest.class.getClassLoader());
  }
}
