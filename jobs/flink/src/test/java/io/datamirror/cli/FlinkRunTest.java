package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.commit.Patience;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.source.SourceSettings;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.JobListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as the main method of a jar that {@code flink run} submits, and waits for. */
class FlinkRunTest {
  private static final String STOPPED = "MIRROR-4012 orders: a column is gone.";

  private static String spec;

  @TempDir private Path directory;

  @BeforeEach
  void shop() throws SQLException {
    spec = Shop.withOrders(directory).spec();
  }

  /** Stops the table while the job runs, as a change of its source would. */
  public static final class Stopping implements JobListener {

    @Override
    public void onJobSubmitted(JobClient job, Throwable failure) {}

    @Override
    public void onJobExecuted(JobExecutionResult result, Throwable failure) {
      try (LakeCatalog catalog =
          LakeCatalog.open(SpecReader.read(Path.of(spec)).lake(), SecretSource.ofProcess())) {
        catalog.load("orders").updateProperties().set(LakeKeys.STOPPED, STOPPED).commit();
      }
    }
  }

  /** Runs the mirror where {@code flink run} was told one setting. */
  private static Cli.Result runUntilNow(String key, String value, String... options) {
    List<String> arguments = new ArrayList<>(List.of("run", "--spec", spec, "--until", "now"));
    arguments.addAll(List.of(options));
    return FlinkRun.cli(Map.of(key, value), arguments.toArray(String[]::new));
  }

  @Test
  void whoever_waits_for_a_run_up_to_now_is_told_what_came_of_it() {
    Cli.Result result = runUntilNow("execution.job-listeners", Stopping.class.getName());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains(STOPPED);
    assertThat(result.out()).contains("orders ");
  }

  @Test
  void a_savepoint_that_only_the_cluster_can_read_is_left_out_where_the_lake_may_be_ahead() {
    Cli.Result result =
        runUntilNow(
            "execution.state-recovery.path",
            "nosuch://bucket/savepoint",
            "--on-lake-ahead",
            "rebuild");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("The savepoint cannot be read from here: starting from the lake instead.");
  }

  @Test
  void a_job_manager_does_not_take_the_lake_back_at_each_of_its_starts() {
    Cli.Result result = runUntilNow("execution.target", "embedded", "--on-lake-ahead", "rollback");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            " --on-lake-ahead: a job manager that is started again would take the lake back once"
                + " more. Roll the lake back once, with mirror run elsewhere; then deploy with"
                + " --on-lake-ahead rebuild.");
  }

  @Test
  void what_flink_run_was_given_is_known() {
    Map<String, String> given =
        FlinkRun.with(
            Map.of("state.backend.type", "rocksdb", "rest.address", "flink.example.com"),
            () -> FlinkRuntime.of(RunOptions.untilNow(RunOptions.Mode.STREAMING)).given());

    assertThat(given)
        .containsEntry("state.backend.type", "rocksdb")
        .containsKey("execution.checkpointing.interval")
        .doesNotContainKeys("rest.address", "execution.target", "execution.attached");
  }

  @Test
  void outages_do_not_use_up_the_restarts_of_a_job_in_this_process_that_reads_on() {
    assertThat(restartsForgottenAfter(RunOptions.inCluster(null, null, Map.of())))
        .isLessThan(SourceSettings.of(SourceSettings.Until.STOPPED).retryLimit())
        .isLessThan(Duration.ofMillis(Patience.DEFAULT.giveUpMillis()));
  }

  @Test
  void a_run_that_has_an_end_and_fails_every_five_minutes_comes_to_it() {
    assertThat(restartsForgottenAfter(RunOptions.untilNow(RunOptions.Mode.STREAMING)))
        .isGreaterThan(Duration.ofMillis(2 * Patience.DEFAULT.giveUpMillis()));
  }

  private static Duration restartsForgottenAfter(RunOptions options) {
    try (FlinkRuntime runtime = FlinkRuntime.of(options)) {
      return runtime
          .environment()
          .getConfiguration()
          .get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD);
    }
  }

  @Test
  void what_holds_for_all_jobs_of_a_job_manager_is_not_taken_for_given() {
    Map<String, String> given =
        FlinkRun.with(
            Map.of("execution.target", "embedded", "restart-strategy.type", "exponential-delay"),
            () -> FlinkRuntime.of(RunOptions.untilNow(RunOptions.Mode.STREAMING)).given());

    assertThat(given).isEmpty();
  }

  @Test
  void a_savepoint_is_let_go_by_whatever_name_it_was_given() {
    for (String name : new String[] {"execution.state-recovery.path", "execution.savepoint.path"}) {
      FlinkRuntime runtime =
          FlinkRun.with(
              Map.of(name, "file:///savepoint"),
              () -> FlinkRuntime.of(RunOptions.untilNow(RunOptions.Mode.STREAMING)));
      assertThat(runtime.savepoint()).contains("file:///savepoint");

      runtime.leaveSavepointOut();

      assertThat(runtime.savepoint()).isEmpty();
    }
  }
}
