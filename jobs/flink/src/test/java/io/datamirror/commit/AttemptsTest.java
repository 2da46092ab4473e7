package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.Committer.Outcome;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One start, several attempts: what each closes is its own, whatever number the epoch has. */
class AttemptsTest {

  private static final TablePlan T = TestMirror.table("t");
  private static final TablePlan U = TestMirror.table("u");

  @TempDir Path directory;

  @Test
  void a_savepoint_whose_epoch_was_closed_anew_after_a_failure_is_refused() throws Exception {
    TestLake.Saved savepoint = savepointWhoseEpochWasClosedAnew();
    try (TestLake restored = new TestLake(directory, savepoint, T, U)) {
      assertThatThrownBy(() -> restored.restoreCheck(savepoint, OnLakeAhead.REFUSE).run())
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("MIRROR-3007 ")
          .hasMessageContaining("closed anew after a failure, with other changes")
          .hasMessageContaining("--on-lake-ahead rebuild");
    }
  }

  @Test
  void a_table_that_only_the_epoch_closed_anew_has_changed_is_refused_too() throws Exception {
    TestLake.Saved savepoint = savepointWhoseEpochWasClosedAnew();
    try (TestLake restored = new TestLake(directory, savepoint, T, U)) {
      StateAge age = new StateAge(savepoint.commit());
      assertThatThrownBy(() -> age.mustGoBack("u", restored.table("u"), OnLakeAhead.REFUSE))
          .hasMessageContaining("MIRROR-3007 u: the table holds an epoch 2 that the job closed");
    }
  }

  @Test
  void a_savepoint_whose_epoch_was_closed_anew_takes_the_lake_back_behind_it_if_asked()
      throws Exception {
    TestLake.Saved savepoint = savepointWhoseEpochWasClosedAnew();
    try (TestLake restored = new TestLake(directory, savepoint, T, U)) {
      restored.restoreCheck(savepoint, OnLakeAhead.ROLLBACK).run();
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one"));
      assertThat(restored.texts("u")).isEmpty();
      restored.commit(savepoint.commit().pending());
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:two"));

      restored.upsert("t", 3, 1, "a", "three");
      restored.upsert("u", 1, 1, "a", "one");
      restored.commit(restored.epoch("p3"));
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:two", 3L, "1:three"));
      assertThat(restored.texts("u")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  /** Epoch 2 is closed for a savepoint, and after a failure once more with other changes. */
  private TestLake.Saved savepointWhoseEpochWasClosedAnew() throws Exception {
    try (TestLake first = new TestLake(directory, T, U)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      TestLake.Saved checkpoint = first.save();
      first.upsert("t", 2, 1, "a", "two");
      TestLake.Saved savepoint = first.save(first.epoch("p2"));
      try (TestLake second = first.nextAttempt(directory, checkpoint)) {
        second.upsert("t", 3, 1, "a", "three");
        second.upsert("u", 1, 1, "a", "one");
        second.commit(second.epoch("p2"));
      }
      return savepoint;
    }
  }

  @Test
  void what_a_savepoint_owes_may_be_all_that_a_table_ever_had() throws Exception {
    TestLake.Saved savepoint;
    try (TestLake first = new TestLake(directory, T)) {
      TestLake.Saved checkpoint = first.save();
      first.upsert("t", 1, 1, "a", "one");
      savepoint = first.save(first.epoch("p1"));
      try (TestLake second = first.nextAttempt(directory, checkpoint)) {
        second.upsert("t", 2, 1, "a", "two");
        second.commit(second.epoch("p1"));
      }
    }
    try (TestLake restored = new TestLake(directory, savepoint, T)) {
      restored.restoreCheck(savepoint, OnLakeAhead.ROLLBACK).run();
      assertThat(restored.texts("t")).isEmpty();
      restored.restoreCheck(savepoint, OnLakeAhead.REFUSE).run();
      restored.commit(savepoint.commit().pending());
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void a_savepoint_whose_epoch_was_committed_by_the_job_that_went_on_is_gone_on_from()
      throws Exception {
    TestLake.Saved savepoint;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      List<Committable> owed = first.epoch("p1");
      savepoint = first.save(owed);
      first.commit(owed);
    }
    try (TestLake restored = new TestLake(directory, savepoint, T)) {
      restored.restoreCheck(savepoint, OnLakeAhead.REFUSE).run();
      Committable owed = savepoint.commit().pending().get(0);
      assertThat(restored.committer().commit(owed)).isEqualTo(Outcome.FOUND);
    }
  }
}
