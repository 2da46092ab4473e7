package io.datamirror.cli;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobStatus;

/** Says when a job begins anew from its last checkpoint, and when it runs again. */
final class RestartNotice {
  private final Supplier<CompletableFuture<JobStatus>> job;
  private final Console console;
  private CompletableFuture<JobStatus> asked;
  private boolean restarting;

  /**
   * @param job asks what the job does
   */
  RestartNotice(Supplier<CompletableFuture<JobStatus>> job, Console console) {
    this.job = job;
    this.console = console;
  }

  /** Takes the answer to the last question and asks the next; waits for nothing. */
  void look() {
    if (asked != null && asked.isDone() && !asked.isCompletedExceptionally()) {
      tell(asked.join());
    }
    if (asked == null || asked.isDone()) {
      asked = ask();
    }
  }

  private CompletableFuture<JobStatus> ask() {
    try {
      return job.get();
    } catch (IllegalStateException e) {
      // What ran the job is gone, and so is the job.
      return CompletableFuture.failedFuture(e);
    }
  }

  private void tell(JobStatus status) {
    if (status == JobStatus.RESTARTING && !restarting) {
      restarting = true;
      console.say("  The job failed and begins anew from its last checkpoint. The log says why.");
    } else if (status == JobStatus.RUNNING && restarting) {
      restarting = false;
      console.say("  The job runs again.");
    }
  }
}
