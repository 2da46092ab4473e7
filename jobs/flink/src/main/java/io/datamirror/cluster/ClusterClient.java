package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.handler.legacy.messages.ClusterOverviewWithVersion;
import org.apache.flink.runtime.rest.messages.ClusterConfigurationInfoHeaders;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobConfigHeaders;
import org.apache.flink.runtime.rest.messages.JobConfigInfo;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatistics;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatisticsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;

/** Speaks to a cluster through its REST interface. */
public final class ClusterClient implements AutoCloseable {

  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_DELAY = Duration.ofMillis(100);
  private static final long ANSWER_SECONDS = 30;
  private static final long STOP_MINUTES = 10;
  private static final long LOOK_MILLIS = 5_000;

  private final ClusterAddress address;
  private final RestClusterClient<String> client;

  private ClusterClient(ClusterAddress address, RestClusterClient<String> client) {
    this.address = address;
    this.client = client;
  }

  /** What a cluster says of itself. */
  public record Overview(
      FlinkVersion version, int taskManagers, int slots, int freeSlots, List<Job> jobs) {}

  /** A job of a cluster. */
  public record Job(JobID id, String name, JobStatus status) {}

  /** A client of the cluster there; says nothing to it yet. */
  public static ClusterClient of(ClusterAddress address) {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, address.host());
    configuration.set(RestOptions.PORT, address.port());
    configuration.set(RestOptions.RETRY_MAX_ATTEMPTS, 1);
    configuration.set(RestOptions.RETRY_DELAY, RETRY_DELAY);
    configuration.set(RestOptions.CONNECTION_TIMEOUT, CONNECTION_TIMEOUT);
    try {
      return new ClusterClient(address, new RestClusterClient<>(configuration, address.toString()));
    } catch (Exception e) {
      throw unreachable(address, e);
    }
  }

  public Overview overview() {
    ClusterOverviewWithVersion cluster = answer(client.getClusterOverview());
    return new Overview(
        FlinkVersion.parse(cluster.getVersion()),
        cluster.getNumTaskManagersConnected(),
        cluster.getNumSlotsTotal(),
        cluster.getNumSlotsAvailable(),
        jobs());
  }

  /** What the cluster's own configuration says; of secrets, only that there is one. */
  public Map<String, String> configuration() {
    Map<String, String> configuration = new LinkedHashMap<>();
    answer(
            client.sendRequest(
                ClusterConfigurationInfoHeaders.getInstance(),
                EmptyMessageParameters.getInstance(),
                EmptyRequestBody.getInstance()))
        .forEach(entry -> configuration.put(entry.getKey(), entry.getValue()));
    return configuration;
  }

  /** All jobs that the cluster remembers. */
  public List<Job> jobs() {
    return answer(client.listJobs()).stream()
        .map(job -> new Job(job.getJobId(), job.getJobName(), job.getJobState()))
        .toList();
  }

  /** The job of this name that runs, or is about to. */
  public Optional<Job> running(String name) {
    return jobs().stream()
        .filter(job -> job.name().equals(name))
        .filter(job -> !job.status().isGloballyTerminalState())
        .findFirst();
  }

  public JobStatus status(JobID job) {
    return answer(client.getJobStatus(job));
  }

  /** Whether a job had to begin again, or has ended, since it was submitted. */
  public boolean restarted(JobID job) {
    Map<JobStatus, Long> since = answer(client.getJobDetails(job)).getTimestamps();
    return since.getOrDefault(JobStatus.RESTARTING, 0L) > 0
        || since.getOrDefault(JobStatus.FAILING, 0L) > 0;
  }

  /** What a job tells of itself. */
  public Map<String, String> parameters(JobID job) {
    return execution(job).getGlobalJobParameters();
  }

  /** The parallelism that a job was started with. */
  public int parallelism(JobID job) {
    return execution(job).getParallelism();
  }

  private JobConfigInfo.ExecutionConfigInfo execution(JobID job) {
    return answer(
            client.sendRequest(
                JobConfigHeaders.getInstance(), of(job), EmptyRequestBody.getInstance()))
        .getExecutionConfigInfo();
  }

  private CheckpointingStatistics checkpoints(JobID job) {
    return answer(
        client.sendRequest(
            CheckpointingStatisticsHeaders.getInstance(), of(job), EmptyRequestBody.getInstance()));
  }

  private static JobMessageParameters of(JobID job) {
    JobMessageParameters parameters = new JobMessageParameters();
    parameters.jobPathParameter.resolve(job);
    return parameters;
  }

  /** How many checkpoints a job has completed. */
  public long completedCheckpoints(JobID job) {
    return checkpoints(job).getCounts().getNumberCompletedCheckpoints();
  }

  /** Writes a savepoint of a job that goes on; {@code directory} as for {@link #stop}. */
  public String savepoint(JobID job, String directory) {
    return Stopping.written(
        job, client.triggerSavepoint(job, directory, SavepointFormatType.CANONICAL));
  }

  /** Deletes a savepoint. */
  public void dispose(String savepoint) {
    answer(client.disposeSavepoint(savepoint));
  }

  /**
   * Stops a job with a savepoint in the form that every state backend reads; the job goes on if
   * that fails. A job that fails while it stops is stopped again, see {@link Stopping}.
   *
   * @param directory where the savepoint goes; null for where the cluster puts savepoints
   * @return where it is
   */
  public String stop(JobID job, String directory) {
    return new Stopping(job, runningJob(job, directory)).stop();
  }

  private Stopping.RunningJob runningJob(JobID job, String directory) {
    return new Stopping.RunningJob() {
      @Override
      public CompletableFuture<String> stop() {
        return client.stopWithSavepoint(job, false, directory, SavepointFormatType.CANONICAL);
      }

      @Override
      public void awaitRunning() {
        ClusterClient.this.awaitRunning(job);
      }

      @Override
      public void dispose(String savepoint) {
        ClusterClient.this.dispose(savepoint);
      }
    };
  }

  /**
   * What the cluster shows of a job is some seconds old: at first it still shows the life before.
   */
  private void awaitRunning(JobID job) {
    long endNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(STOP_MINUTES);
    do {
      JobStatus status = status(job);
      if (status.isGloballyTerminalState() || System.nanoTime() > endNanos) {
        throw new MirrorException(
            ErrorCode.STOP_FAILED,
            "job " + job,
            "it failed while it stopped and is " + status + " since",
            "The logs of the task managers say why it fails.");
      }
      pause();
    } while (!runs(job));
  }

  private boolean runs(JobID job) {
    JobDetailsInfo details = answer(client.getJobDetails(job));
    return details.getJobStatus() == JobStatus.RUNNING
        && details.getJobVertexInfos().stream()
            .allMatch(vertex -> vertex.getExecutionState() == ExecutionState.RUNNING);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a job was restarted", e);
    }
  }

  /** Cancels a job and waits until it has ended. */
  public void cancel(JobID job) {
    if (!status(job).isGloballyTerminalState()) {
      answer(client.cancel(job));
    }
    awaitEnd(job);
  }

  /** Waits until a job has ended, however. */
  public void awaitEnd(JobID job) {
    try {
      var unused = client.requestJobResult(job).get(STOP_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(address, e);
    } catch (ExecutionException | TimeoutException e) {
      throw unreachable(address, e);
    }
  }

  private <T> T answer(CompletableFuture<T> future) {
    try {
      return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(address, e);
    } catch (ExecutionException | TimeoutException e) {
      throw unreachable(address, e);
    }
  }

  private static MirrorException unreachable(ClusterAddress address, Exception cause) {
    return MirrorException.causedBy(
        cause,
        ErrorCode.CLUSTER_UNREACHABLE,
        address.toString(),
        "no Flink cluster answers at this address",
        "Name the REST address of one that runs, or start one: mirror cluster start.");
  }

  @Override
  public void close() {
    client.close();
  }
}
