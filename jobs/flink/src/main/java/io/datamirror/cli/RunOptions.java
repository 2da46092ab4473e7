package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import io.datamirror.commit.OnLakeAhead;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.job.JobSettings;
import io.datamirror.source.SourceSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Option;

/** How a mirror is run, apart from its spec. */
final class RunOptions {
  private static final int MOST_PARALLEL = 128;

  /** How Flink names the key of a value that it cannot read. */
  private static final Pattern KEY = Pattern.compile("for key '([^']+)'");

  @Option(
      names = "--until",
      paramLabel = "now",
      description =
          "Mirrors what is there now, then ends. Without it the mirror goes on until it is"
              + " stopped.")
  private Until until;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "How Flink executes the job: ${COMPLETION-CANDIDATES}. Default: streaming. Batch"
              + " needs --until now.")
  private Mode mode;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description =
          "How many writers work side by side, and at most how many readers: source.connections"
              + " limits those.")
  private Integer parallelism;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      description = "Submits the job to the REST address of a Flink cluster.")
  private String cluster;

  @Option(
      names = "--from-savepoint",
      paramLabel = "PATH",
      description =
          "Goes on from a savepoint or checkpoint. Without it the lake says how far the"
              + " mirror was.")
  private String savepoint;

  @Option(
      names = "--on-lake-ahead",
      paramLabel = "POLICY",
      defaultValue = "refuse",
      description =
          "What to do when the lake is ahead of the savepoint: ${COMPLETION-CANDIDATES}."
              + " Default: ${DEFAULT-VALUE}.")
  private LakeAheadPolicy onLakeAhead;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of Flink's own configuration. May be given several times.")
  private Map<String, String> flink = new LinkedHashMap<>();

  /** The settings of Flink. */
  Map<String, String> flink() {
    return flink;
  }

  /** Up to now, in this process. */
  static RunOptions untilNow(Mode mode) {
    RunOptions options = new RunOptions();
    options.until = Until.NOW;
    options.mode = mode;
    options.onLakeAhead = LakeAheadPolicy.REFUSE;
    return options;
  }

  /**
   * Those of a job that applies one file: somebody waits for it, and it waits for a checkpoint
   * before it reads and for another one before it ends.
   */
  static RunOptions ofOneFile() {
    RunOptions options = untilNow(Mode.STREAMING);
    options.flink = Map.of(CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), "500 ms");
    return options;
  }

  /** Those of a mirror that goes on without an end in a cluster. */
  static RunOptions inCluster(String cluster, Integer parallelism, Map<String, String> flink) {
    RunOptions options = new RunOptions();
    options.cluster = cluster;
    options.parallelism = parallelism;
    options.flink = flink;
    return options;
  }

  /**
   * Looks whether the options go together.
   *
   * @throws MirrorException naming the option that does not
   */
  void check() {
    if (mode == Mode.BATCH && until == null) {
      throw wrong("--mode", "batch has an end and this mirror has none", "Add --until now.");
    }
    if (mode == Mode.BATCH && savepoint != null) {
      throw wrong(
          "--from-savepoint",
          "batch starts from what the lake tells, not from a savepoint",
          "Leave one of the two out.");
    }
    if (parallelism != null && (parallelism < 1 || parallelism > MOST_PARALLEL)) {
      throw wrong(
          "--parallelism", parallelism + " is not between 1 and 128", "Choose another number.");
    }
    cluster();
    checkSettings();
  }

  /** Flink reads its settings when a job is made: too late to refuse one without a trace. */
  private void checkSettings() {
    try {
      var unused = new StreamExecutionEnvironment(configuration());
    } catch (IllegalArgumentException e) {
      Matcher named = KEY.matcher(String.valueOf(e.getMessage()));
      throw wrong(
          named.find() ? "-D " + named.group(1) : "-D",
          "Flink does not understand the value",
          "Write one that Flink's reference has for this key.");
    }
  }

  /** Looks whether what Flink was told by its own keys goes together with the options. */
  void check(Configuration flink) {
    if (flink.get(ExecutionOptions.RUNTIME_MODE) != RuntimeExecutionMode.BATCH) {
      return;
    }
    if (!untilNow()) {
      throw wrong(
          ExecutionOptions.RUNTIME_MODE.key(),
          "batch has an end and this mirror has none",
          "Add --until now, or take the setting out.");
    }
    if (flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent()) {
      // Flink would ignore it without a word, and the lake would not be made ready to start from.
      throw wrong(
          StateRecoveryOptions.SAVEPOINT_PATH.key(),
          "batch starts from what the lake tells, not from a savepoint",
          "Leave one of the two out.");
    }
  }

  /**
   * Looks whether the options fit a job manager that runs the command line: it does so again
   * whenever it is started again.
   */
  void checkForJobManager() {
    if (onLakeAhead == LakeAheadPolicy.ROLLBACK) {
      throw wrong(
          "--on-lake-ahead",
          "a job manager that is started again would take the lake back once more",
          "Roll the lake back once, with mirror run elsewhere; then deploy with --on-lake-ahead"
              + " rebuild.");
    }
  }

  private static MirrorException wrong(String option, String sentence, String nextStep) {
    return new MirrorException(ErrorCode.WRONG_ARGUMENT, option, sentence, nextStep);
  }

  boolean untilNow() {
    return until == Until.NOW;
  }

  /** How far to read, in the word of the option; empty if there is no end. */
  String until() {
    return until == null ? "" : until.toString();
  }

  Optional<ClusterAddress> cluster() {
    return Optional.ofNullable(cluster).map(text -> ClusterAddress.parse("--cluster", text));
  }

  /** Whether a mirror whose savepoint is older than the lake starts from the lake instead. */
  boolean rebuilds() {
    return onLakeAhead == LakeAheadPolicy.REBUILD;
  }

  /** How the job works. */
  JobSettings settings() {
    SourceSettings.Until end = untilNow() ? SourceSettings.Until.NOW : SourceSettings.Until.STOPPED;
    return JobSettings.of(end).withOnLakeAhead(onLakeAhead.policy);
  }

  /** What these options say of Flink's own configuration, the keys of {@code -D} above all. */
  Configuration configuration() {
    Configuration configuration = new Configuration();
    if (mode != null) {
      configuration.set(ExecutionOptions.RUNTIME_MODE, mode.flinkMode);
    }
    if (parallelism != null) {
      configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    }
    if (savepoint != null) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    flink.forEach(configuration::setString);
    return configuration;
  }

  /** How far to read. */
  enum Until {
    NOW;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How Flink executes. */
  enum Mode {
    STREAMING(RuntimeExecutionMode.STREAMING),
    BATCH(RuntimeExecutionMode.BATCH);

    private final RuntimeExecutionMode flinkMode;

    Mode(RuntimeExecutionMode flinkMode) {
      this.flinkMode = flinkMode;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The policies as they stand on the command line. */
  enum LakeAheadPolicy {
    REFUSE(OnLakeAhead.REFUSE),
    REBUILD(OnLakeAhead.REBUILD),
    ROLLBACK(OnLakeAhead.ROLLBACK);

    private final OnLakeAhead policy;

    LakeAheadPolicy(OnLakeAhead policy) {
      this.policy = policy;
    }

    @Override
    public String toString() {
      return policy.text();
    }
  }
}
