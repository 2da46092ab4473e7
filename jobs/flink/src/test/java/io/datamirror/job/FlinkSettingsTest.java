package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;

class FlinkSettingsTest {

  @Test
  void what_is_left_open_gets_a_safe_value() {
    StreamExecutionEnvironment env = env(new Configuration());
    assertThat(FlinkSettings.applyTo(env)).isEqualTo(RuntimeExecutionMode.STREAMING);
    ReadableConfig settings = env.getConfiguration();
    assertThat(settings.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(FlinkSettings.CHECKPOINT_INTERVAL);
    assertThat(settings.get(PipelineOptions.MAX_PARALLELISM))
        .isEqualTo(FlinkSettings.MAX_PARALLELISM);
    assertThat(settings.get(PipelineOptions.AUTO_GENERATE_UIDS)).isFalse();
    assertThat(settings.get(PipelineOptions.GENERIC_TYPES)).isFalse();
    assertThat(settings.get(RocksDBConfigurableOptions.USE_BLOOM_FILTER)).isTrue();
    assertThat(settings.get(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS)).isTrue();
    assertThat(settings.get(RocksDBConfigurableOptions.COMPACTION_STYLE))
        .isEqualTo(CompactionStyle.UNIVERSAL);
    assertThat(settings.get(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL))
        .containsExactly(CompressionType.LZ4_COMPRESSION);
  }

  @Test
  void what_was_asked_for_is_kept() {
    Configuration asked = new Configuration();
    asked.setString("execution.runtime-mode", "BATCH");
    asked.setString("pipeline.max-parallelism", "64");
    StreamExecutionEnvironment env = env(asked);
    assertThat(FlinkSettings.applyTo(env)).isEqualTo(RuntimeExecutionMode.BATCH);
    assertThat(env.getConfiguration().get(PipelineOptions.MAX_PARALLELISM)).isEqualTo(64);
  }

  @Test
  void state_on_disk_is_kept_as_who_asks_for_it_wants_it() {
    Configuration asked = new Configuration();
    asked.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, false);
    asked.set(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS, false);
    asked.set(RocksDBConfigurableOptions.COMPACTION_STYLE, CompactionStyle.LEVEL);
    asked.set(
        RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL,
        List.of(CompressionType.NO_COMPRESSION, CompressionType.ZSTD_COMPRESSION));
    StreamExecutionEnvironment env = env(asked);
    FlinkSettings.applyTo(env);
    assertThat(env.getConfiguration().get(RocksDBConfigurableOptions.USE_BLOOM_FILTER)).isFalse();
    assertThat(env.getConfiguration().get(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS)).isFalse();
    assertThat(env.getConfiguration().get(RocksDBConfigurableOptions.COMPACTION_STYLE))
        .isEqualTo(CompactionStyle.LEVEL);
    assertThat(env.getConfiguration().get(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL))
        .containsExactly(CompressionType.NO_COMPRESSION, CompressionType.ZSTD_COMPRESSION);
  }

  @ParameterizedTest
  @CsvSource({
    "predefined-options, SPINNING_DISK_OPTIMIZED, false",
    "options-factory, org.example.OwnOptions, false",
    "compaction.level.use-dynamic-size, true, true",
    "compaction.level.max-size-level-base, 1gb, true",
    "compaction.level.target-file-size-base, 64mb, true",
  })
  void who_says_anything_of_how_files_are_merged_or_brings_options_is_left_alone(
      String option, String value, boolean packed) {
    Configuration asked = new Configuration();
    asked.setString("state.backend.rocksdb." + option, value);
    StreamExecutionEnvironment env = env(asked);
    FlinkSettings.applyTo(env);
    assertThat(env.getConfiguration().getOptional(RocksDBConfigurableOptions.COMPACTION_STYLE))
        .isEmpty();
    assertThat(
            env.getConfiguration()
                .getOptional(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL)
                .isPresent())
        .as("who merges in a way of their own packs as others do")
        .isEqualTo(packed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STREAMING | execution.checkpointing.unaligned.enabled | true | changes in flight would slip"
            + " from one epoch into the next. Set it to false",
        "STREAMING | execution.checkpointing.checkpoints-after-tasks-finish | false | the last epoch"
            + " of a bounded run would never be committed. Leave it at true",
        "STREAMING | execution.checkpointing.mode | AT_LEAST_ONCE | a position would be committed with"
            + " changes from after it. Leave it at EXACTLY_ONCE",
        "BATCH | execution.sorted-inputs.enabled | false | in batch a key is resolved when all of its"
            + " changes stand together. Leave it at true",
        "BATCH | execution.batch-state-backend.enabled | false | in batch a key is resolved when all"
            + " of its changes stand together. Leave it at true",
      })
  void a_setting_that_would_lose_data_is_refused(
      String mode, String key, String value, String message) {
    Configuration asked = new Configuration();
    asked.setString("execution.runtime-mode", mode);
    asked.setString(key, value);
    StreamExecutionEnvironment env = env(asked);
    assertThatThrownBy(() -> FlinkSettings.applyTo(env))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-1027 execution.")
        .hasMessageEndingWith(": this setting would lose data: " + message);
  }

  private static StreamExecutionEnvironment env(Configuration asked) {
    return StreamExecutionEnvironment.getExecutionEnvironment(asked);
  }
}
