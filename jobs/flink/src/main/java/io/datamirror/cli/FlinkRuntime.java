package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import io.datamirror.cluster.ClusterClient;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Where a job is executed: in this process, in a cluster that was named, or wherever {@code flink
 * run} has been told to.
 *
 * @param place which of the three
 * @param environment what the job is attached to
 * @param given the settings of Flink that somebody gave, and that an upgrade is to keep
 * @param scratch where a job in this process keeps its checkpoints; null elsewhere
 */
record FlinkRuntime(
    Place place, StreamExecutionEnvironment environment, Map<String, String> given, Path scratch)
    implements AutoCloseable {
  /** Where a job runs. */
  enum Place {
    THIS_PROCESS,
    NAMED_CLUSTER,
    FLINK_RUN
  }

  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);
  private static final int RESTARTS = 6;

  /**
   * A source that is away has the job restarted after ten minutes, a lake after five, again and
   * again: where a job reads on and on, that may go on.
   */
  private static final Duration RESTARTS_FORGOTTEN_AFTER = Duration.ofMinutes(4);

  private static final List<String> BUILT_IN =
      List.of("execution.checkpointing.", "state.backend.", PipelineOptions.MAX_PARALLELISM.key());

  /** The target of jobs whose main method runs in the job manager. */
  private static final String IN_JOB_MANAGER = "embedded";

  /** The runtime that the options ask for. */
  static FlinkRuntime of(RunOptions options) {
    Configuration asked = options.configuration();
    Map<String, String> given = GivenSettings.of(options.flink());
    if (options.cluster().isPresent()) {
      return new FlinkRuntime(
          Place.NAMED_CLUSTER, remote(options.cluster().get(), asked), given, null);
    }
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(asked);
    if (!(environment instanceof LocalStreamEnvironment)) {
      Map<String, String> all = givenToFlinkRun(copy(environment)).orElse(given);
      return new FlinkRuntime(Place.FLINK_RUN, environment, all, null);
    }
    Path scratch = newScratch();
    environment.configure(local(options, scratch));
    return new FlinkRuntime(Place.THIS_PROCESS, environment, given, scratch);
  }

  /**
   * Empty in a job manager that has its file from an argument: there nobody can tell what was given
   * from what holds for all jobs.
   */
  private static Optional<Map<String, String>> givenToFlinkRun(Configuration effective) {
    Configuration file = GlobalConfiguration.loadConfiguration();
    return isInJobManager(effective) && file.keySet().isEmpty()
        ? Optional.empty()
        : Optional.of(GivenSettings.of(effective, file));
  }

  /** What a job in this process needs that nobody has asked for otherwise. */
  private static Configuration local(RunOptions options, Path scratch) {
    Configuration defaults = new Configuration();
    // As Flink reads it: nothing in it is escaped.
    String checkpoints = new org.apache.flink.core.fs.Path(scratch.toUri()).toString();
    defaults.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
    defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, RESTARTS);
    if (!options.untilNow()) {
      defaults.set(
          RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
          RESTARTS_FORGOTTEN_AFTER);
    }
    defaults.addAll(options.configuration());
    return defaults;
  }

  private static Path newScratch() {
    try {
      return Files.createTempDirectory("mirror-checkpoints-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StreamExecutionEnvironment remote(ClusterAddress address, Configuration asked) {
    Configuration all = ofCluster(address);
    all.addAll(asked);
    return StreamExecutionEnvironment.createRemoteEnvironment(
        address.host(), address.port(), all, Installation.jar().toString());
  }

  /**
   * What the cluster's file says of what goes into a job when it is built: {@code flink run} finds
   * it there, and a job that is built without it has Flink's defaults and the mirror's instead.
   */
  private static Configuration ofCluster(ClusterAddress address) {
    Configuration settings = new Configuration();
    try (ClusterClient cluster = ClusterClient.of(address)) {
      cluster.configuration().entrySet().stream()
          .filter(entry -> BUILT_IN.stream().anyMatch(entry.getKey()::startsWith))
          .filter(entry -> !entry.getValue().equals(GlobalConfiguration.HIDDEN_CONTENT))
          .forEach(entry -> settings.setString(entry.getKey(), entry.getValue()));
    }
    return settings;
  }

  /** What Flink was told, by the options and by whoever started this. */
  Configuration configuration() {
    return copy(environment);
  }

  private static Configuration copy(StreamExecutionEnvironment environment) {
    return Configuration.fromMap(environment.getConfiguration().toMap());
  }

  /** Whether the main method runs in the job manager, whose process is not ours to end. */
  boolean inJobManager() {
    return isInJobManager(configuration());
  }

  private static boolean isInJobManager(Configuration effective) {
    return IN_JOB_MANAGER.equals(effective.get(DeploymentOptions.TARGET));
  }

  /** The state that Flink restores before the job begins. */
  Optional<String> savepoint() {
    return configuration().getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
  }

  /**
   * Lets the job start without state, whoever named a savepoint.
   *
   * @throws MirrorException if Flink does not let go of it
   */
  void leaveSavepointOut() {
    if (environment.getConfiguration() instanceof Configuration settings) {
      GivenSettings.keys(StateRecoveryOptions.SAVEPOINT_PATH).forEach(settings::removeKey);
    }
    if (savepoint().isPresent()) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          StateRecoveryOptions.SAVEPOINT_PATH.key(),
          "Flink does not let go of the savepoint that it was told to start from",
          "Leave -s out: the mirror then starts from the lake.");
    }
  }

  @Override
  public void close() {
    if (scratch != null) {
      FileUtils.deleteDirectoryQuietly(scratch.toFile());
    }
  }
}
