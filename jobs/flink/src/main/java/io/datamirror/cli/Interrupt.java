package io.datamirror.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.core.execution.JobClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels a job in this process when the process is told to end, and waits until it has. */
final class Interrupt implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);
  private static final long PATIENCE_SECONDS = 20;

  private final Thread hook;
  private final AtomicBoolean pulled;

  private Interrupt(Thread hook, AtomicBoolean pulled) {
    this.hook = hook;
    this.pulled = pulled;
  }

  /** From now on until {@link #close}, the end of the process ends the job first. */
  static Interrupt cancels(JobClient job, Console console) {
    AtomicBoolean pulled = new AtomicBoolean();
    Thread hook =
        new Thread(
            () -> {
              pulled.set(true);
              console.say("Stopping; the lake keeps what is committed.");
              cancel(job);
            },
            "mirror-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interrupt(hook, pulled);
  }

  /** Whether the process has been told to end: then the end of the job is no failure. */
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
