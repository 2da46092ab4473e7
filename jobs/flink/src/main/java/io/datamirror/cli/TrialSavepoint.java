package io.datamirror.cli;

import io.datamirror.cluster.ClusterClient;
import io.datamirror.error.MirrorException;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A savepoint of a job that goes on, for a question alone: nobody starts from it. */
final class TrialSavepoint {
  private static final Logger LOG = LoggerFactory.getLogger(TrialSavepoint.class);

  private final RunningJob job;
  private final Console console;

  /** What a cluster does with savepoints of the job. */
  interface RunningJob {

    /** Writes one; the job goes on. Returns its place. */
    String savepoint();

    /** Deletes one. */
    void dispose(String savepoint);
  }

  TrialSavepoint(RunningJob job, Console console) {
    this.job = job;
    this.console = console;
  }

  /**
   * @param directory where it is put; null for where the cluster puts savepoints
   */
  static TrialSavepoint of(ClusterClient client, JobID running, String directory, Console console) {
    return new TrialSavepoint(
        new RunningJob() {
          @Override
          public String savepoint() {
            return client.savepoint(running, directory);
          }

          @Override
          public void dispose(String savepoint) {
            client.dispose(savepoint);
          }
        },
        console);
  }

  /** Answers the question. The savepoint is deleted then; if it cannot be, its place is told. */
  boolean answers(Predicate<String> question) {
    String savepoint = job.savepoint();
    try {
      return question.test(savepoint);
    } finally {
      dispose(savepoint);
    }
  }

  /** The answer stands without it: a place that keeps its files must not keep the mirror. */
  private void dispose(String savepoint) {
    try {
      job.dispose(savepoint);
    } catch (MirrorException e) {
      LOG.warn("The savepoint {} could not be deleted", savepoint, SafeFailure.of(e));
      console.say(
          "The savepoint "
              + savepoint
              + " was for the check alone and could not be deleted:"
              + " it stays until you delete it.");
    }
  }
}
