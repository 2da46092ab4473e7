package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.Takeover;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.RecallPlanner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRecallTest {

  private static final TablePlan T = TestMirror.table("t");

  @TempDir Path directory;
  private LakeCatalog catalog;
  private long generation;

  @BeforeEach
  void start() {
    catalog = TestMirror.catalog(directory);
    generation = Takeover.of(catalog, "mirror", List.of(T), Takeover.From.LAKE).generation();
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private JobRecall attempt() {
    return new JobRecall(TestMirror.lake(directory), generation);
  }

  private String told() {
    return catalog.load("t").properties().get(LakeKeys.STOPPED);
  }

  @Test
  void a_table_that_goes_on_after_a_restart_of_the_job_is_not_called_stopped_for_ever() {
    try (JobRecall first = attempt()) {
      first.stopped(T, "a column is gone");
    }
    assertThat(told()).isEqualTo("a column is gone");
    try (JobRecall second = attempt()) {
      second.stopped(T, "");
      assertThat(told()).isNull();
    }
  }

  @Test
  void the_newest_reason_counts() {
    try (JobRecall recall = attempt()) {
      recall.stopped(T, "a column is gone");
      recall.stopped(T, "the table is gone");
      assertThat(told()).isEqualTo("the table is gone");
    }
  }

  @Test
  void an_attempt_that_has_ended_opens_nothing_and_leaves_the_next_one_alone() throws Exception {
    RecallPlanner job = attempt();
    RecallPlanner first = job.own();
    RecallPlanner second = job.own();
    assertThat(first.start(T)).isEqualTo(second.start(T));

    first.close();

    assertThatThrownBy(() -> first.start(T)).hasMessage("the planning has ended");
    assertThat(second.start(T).position()).isEmpty();
    second.close();
  }
}
