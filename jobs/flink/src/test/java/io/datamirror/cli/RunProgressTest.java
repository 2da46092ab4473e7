package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.Phase;
import io.datamirror.source.TableProgress;
import io.datamirror.source.Trouble;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private final StringWriter said = new StringWriter();
  private final Console console =
      Console.of(MirrorCommand.commandLine().setErr(new PrintWriter(said)));
  private long nowMillis = 1_000_000;
  private TableProgress regions = at(Phase.START, 0, Long.MIN_VALUE);

  private final RunProgress progress =
      new RunProgress(() -> List.of(regions), console, new Ticking());

  @Test
  void nothing_is_said_before_something_happens() {
    progress.look();
    after(1_000);

    assertThat(said.toString()).isEmpty();
  }

  @Test
  void a_change_of_phase_is_said_at_once() {
    progress.look();
    regions = at(Phase.CHANGES, 500, Long.MIN_VALUE);
    after(1_000);

    assertThat(said.toString())
        .isEqualToNormalizingNewlines(
            "  regions                  changes             500 rows        500 rows/s\n");
  }

  @Test
  void a_table_at_work_is_never_silent_for_ten_seconds() {
    progress.look();
    for (int halfSecond = 0; halfSecond < 60; halfSecond++) {
      after(500);
    }

    assertThat(said.toString().lines()).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void the_lag_is_said_while_changes_are_followed() {
    progress.look();
    regions = at(Phase.CHANGES, 0, nowMillis - 65_000);
    after(0);

    assertThat(said.toString()).contains("  lag 1 m 5 s");
  }

  @Test
  void what_keeps_a_table_from_being_read_is_said_with_it() {
    progress.look();
    regions = failing(new Trouble("MIRROR-2001", nowMillis - 120_000));
    after(5_000);

    assertThat(said.toString())
        .isEqualToNormalizingNewlines(
            "  regions                  changes               0 rows"
                + "  tried again for 2 m 5 s: MIRROR-2001\n");
  }

  @Test
  void a_job_that_begins_anew_is_said_once_and_so_is_that_it_runs_again() {
    Deque<JobStatus> statuses =
        new ArrayDeque<>(
            List.of(
                JobStatus.RUNNING,
                JobStatus.RESTARTING,
                JobStatus.RESTARTING,
                JobStatus.CREATED,
                JobStatus.RUNNING,
                JobStatus.RUNNING));
    progress.follow(() -> CompletableFuture.completedFuture(statuses.poll()));
    while (!statuses.isEmpty()) {
      after(500);
    }

    assertThat(said.toString())
        .isEqualToNormalizingNewlines(
            "  The job failed and begins anew from its last checkpoint. The log says why.\n"
                + "  The job runs again.\n");
  }

  @Test
  void a_job_that_does_not_tell_what_it_does_keeps_nobody_waiting() {
    progress.follow(() -> CompletableFuture.failedFuture(new IllegalStateException("ended")));
    after(500);
    after(500);
    progress.follow(CompletableFuture::new);
    after(500);
    after(500);
    progress.follow(
        () -> {
          throw new IllegalStateException("already been shut down");
        });
    after(500);

    assertThat(said.toString()).isEmpty();
  }

  @Test
  void a_table_that_is_done_is_said_once() {
    progress.look();
    regions = at(Phase.DONE, 7, Long.MIN_VALUE);
    for (int second = 0; second < 30; second++) {
      after(1_000);
    }

    assertThat(said.toString().lines()).hasSize(1);
  }

  private void after(long millis) {
    nowMillis += millis;
    progress.look();
  }

  private static TableProgress at(Phase phase, long rows, long settledMillis) {
    return new TableProgress("regions", phase, 1, 0, 1, "", settledMillis, rows, Optional.empty());
  }

  private static TableProgress failing(Trouble trouble) {
    return new TableProgress(
        "regions", Phase.CHANGES, 1, 0, 1, "", Long.MIN_VALUE, 0, Optional.of(trouble));
  }

  /** Shows the time that the test has set. */
  private final class Ticking extends Clock {
    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(nowMillis);
    }
  }
}
