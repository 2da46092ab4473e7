package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.rest.handler.legacy.messages.ClusterOverviewWithVersion;

/** Speaks to a cluster through its REST interface. */
public final class ClusterClient implements AutoCloseable {

  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_DELAY = Duration.ofMillis(100);
  private static final long ANSWER_SECONDS = 30;

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

  /** All jobs that the cluster remembers. */
  public List<Job> jobs() {
    return answer(client.listJobs()).stream()
        .map(job -> new Job(job.getJobId(), job.getJobName(), job.getJobState()))
        .toList();
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
