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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;

/** RocksDB's own files, which a checkpoint hands over as they are, outlive a change of its ways. */
class RocksDbFilesTest {

  private static final int KEYS = 3_000;
  private static final int EPOCHS = 8;

  /** An epoch fits. */
  private static final long BUNDLE_BYTES = 16 << 20;

  @ParameterizedTest
  @CsvSource({
    "LEVEL, SNAPPY_COMPRESSION, UNIVERSAL, LZ4_COMPRESSION",
    "UNIVERSAL, LZ4_COMPRESSION, LEVEL, SNAPPY_COMPRESSION",
    "UNIVERSAL, SNAPPY_COMPRESSION, UNIVERSAL, LZ4_COMPRESSION",
    "UNIVERSAL, LZ4_COMPRESSION, UNIVERSAL, NO_COMPRESSION",
    "UNIVERSAL, LZ4_COMPRESSION, UNIVERSAL, LZ4_COMPRESSION",
  })
  void files_merged_and_packed_in_one_way_are_gone_on_with_in_the_other(
      CompactionStyle before,
      CompressionType packedBefore,
      CompactionStyle after,
      CompressionType packedAfter)
      throws Exception {
    OperatorSubtaskState checkpoint = null;
    try (var harness = harness(before, packedBefore)) {
      harness.open();
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        upsertAll(harness, epoch);
        checkpoint = harness.snapshot(epoch, epoch);
      }
    }
    try (var harness = harness(after, packedAfter)) {
      harness.initializeState(checkpoint);
      harness.open();
      upsertAll(harness, EPOCHS - 1);
      assertThat(writes().log).containsExactly("drain");

      upsertAll(harness, EPOCHS + 1);
      assertThat(writes().log).hasSize(2 + 2 * KEYS).containsAll(written(EPOCHS + 1));
    }
  }

  @Test
  void packed_files_are_smaller() throws Exception {
    assertThat(checkpointBytes(CompressionType.LZ4_COMPRESSION))
        .isLessThan(checkpointBytes(CompressionType.NO_COMPRESSION));
  }

  private static long checkpointBytes(CompressionType packing) throws Exception {
    try (var harness = harness(CompactionStyle.UNIVERSAL, packing)) {
      harness.open();
      upsertAll(harness, 1);
      return harness.snapshot(1, 1).getStateSize();
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

  private static ResolveHarness harness(CompactionStyle style, CompressionType packing)
      throws Exception {
    ResolveHarness harness =
        new ResolveHarness(
            new ResolveOperatorFactory<>(
                ResolveHarness.recording(),
                Map.of(TABLE, Forgetting.NOTHING),
                Flushing.BY_EPOCH,
                new BundleLimit(BUNDLE_BYTES)),
            Backend.ROCKS_DB,
            1,
            0);
    harness.setStateBackend(backend(style, packing));
    return harness;
  }

  /** Files so small that every few epochs there is something to merge. */
  private static StateBackend backend(CompactionStyle style, CompressionType packing) {
    MemorySize small = MemorySize.parse("64kb");
    Configuration settings = new Configuration();
    settings.set(RocksDBConfigurableOptions.COMPACTION_STYLE, style);
    settings.set(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(packing));
    settings.set(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE, small);
    settings.set(RocksDBConfigurableOptions.TARGET_FILE_SIZE_BASE, small);
    settings.set(RocksDBConfigurableOptions.MAX_SIZE_LEVEL_BASE, small);
    return new EmbeddedRocksDBStateBackend(true)
        .configure(settings, RocksDbFilesTest.class.getClassLoader());
  }
}
