package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.JobClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job when the process that waits for it is told to end. */
final class Interrupt implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);
  private static final long PATIENCE_SECONDS = 20;

  private final Runnable ending;
  private final Thread hook = new Thread(this::pull, "mirror-interrupt");
  private final AtomicBoolean pulled = new AtomicBoolean();

  private Interrupt(Runnable ending) {
    this.ending = ending;
  }

  /**
   * From now on until {@link #close}, the end of the process ends the job first, which is in this
   * process.
   */
  static Interrupt cancels(JobClient job, Console console) {
    return hooked(
        () -> {
          console.say("Stopping; the lake keeps what is committed.");
          cancel(job);
        });
  }

  /** From now on until {@link #close}, the end of the process says that the job has none. */
  static Interrupt leaves(JobID job, ClusterAddress cluster, Console console) {
    return hooked(
        () ->
            console.say(
                String.format(
                    "Not waiting any longer: job %s goes on in the cluster at %s. To stop it:"
                        + " flink cancel -m %s %s",
                    job, cluster, cluster, job)));
  }

  private static Interrupt hooked(Runnable ending) {
    Interrupt interrupt = new Interrupt(ending);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  /** The process is told to end. */
  void pull() {
    pulled.set(true);
    ending.run();
  }

  /** Whether the process has been told to end: then the end of the waiting is no failure. */
  boolean pulled() {
    return pulled.get();
  }

  private static void cancel(JobClient job) {
    try {
      job.cancel().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      job.getJobExecutionResult()
          .handle((result, failure) -> null)
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.info("the job did not end in time", SafeFailure.of(e));
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook is at work.
      LOG.debug("the process is ending", e);
    }
  }
}
