package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a job with a savepoint, and once more if it fails after the savepoint and before its end.
 *
 * <p>A task may fail in its last commits, or be lost with its machine. Flink then restarts the job:
 * the savepoint is there, but the job runs on beside it. Should what that savepoint owes have begun
 * to be committed, the job soon ends, and nothing but this savepoint fits the lake. So it stays
 * until another one is there: a job writes none before it has been compared with the lake.
 */
final class Stopping {

  private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

  static final int MOST_ATTEMPTS = 3;

  private static final long PATIENCE_MINUTES = 10;

  private final JobID job;
  private final RunningJob cluster;

  /** The savepoint after which the job failed while it stopped; null if it did not. */
  private String halfway;

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
   * @throws MirrorException if it goes on, or has failed; names the savepoint that may be needed
   */
  String stop() {
    try {
      return stopped();
    } catch (MirrorException e) {
      throw halfway == null ? e : namingSavepoint(e);
    }
  }

  private String stopped() {
    for (int left = MOST_ATTEMPTS - 1; ; left--) {
      try {
        String savepoint = written(job, cluster.stop());
        replaceHalfway(null);
        return savepoint;
      } catch (MirrorException e) {
        replaceHalfway(savepointOf(e).orElseThrow(() -> e));
        if (left == 0) {
          throw failedWhileStopping(e);
        }
      }
      cluster.awaitRunning();
    }
  }

  private static Optional<String> savepointOf(MirrorException failure) {
    return ExceptionUtils.findThrowable(failure, StopWithSavepointStoppingException.class)
        .map(StopWithSavepointStoppingException::getSavepointPath);
  }

  /** There is a later savepoint, so that nobody is going to start from the one before. */
  private void replaceHalfway(String later) {
    String before = halfway;
    halfway = later;
    if (before == null) {
      return;
    }
    try {
      cluster.dispose(before);
    } catch (MirrorException e) {
      LOG.warn("The savepoint {} is not needed any more, and could not be deleted", before, e);
    }
  }

  private MirrorException failedWhileStopping(MirrorException failure) {
    return MirrorException.causedBy(
        failure,
        ErrorCode.STOP_FAILED,
        "job " + job,
        "it failed "
            + MOST_ATTEMPTS
            + " times while it stopped, and the cluster restarts it each time",
        "The logs of the task managers say why it fails; mend that, and stop it again.");
  }

  private MirrorException namingSavepoint(MirrorException failure) {
    return MirrorException.causedBy(
        failure,
        failure.code(),
        failure.object(),
        failure.sentence()
            + "; its last savepoint, after which it failed while it stopped, is "
            + halfway,
        failure.nextStep() + " If it does not run any more, start it from that savepoint.");
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
