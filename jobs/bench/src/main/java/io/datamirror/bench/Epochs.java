package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.minicluster.MiniCluster;

/**
 * Ends an epoch of a job when so many changes have been read, not when time has passed: on another
 * machine, or one that others use too, the changes of an epoch would be another number in each run.
 *
 * @param rows of one epoch
 */
record Epochs(long rows) {

  private static final long LOOK_MILLIS = 5;

  static Epochs of(Order order) {
    return new Epochs(order.number("epoch-rows"));
  }

  /** Is told how far a job has come, before an epoch may end there. */
  interface Looking {
    void at(long read) throws Exception;
  }

  void end(MiniCluster cluster, JobID job, CompletableFuture<?> jobEnd, LongSupplier read)
      throws Exception {
    end(cluster, job, jobEnd, read, at -> {});
  }

  /** Returns when the job has ended. A checkpoint that fails is made up for by the next. */
  void end(
      MiniCluster cluster,
      JobID job,
      CompletableFuture<?> jobEnd,
      LongSupplier read,
      Looking looking)
      throws Exception {
    long next = rows;
    CompletableFuture<Long> checkpoint = CompletableFuture.completedFuture(0L);
    while (!jobEnd.isDone()) {
      long now = read.getAsLong();
      looking.at(now);
      if (now >= next && checkpoint.isDone()) {
        checkpoint =
            cluster.triggerCheckpoint(job, CheckpointType.DEFAULT).exceptionally(failure -> -1L);
        next += rows;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
