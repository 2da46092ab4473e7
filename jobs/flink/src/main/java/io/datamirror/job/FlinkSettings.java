package io.datamirror.job;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.SchedulerExecutionMode;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What a mirror needs of Flink's own settings: gives the ones that were left open, and refuses the
 * ones that would lose or double rows.
 */
public final class FlinkSettings {

  static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
  static final int MAX_PARALLELISM = 128;

  /** An option of Flink, by its name: who keeps state in memory needs no RocksDB to start a job. */
  static final ConfigOption<Boolean> ROCKSDB_BLOOM_FILTER =
      rocksDb("use-bloom-filter").booleanType().noDefaultValue();

  /** Likewise: filters and indexes in small parts, of which only what is needed is read. */
  static final ConfigOption<Boolean> ROCKSDB_PARTITIONED_FILTERS =
      rocksDb("memory.partitioned-index-filters").booleanType().noDefaultValue();

  /** Likewise: how RocksDB merges its files. */
  static final ConfigOption<String> ROCKSDB_COMPACTION = text("compaction.style");

  /** Likewise: how RocksDB packs the blocks of its files. */
  static final ConfigOption<String> ROCKSDB_COMPRESSION = text("compression.per.level");

  private static final ConfigOption<String> ROCKSDB_PRESET = text("predefined-options");
  private static final ConfigOption<String> ROCKSDB_FACTORY = text("options-factory");

  /** Who sets one of these has thought of how files are merged. */
  private static final List<ConfigOption<String>> ROCKSDB_MERGING =
      List.of(
          ROCKSDB_COMPACTION,
          ROCKSDB_PRESET,
          ROCKSDB_FACTORY,
          text("compaction.level.max-size-level-base"),
          text("compaction.level.target-file-size-base"),
          text("compaction.level.use-dynamic-size"));

  /** Who sets one of these has thought of how blocks are packed. */
  private static final List<ConfigOption<String>> ROCKSDB_PACKING =
      List.of(ROCKSDB_COMPRESSION, ROCKSDB_PRESET, ROCKSDB_FACTORY);

  /** Files of about one size are merged, and the large ones seldom. */
  private static final String MERGE_BY_SIZE = "UNIVERSAL";

  /** As small as RocksDB's own choice, and quicker to unpack. */
  private static final String PACK_QUICKLY = "LZ4_COMPRESSION";

  private FlinkSettings() {}

  private static ConfigOptions.OptionBuilder rocksDb(String name) {
    return ConfigOptions.key("state.backend.rocksdb." + name);
  }

  private static ConfigOption<String> text(String name) {
    return rocksDb(name).stringType().noDefaultValue();
  }

  /** Applies the settings and tells whether the job runs as batch or as stream. */
  static RuntimeExecutionMode applyTo(StreamExecutionEnvironment env) {
    ReadableConfig asked = env.getConfiguration();
    RuntimeExecutionMode mode = mode(asked);
    Configuration settings = new Configuration();
    settings.set(ExecutionOptions.RUNTIME_MODE, mode);
    settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    if (asked.getOptional(PipelineOptions.MAX_PARALLELISM).orElse(-1) <= 0) {
      settings.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
    }
    switch (mode) {
      case BATCH -> checkBatch(asked);
      default -> checkStreaming(asked, settings);
    }
    env.configure(settings);
    return mode;
  }

  private static RuntimeExecutionMode mode(ReadableConfig asked) {
    RuntimeExecutionMode mode = asked.get(ExecutionOptions.RUNTIME_MODE);
    // A bounded mirror is still a stream of epochs: batch is for those who ask for it by name.
    return mode == RuntimeExecutionMode.AUTOMATIC ? RuntimeExecutionMode.STREAMING : mode;
  }

  private static void checkStreaming(ReadableConfig asked, Configuration settings) {
    refuse(
        asked.get(CheckpointingOptions.ENABLE_UNALIGNED),
        CheckpointingOptions.ENABLE_UNALIGNED,
        "changes in flight would slip from one epoch into the next",
        "Set it to false");
    refuse(
        !asked.get(CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH),
        CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH,
        "the last epoch of a bounded run would never be committed",
        "Leave it at true");
    refuse(
        asked.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
            == CheckpointingMode.AT_LEAST_ONCE,
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
        "a position would be committed with changes from after it",
        "Leave it at EXACTLY_ONCE");
    giveRocksDbSettings(asked, settings);
    if (asked.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL).isEmpty()) {
      settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
    }
  }

  private static void giveRocksDbSettings(ReadableConfig asked, Configuration settings) {
    if (asked.getOptional(ROCKSDB_BLOOM_FILTER).isEmpty()) {
      // Every checkpoint leaves a file, and every key of an epoch is looked for in all of them.
      settings.set(ROCKSDB_BLOOM_FILTER, true);
    }
    if (asked.getOptional(ROCKSDB_PARTITIONED_FILTERS).isEmpty()) {
      // The filter of a file of millions of keys is too large to stay in the cache in one piece: it
      // would be read from disk for almost every key.
      settings.set(ROCKSDB_PARTITIONED_FILTERS, true);
    }
    if (isOpen(ROCKSDB_MERGING, asked)) {
      // The keys of an epoch lie anywhere: level by level, every few checkpoints would write the
      // whole of the state anew.
      settings.set(ROCKSDB_COMPACTION, MERGE_BY_SIZE);
    }
    if (isOpen(ROCKSDB_PACKING, asked)) {
      // Of many keys, most stand in a block of their own that has to be unpacked for them.
      settings.set(ROCKSDB_COMPRESSION, PACK_QUICKLY);
    }
  }

  private static boolean isOpen(List<ConfigOption<String>> options, ReadableConfig asked) {
    return options.stream().allMatch(option -> asked.getOptional(option).isEmpty());
  }

  /**
   * What batch needs, for a mirror and for a query alike.
   *
   * @throws MirrorException when the changes of a key would not stand together
   */
  public static void checkBatch(ReadableConfig asked) {
    refuse(
        !asked.get(ExecutionOptions.SORT_INPUTS),
        ExecutionOptions.SORT_INPUTS,
        "in batch a key is resolved when all of its changes stand together",
        "Leave it at true");
    refuse(
        !asked.get(ExecutionOptions.USE_BATCH_STATE_BACKEND),
        ExecutionOptions.USE_BATCH_STATE_BACKEND,
        "in batch a key is resolved when all of its changes stand together",
        "Leave it at true");
  }

  /**
   * Whether a job runs in this process, every operator of it alone, and nobody can give it more
   * subtasks while it runs.
   */
  static boolean staysAlone(StreamExecutionEnvironment env) {
    ReadableConfig asked = env.getConfiguration();
    return env instanceof LocalStreamEnvironment
        && env.getParallelism() == 1
        && asked.get(JobManagerOptions.SCHEDULER) == JobManagerOptions.SchedulerType.Default
        && asked.get(JobManagerOptions.SCHEDULER_MODE) != SchedulerExecutionMode.REACTIVE;
  }

  private static void refuse(boolean wrong, ConfigOption<?> option, String why, String nextStep) {
    if (wrong) {
      throw new MirrorException(
          ErrorCode.UNSUPPORTED_FLINK_SETTING,
          option.key(),
          "this setting would lose data: " + why,
          nextStep);
    }
  }
}
