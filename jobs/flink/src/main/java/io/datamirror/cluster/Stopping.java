package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException;
import org.apache.flink.util.ExceptionUtils;

/**
 * Stops a job with a savepoint, and once more if it fails after the savepoint and before its end.
 *
 * <p>A task may fail in its last commits, or be lost with its machine. Flink then restarts the job:
 * the savepoint is there, but the job runs on beside it.
 */
final class Stopping {

  static final int MOST_ATTEMPTS = 3;

  private static final long PATIENCE_MINUTES = 10;

  private final JobID job;
  private final RunningJob cluster;

  /** What a cluster does with the job. */
  interface RunningJob {

    /** Writes a savepoint and ends the job; the future is the savepoint's place. */
    CompletableFuture<String> stop();

    /** Returns when the job runs again. */
    void awaitRunning();

    /** Deletes a savepoint that nobody is going to start from. */
    void dispose(String savepoint);
  }

  Stopping(JobID job, RunningJob cluster) {
    this.job = job;
    this.cluster = cluster;
  }

  /**
   * Stops the job.
   *
   * @return where the savepoint is
   * @throws MirrorException if it goes on
   */
  String stop() {
    for (int left = MOST_ATTEMPTS - 1; ; left--) {
      try {
        return written(job, cluster.stop());
      } catch (MirrorException e) {
        StopWithSavepointStoppingException halfway = halfway(e);
        if (halfway == null) {
          throw e;
        }
        if (left == 0) {
          throw failedWhileStopping(halfway);
        }
        cluster.awaitRunning();
        cluster.dispose(halfway.getSavepointPath());
      }
    }
  }

  private static StopWithSavepointStoppingException halfway(MirrorException failure) {
    return ExceptionUtils.findThrowable(failure, StopWithSavepointStoppingException.class)
        .orElse(null);
  }

  private MirrorException failedWhileStopping(StopWithSavepointStoppingException halfway) {
    return MirrorException.causedBy(
        halfway,
        ErrorCode.STOP_FAILED,
        "job " + job,
        "it failed "
            + MOST_ATTEMPTS
            + " times while it stopped, and the cluster restarts it each time; its last savepoint is "
            + halfway.getSavepointPath(),
        "The logs of the task managers say why it fails; mend that, and stop it again.");
  }

  /** Where a savepoint is, once it is written. */
  static String written(JobID job, CompletableFuture<String> savepoint) {
    try {
      return savepoint.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notWritten(job, e);
    } catch (ExecutionException | TimeoutException e) {
      throw notWritten(job, e);
    }
  }

  private static MirrorException notWritten(JobID job, Exception cause) {
    return MirrorException.causedBy(
        cause,
        ErrorCode.STOP_FAILED,
        "job " + job,
        "the cluster could not write a savepoint, so the job was left running",
        "Look at the job's checkpoints in the web UI; name --savepoint-dir if the cluster has no"
            + " place for savepoints.");
  }
}
