package io.datamirror.cli;

import io.datamirror.cluster.ClusterClient;
import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches a start of a mirror until there is a sign that it works. */
final class FirstCommit {
  private static final Logger LOG = LoggerFactory.getLogger(FirstCommit.class);
  private static final long LOOK_MILLIS = 500;

  /** The first tells nothing, the second has made the first one's commits due. */
  private static final long QUIET_CHECKPOINTS = 3;

  private final ClusterClient client;
  private final MirrorSpec mirror;
  private final long generation;

  FirstCommit(ClusterClient client, MirrorSpec mirror, long generation) {
    this.client = client;
    this.mirror = mirror;
    this.generation = generation;
  }

  /** What shows that a mirror works. */
  enum Sign {
    COMMITTED("committed"),
    NOTHING_TO_COMMIT("nothing to commit: the lake is where the source is");

    private final String words;

    Sign(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** Waits for a sign; empty if none comes in time, or the job ends. */
  Optional<Sign> await(JobID job, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      if (committed()) {
        return Optional.of(Sign.COMMITTED);
      }
      Optional<JobStatus> status = status(job);
      if (status.filter(JobStatus::isGloballyTerminalState).isPresent()) {
        return Optional.empty();
      }
      if (status.filter(JobStatus.RUNNING::equals).isPresent() && quiet(job)) {
        return Optional.of(Sign.NOTHING_TO_COMMIT);
      }
      pause();
    }
    return Optional.empty();
  }

  /** Empty while the cluster does not answer: its job manager may be coming back. */
  private Optional<JobStatus> status(JobID job) {
    try {
      return Optional.of(client.status(job));
    } catch (MirrorException e) {
      LOG.info("The cluster does not answer", SafeFailure.of(e));
      return Optional.empty();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Whether some table holds a commit of this start. */
  boolean committed() {
    try (LakeCatalog catalog = LakeCatalog.open(mirror.lake(), SecretSource.ofProcess())) {
      return mirror.tables().stream()
          .map(TableSpec::name)
          .map(catalog::find)
          .flatMap(Optional::stream)
          .anyMatch(table -> TableHistory.of(table).committedGeneration() >= generation);
    } catch (MirrorException e) {
      LOG.info("The lake does not answer", SafeFailure.of(e));
      return false;
    }
  }

  /** Whether the job works and nobody has changed anything since the last commit. */
  private boolean quiet(JobID job) {
    try {
      return client.completedCheckpoints(job) >= QUIET_CHECKPOINTS
          && !client.restarted(job)
          && caughtUp();
    } catch (MirrorException e) {
      LOG.info("The cluster does not answer", SafeFailure.of(e));
      return false;
    }
  }

  private boolean caughtUp() {
    try (LakeLag lag = LakeLag.open(mirror, SecretSource.ofProcess())) {
      Map<String, Long> lags = lag.all();
      return mirror.tables().stream()
          .allMatch(table -> lags.getOrDefault(table.name(), Long.MAX_VALUE) == 0);
    } catch (MirrorException | ProblemsException e) {
      LOG.info("The lag is not known", SafeFailure.of(e));
      return false;
    }
  }
}
