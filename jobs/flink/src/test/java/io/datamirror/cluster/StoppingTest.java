package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException;
import org.junit.jupiter.api.Test;

class StoppingTest {

  private final JobID job = new JobID();
  private final List<String> told = new ArrayList<>();

  @Test
  void a_job_that_stops_is_asked_once() {
    assertThat(stop(0)).isEqualTo("savepoint-1");
    assertThat(told).containsExactly("stop");
  }

  @Test
  void a_job_that_fails_while_it_stops_is_stopped_again_when_it_runs_again() {
    assertThat(stop(2)).isEqualTo("savepoint-3");
    assertThat(told)
        .containsExactly(
            "stop", "await", "stop", "dispose savepoint-1", "await", "stop", "dispose savepoint-2");
  }

  @Test
  void a_job_that_always_fails_while_it_stops_goes_on_and_its_last_savepoint_is_named() {
    assertThatThrownBy(() -> stop(Stopping.MOST_ATTEMPTS))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-4012 job "
                + job
                + ": it failed 3 times while it stopped, and the cluster restarts it each time; its"
                + " last savepoint, after which it failed while it stopped, is savepoint-3. The logs"
                + " of the task managers say why it fails; mend that, and stop it again. If it does"
                + " not run any more, start it from that savepoint.");
    assertThat(told).endsWith("stop", "dispose savepoint-2");
  }

  @Test
  void a_savepoint_stays_and_is_named_when_the_job_that_failed_after_it_cannot_be_stopped() {
    Cluster cluster =
        new Cluster(1) {
          @Override
          public CompletableFuture<String> stop() {
            CompletableFuture<String> stopped = super.stop();
            return stopped.isCompletedExceptionally()
                ? stopped
                : CompletableFuture.failedFuture(new IllegalStateException("the job has failed"));
          }
        };
    assertThatThrownBy(new Stopping(job, cluster)::stop)
        .hasMessageContaining("the cluster could not write a savepoint")
        .hasMessageContaining("after which it failed while it stopped, is savepoint-1. ")
        .hasMessageEndingWith(" If it does not run any more, start it from that savepoint.");
    assertThat(told).containsExactly("stop", "await", "stop");
  }

  @Test
  void a_savepoint_stays_and_is_named_when_the_job_that_failed_after_it_does_not_run_again() {
    Cluster cluster =
        new Cluster(1) {
          @Override
          public void awaitRunning() {
            throw new MirrorException(ErrorCode.STOP_FAILED, "job", "it is FAILED", "See why.");
          }
        };
    assertThatThrownBy(new Stopping(job, cluster)::stop)
        .hasMessage(
            "MIRROR-4012 job: it is FAILED; its last savepoint, after which it failed while it"
                + " stopped, is savepoint-1. See why. If it does not run any more, start it from"
                + " that savepoint.");
    assertThat(told).containsExactly("stop");
  }

  @Test
  void a_job_has_stopped_though_an_earlier_savepoint_cannot_be_deleted() {
    Cluster cluster =
        new Cluster(1) {
          @Override
          public void dispose(String savepoint) {
            throw new MirrorException(ErrorCode.CLUSTER_UNREACHABLE, "it", "is away", "Wait.");
          }
        };
    assertThat(new Stopping(job, cluster).stop()).isEqualTo("savepoint-2");
  }

  @Test
  void a_job_whose_savepoint_cannot_be_written_is_not_asked_again() {
    Stopping stopping =
        new Stopping(
            job,
            new Cluster(0) {
              @Override
              public CompletableFuture<String> stop() {
                told.add("stop");
                return CompletableFuture.failedFuture(new IllegalStateException("no place"));
              }
            });
    assertThatThrownBy(stopping::stop)
        .hasMessageContaining("the cluster could not write a savepoint");
    assertThat(told).containsExactly("stop");
  }

  private String stop(int failures) {
    return new Stopping(job, new Cluster(failures)).stop();
  }

  /** A cluster in which the job fails a few times while it stops. */
  private class Cluster implements Stopping.RunningJob {

    private final int failures;
    private int stops;

    Cluster(int failures) {
      this.failures = failures;
    }

    @Override
    public CompletableFuture<String> stop() {
      told.add("stop");
      String savepoint = "savepoint-" + ++stops;
      return stops > failures
          ? CompletableFuture.completedFuture(savepoint)
          : CompletableFuture.failedFuture(
              new CompletionException(new StopWithSavepointStoppingException(savepoint, job)));
    }

    @Override
    public void awaitRunning() {
      told.add("await");
    }

    @Override
    public void dispose(String savepoint) {
      told.add("dispose " + savepoint);
    }
  }
}
