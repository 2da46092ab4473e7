package io.datamirror.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ResourceManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/** A Flink cluster of two task managers in this process, whose task managers can be killed. */
final class Cluster implements AutoCloseable {

  private static final int TASK_MANAGERS = 2;
  private static final int SLOTS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final MiniCluster cluster;
  private final Path checkpoints = Files.createTempDirectory("mirror-test-checkpoints-");
  private int oldest;

  Cluster() throws Exception {
    this(new Configuration());
  }

  /**
   * @param more settings of the cluster itself
   */
  Cluster(Configuration more) throws Exception {
    Configuration settings = new Configuration(more);
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    settings.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(200));
    settings.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(8));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    settings.set(JobManagerOptions.SLOT_REQUEST_TIMEOUT, Duration.ofMinutes(1));
    settings.set(ResourceManagerOptions.STANDALONE_CLUSTER_STARTUP_PERIOD_TIME, Duration.ZERO);
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(TASK_MANAGERS)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
    cluster.start();
  }

  /** Settings with quick checkpoints and restarts. */
  static Configuration settings() {
    Configuration settings = new Configuration();
    settings.setString("execution.checkpointing.interval", "250 ms");
    settings.setString("parallelism.default", "2");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100_000);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
    return settings;
  }

  JobID submit(MirrorJob job, Configuration settings) throws Exception {
    return submit(job, settings, SavepointRestoreSettings.none());
  }

  JobID submit(MirrorJob job, Configuration settings, SavepointRestoreSettings savepoint)
      throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    job.attachTo(env);
    JobGraph graph = env.getStreamGraph().getJobGraph();
    graph.setSavepointRestoreSettings(savepoint);
    return cluster.submitJob(graph).get().getJobID();
  }

  JobResult result(JobID job) throws Exception {
    return cluster.requestJobResult(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  JobStatus status(JobID job) throws Exception {
    return cluster.getJobStatus(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void cancel(JobID job) throws Exception {
    cluster.cancelJob(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    result(job);
  }

  /** Stops the job with a savepoint and returns where that is. */
  String stop(JobID job, String directory, Drain drain) throws Exception {
    return cluster
        .stopWithSavepoint(job, directory, drain == Drain.YES, SavepointFormatType.CANONICAL)
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  String savepoint(JobID job, String directory) throws Exception {
    return cluster
        .triggerSavepoint(job, directory, false, SavepointFormatType.CANONICAL)
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Whether a stop ends the input, so that everything is flushed. */
  enum Drain {
    YES,
    NO
  }

  /** Kills the task manager that has lived longest, and starts another. */
  void killTaskManager() throws Exception {
    cluster.terminateTaskManager(oldest++).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    cluster.startTaskManager();
  }

  /** Takes the leadership away from all job managers and gives it back. */
  void failJobManager(JobID job) throws InterruptedException, ExecutionException, Exception {
    var control = cluster.getHaLeadershipControl().orElseThrow();
    control.revokeJobMasterLeadership(job).get();
    control.grantJobMasterLeadership(job).get();
  }

  @Override
  public void close() throws Exception {
    cluster.close();
    FileUtils.deleteDirectoryQuietly(checkpoints.toFile());
  }
}
