package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.Committer.Outcome;
import io.datamirror.commit.FaultyCatalog.Fault;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.Leftovers;
import io.datamirror.lake.MirrorWrites;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TableHistory;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Forgetting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs come and go, and only the epochs of the mirror count. */
class IdentityTest {

  private static final TablePlan T = TestMirror.table("t");

  @TempDir Path directory;

  @Test
  void a_start_without_state_goes_on_committing() throws Exception {
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.upsert("t", 2, 1, "a", "two");
      first.delete("t", 2, 2);
      first.commit(first.epoch("p1"));
    }
    try (TestLake second = new TestLake(directory, T)) {
      assertThat(second.start.generation()).isEqualTo(2);
      assertThat(second.start.lastEpoch()).isEqualTo(1);
      // What was delivered before comes again, and something new.
      second.upsert("t", 1, 1, "a", "one");
      second.upsert("t", 2, 1, "a", "two");
      second.upsert("t", 3, 1, "a", "three");
      second.commit(second.epoch("p2"));

      assertThat(second.texts("t")).isEqualTo(Map.of(1L, "1:one", 3L, "1:three"));
      assertThat(TableHistory.of(second.table("t")).epoch()).isEqualTo(2);
    }
  }

  @Test
  void a_commit_in_flight_is_found_by_the_job_that_comes_after() throws Exception {
    List<Committable> inFlight;
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      inFlight = first.epoch("p1");
      saved = first.save();
      first.commit(inFlight);
    }
    try (TestLake second = new TestLake(directory, saved, T)) {
      assertThat(second.committer().commit(inFlight.get(0))).isEqualTo(Outcome.FOUND);
      assertThat(second.texts("t")).isEqualTo(Map.of(1L, "1:one"));
      assertThat(SnapshotUtil.currentAncestorIds(second.table("t"))).hasSize(1);
    }
  }

  @Test
  void a_commit_in_flight_that_was_never_made_is_made_by_the_job_that_comes_after()
      throws Exception {
    List<Committable> inFlight;
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      inFlight = first.epoch("p1");
      saved = first.save();
    }
    try (TestLake second = new TestLake(directory, saved, T)) {
      assertThat(second.committer().commit(inFlight.get(0))).isEqualTo(Outcome.COMMITTED);
      assertThat(second.committer().commit(inFlight.get(0))).isEqualTo(Outcome.FOUND);
      assertThat(second.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void a_savepoint_three_commits_old_is_refused() throws Exception {
    TestLake.Saved saved = threeCommitsAfterTheSavepoint();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      assertThatThrownBy(() -> restored.restoreCheck(saved, OnLakeAhead.REFUSE).run())
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-3007 ")
          .hasMessageContaining("holds epoch 4, but the restored state ends at 1. Start with ")
          .hasMessageContaining("--on-lake-ahead rebuild");
      assertThat(restored.texts("t")).hasSize(4);
    }
  }

  @Test
  void a_savepoint_three_commits_old_takes_the_lake_back_if_asked() throws Exception {
    TestLake.Saved saved = threeCommitsAfterTheSavepoint();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      restored.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:v1"));
      TableHistory history = TableHistory.of(restored.table("t"));
      assertThat(history.epoch()).isEqualTo(1);
      assertThat(history.position()).isEqualTo("p1");

      for (int epoch = 2; epoch <= 4; epoch++) {
        restored.upsert("t", epoch, epoch, "a", "again");
        restored.upsert("t", 1, epoch, "a", "again");
        restored.commit(restored.epoch("p" + epoch));
      }
      assertThat(restored.texts("t"))
          .isEqualTo(Map.of(1L, "4:again", 2L, "2:again", 3L, "3:again", 4L, "4:again"));
    }
  }

  @Test
  void who_was_overtaken_takes_nothing_back() throws Exception {
    TestLake.Saved saved = threeCommitsAfterTheSavepoint();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      new Generations(restored.catalog).take(List.of("t"));
      TakingBack late =
          new TakingBack(
              restored.catalog, saved.commit(), restored.start.generation(), Patience.SUBMISSION);

      assertThatThrownBy(() -> late.run(List.of("t")))
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-3006 t: ");
      assertThat(restored.texts("t")).hasSize(4);
    }
  }

  @Test
  void a_catalog_that_is_away_for_a_moment_does_not_end_the_way_back() throws Exception {
    TestLake.Saved saved = threeCommitsAfterTheSavepoint();
    try (TestLake restored = new TestLake(directory, saved, T);
        FaultyCatalog faulty = new FaultyCatalog(restored.catalog.icebergCatalog())) {
      faulty.next(Fault.UNKNOWN_NOT_APPLIED, Fault.UNKNOWN_APPLIED);
      boolean takenBack =
          new TakingBack(
                  restored.over(faulty),
                  saved.commit(),
                  restored.start.generation(),
                  new Patience(5_000, 1, 20))
              .run(List.of("t"));

      assertThat(takenBack).isTrue();
      assertThat(faulty.injected()).isEqualTo(2);
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:v1"));
    }
  }

  @Test
  void a_table_that_has_left_goes_back_with_its_tombstones() throws Exception {
    TablePlan leaving = TestMirror.table("leaving");
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T, leaving)) {
      first.upsert("t", 1, 1, "a", "one");
      first.upsert("leaving", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      saved = first.save();
      first.delete("leaving", 1, 5);
      first.commit(first.epoch("p2"));
      assertThat(first.texts("leaving")).isEmpty();
    }
    try (TestLake alone = new TestLake(directory, saved, T)) {
      new TakingBack(alone.catalog, saved.commit(), alone.start.generation(), Patience.SUBMISSION)
          .run(List.of("t", OwnTable.TOMBSTONES.tableName(), OwnTable.LEDGER.tableName()));
    }
    try (TestLake back = new TestLake(directory, T, leaving)) {
      assertThat(back.texts("leaving")).isEqualTo(Map.of(1L, "1:one"));
      back.delete("leaving", 1, 5);
      back.upsert("leaving", 1, 3, "a", "older than the deletion");
      back.commit(back.epoch("p2"));
      assertThat(back.texts("leaving")).isEmpty();
    }
  }

  @Test
  void a_table_that_came_after_the_savepoint_and_left_goes_back_with_its_tombstones()
      throws Exception {
    TablePlan leaving = TestMirror.table("leaving");
    TestLake.Saved saved = savedBeforeItCame(leaving);
    try (TestLake alone = new TestLake(directory, saved, T)) {
      new SavepointCheck("", OnLakeAhead.ROLLBACK)
          .compare(saved.commit(), alone.catalog, alone.plan.tables());
      new TakingBack(alone.catalog, saved.commit(), alone.start.generation(), Patience.SUBMISSION)
          .run(SavepointCheck.names(saved.commit(), alone.plan.tables()));
    }
    requireReadAnew(leaving);
  }

  @Test
  void a_job_takes_such_a_table_back_too() throws Exception {
    TablePlan leaving = TestMirror.table("leaving");
    TestLake.Saved saved = savedBeforeItCame(leaving);
    try (TestLake alone = new TestLake(directory, saved, T)) {
      alone.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
    }
    requireReadAnew(leaving);
  }

  private TestLake.Saved savedBeforeItCame(TablePlan leaving) throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epochWithinWindow());
      saved = first.save();
    }
    try (TestLake second = new TestLake(directory, saved, T, leaving)) {
      second.upsert("leaving", 1, 1, "a", "one");
      second.upsert("leaving", 2, 1, "a", "two");
      second.commit(second.epoch("p2"));
      second.delete("leaving", 1, 5);
      second.commit(second.epoch("p3"));
      assertThat(second.texts("leaving")).containsOnlyKeys(2L);
      assertThat(TableHistory.of(second.table("leaving")).position()).isEqualTo("p3");
    }
    return saved;
  }

  /** Its deletion is not remembered any more, so it has to come again. */
  private void requireReadAnew(TablePlan leaving) throws Exception {
    try (TestLake back = new TestLake(directory, T, leaving)) {
      assertThat(TableHistory.of(back.table("leaving")).position()).isEmpty();
      assertThat(back.texts("leaving")).isEmpty();
      assertThat(back.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void tombstones_are_taken_back_after_all_tables() {
    List<String> names =
        new ArrayList<>(List.of("mirror_tombstones", "zones", "mirror_ledger", "airports"));
    names.sort(TakingBack.ORDER);

    assertThat(names).containsExactly("airports", "zones", "mirror_ledger", "mirror_tombstones");
  }

  @Test
  void a_table_whose_partitions_were_changed_is_not_written_to() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.table("t").updateSpec().addField("place").commit();
      assertThatThrownBy(() -> new MirrorWrites(lake.plan, lake.catalog, 0, 0))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-3005 t: its partitions were changed while it was mirrored. A table keeps its"
                  + " partitions for life: take the change back, and let files that were rewritten"
                  + " since be rewritten once more, or choose another name for the table.");
      lake.table("t").updateSpec().removeField("place").commit();
      lake.table("mirror_tombstones").updateSpec().addField("rank").commit();
      assertThatThrownBy(() -> new MirrorWrites(lake.plan, lake.catalog, 0, 0))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-3005 mirror_tombstones: its partitions were changed while it was mirrored. A"
                  + " table keeps its partitions for life: take the change back, and let files that"
                  + " were rewritten since be rewritten once more.");
    }
  }

  @Test
  void a_savepoint_from_before_the_first_commit_empties_the_lake_if_asked() throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      saved = first.save();
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
    }
    try (TestLake restored = new TestLake(directory, saved, T)) {
      restored.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
      assertThat(restored.texts("t")).isEmpty();
      assertThat(TableHistory.of(restored.table("t")).position()).isEmpty();
      restored.upsert("t", 1, 1, "a", "one");
      restored.commit(restored.epoch("p1"));
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void a_savepoint_of_an_older_generation_is_refused_though_its_epoch_is_the_lakes()
      throws Exception {
    TestLake.Saved saved = anotherStartAtTheSameEpoch();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      assertThat(TableHistory.of(restored.table("t")).epoch()).isEqualTo(2);
      for (OnLakeAhead policy : List.of(OnLakeAhead.REFUSE, OnLakeAhead.REBUILD)) {
        assertThatThrownBy(() -> restored.restoreCheck(saved, policy).run())
            .isInstanceOf(MirrorException.class)
            .hasMessageContaining(
                "MIRROR-3007 t: generation 2 of the mirror has changed the table, but the restored"
                    + " state is of generation 1");
      }
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one", 3L, "1:other"));
    }
  }

  @Test
  void a_savepoint_of_an_older_generation_takes_the_lake_back_if_asked() throws Exception {
    TestLake.Saved saved = anotherStartAtTheSameEpoch();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      restored.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one"));
      restored.commit(saved.commit().pending());
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:two"));
      restored.restoreCheck(saved, OnLakeAhead.REFUSE).run();
    }
  }

  /** A job dies with a commit under way, and the start after it uses the same epoch. */
  private TestLake.Saved anotherStartAtTheSameEpoch() throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.upsert("t", 2, 1, "a", "two");
      saved = first.save(first.epoch("p2"));
    }
    try (TestLake second = new TestLake(directory, T)) {
      second.upsert("t", 3, 1, "a", "other");
      second.commit(second.epoch("q2"));
    }
    return saved;
  }

  @Test
  void what_an_older_savepoint_has_committed_since_is_missed_in_the_state_of_a_newer_start()
      throws Exception {
    TestLake.Saved saved = startThatMissesACommit();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      for (OnLakeAhead policy : List.of(OnLakeAhead.REFUSE, OnLakeAhead.REBUILD)) {
        assertThatThrownBy(() -> restored.restoreCheck(saved, policy).run())
            .isInstanceOf(MirrorException.class)
            .hasMessageContaining(
                "MIRROR-3007 t: generation 1 has committed epoch 2, but generation 2, whose state"
                    + " is restored, had begun at epoch 2 without it");
      }
    }
  }

  @Test
  void what_an_older_savepoint_has_committed_since_is_taken_back_if_asked() throws Exception {
    TestLake.Saved saved = startThatMissesACommit();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      restored.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
      restored.commit(saved.commit().pending());
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:one", 3L, "1:other"));
    }
  }

  /**
   * A start from the lake runs beside a savepoint that owes a commit; the savepoint is gone on from
   * and commits that, and then the first of the two is gone on from.
   */
  private TestLake.Saved startThatMissesACommit() throws Exception {
    TestLake.Saved owing;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.upsert("t", 2, 1, "a", "two");
      owing = first.save(first.epoch("p2"));
    }
    TestLake.Saved missing;
    try (TestLake second = new TestLake(directory, T)) {
      second.upsert("t", 3, 1, "a", "other");
      missing = second.save(second.epoch("q2"));
    }
    try (TestLake third = new TestLake(directory, owing, T)) {
      third.restoreCheck(owing, OnLakeAhead.REFUSE).run();
      third.commit(owing.commit().pending());
      assertThat(third.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:two"));
    }
    return missing;
  }

  @Test
  void what_a_start_from_the_lake_undid_is_seen_by_an_older_savepoint() throws Exception {
    TestLake.Saved saved = tombstonesUndone();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      assertThatThrownBy(() -> restored.restoreCheck(saved, OnLakeAhead.REFUSE).run())
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining(
              "MIRROR-3007 mirror_tombstones: generation 2 of the mirror has changed the table");
    }
  }

  @Test
  void what_a_start_from_the_lake_undid_is_taken_back_with_the_lake_if_asked() throws Exception {
    TestLake.Saved saved = tombstonesUndone();
    try (TestLake restored = new TestLake(directory, saved, T)) {
      restored.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
      restored.commit(saved.commit().pending());
      assertThat(restored.texts("t")).isEqualTo(Map.of(2L, "1:two"));
    }
    try (TestLake again = new TestLake(directory, T)) {
      again.upsert("t", 1, 1, "a", "one");
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).as("the deletion is remembered").isEqualTo(Map.of(2L, "1:two"));
    }
  }

  /** A job dies between tombstones and table, and the next start undoes the tombstones. */
  private TestLake.Saved tombstonesUndone() throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.upsert("t", 2, 1, "a", "two");
      first.commit(first.epoch("p1"));
      first.delete("t", 1, 2);
      List<Committable> second = first.epoch("p2");
      saved = first.save(second);
      first.committer().commit(second.get(0));
    }
    new TestLake(directory, T).close();
    return saved;
  }

  @Test
  void a_start_that_was_overtaken_undoes_nothing() throws Exception {
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.delete("t", 1, 2);
      first.committer().commit(first.epoch("p2").get(0));
      long before = first.table(OwnTable.TOMBSTONES.tableName()).currentSnapshot().snapshotId();
      new Generations(first.catalog).take(List.of("t"));

      assertThatThrownBy(
              () -> new Leftovers(first.catalog, "mirror", 1).remove(List.of("t"), Set.of()))
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("(generation 2, this job has 1)");
      assertThat(first.table(OwnTable.TOMBSTONES.tableName()).currentSnapshot().snapshotId())
          .isEqualTo(before);
    }
  }

  @Test
  void nothing_forgotten_comes_back_after_a_start_from_the_lake_alone() throws Exception {
    Forgetting tenSeconds = new Forgetting(10_000, false);
    try (TestLake first = new TestLake(directory, tenSeconds, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.upsert("t", 2, 2, "a", "two");
      first.delete("t", 1, 3);
      first.commit(first.epoch("p1"));
      first.watermark(60_000);
      first.upsert("t", 2, 61, "a", "two");
      // Its changes are read, but not yet those of every other chunk: so there is no position.
      first.flush();
      first.commit(first.closer.close());
      assertThat(first.texts(OwnTable.TOMBSTONES.tableName())).as("forgotten").isEmpty();
    }
    try (TestLake second = new TestLake(directory, tenSeconds, T)) {
      assertThat(second.start.watermarks()).isEqualTo(Map.of("t", 60_000L));
      second.upsert("t", 1, 1, "a", "one");
      second.upsert("t", 3, 49, "a", "late, and never seen");
      second.upsert("t", 4, 51, "a", "in time");
      second.commit(second.epoch("p2"));
      assertThat(second.texts("t")).isEqualTo(Map.of(2L, "61:two", 4L, "51:in time"));
      assertThat(second.table("t").currentSnapshot().summary())
          .containsEntry(LakeKeys.LATE, "2")
          .containsEntry(LakeKeys.WATERMARK, "60000");
    }
    try (TestLake third = new TestLake(directory, tenSeconds, T)) {
      assertThat(third.start.watermarks()).isEqualTo(Map.of("t", 60_000L));
    }
  }

  @Test
  void nothing_forgotten_comes_back_from_the_lake_when_the_lateness_is_longer_or_gone()
      throws Exception {
    try (TestLake first = new TestLake(directory, new Forgetting(10_000, false), T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.delete("t", 1, 3);
      first.commit(first.epoch("p1"));
      first.watermark(60_000);
      first.commit(first.epochWithinWindow());
    }
    Map<String, Long> horizon = Map.of("t", 50_000L);
    try (TestLake longer = new TestLake(directory, new Forgetting(60_000, false), T)) {
      assertThat(longer.start.horizons()).isEqualTo(horizon);
      longer.upsert("t", 1, 2, "a", "one");
      longer.upsert("t", 2, 51, "a", "in time");
      longer.commit(longer.epoch("p2"));
      assertThat(longer.texts("t")).isEqualTo(Map.of(2L, "51:in time"));
    }
    try (TestLake never = new TestLake(directory, Forgetting.NOTHING, T)) {
      assertThat(never.start.horizons()).isEqualTo(horizon);
      never.upsert("t", 1, 2, "a", "one");
      never.commit(never.epoch("p3"));
      assertThat(never.texts("t")).isEqualTo(Map.of(2L, "51:in time"));
      assertThat(never.table("t").currentSnapshot().summary())
          .containsEntry(LakeKeys.LATE, "1")
          .containsEntry(LakeKeys.HORIZON, "50000");
      assertThat(never.table("t").properties()).containsEntry(LakeKeys.HORIZON, "50000");
    }
  }

  private TestLake.Saved threeCommitsAfterTheSavepoint() throws Exception {
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "v1");
      first.commit(first.epoch("p1"));
      TestLake.Saved saved = first.save();
      for (int epoch = 2; epoch <= 4; epoch++) {
        first.upsert("t", epoch, epoch, "a", "new");
        first.upsert("t", 1, epoch, "a", "v" + epoch);
        first.commit(first.epoch("p" + epoch));
      }
      return saved;
    }
  }

  @Test
  void of_two_jobs_only_the_newer_commits() throws Exception {
    try (TestLake blue = new TestLake(directory, T)) {
      blue.upsert("t", 1, 1, "a", "blue");
      blue.commit(blue.epoch("p1"));
      AtomicReference<Throwable> stopped = new AtomicReference<>();
      List<Committable> next = new ArrayList<>();
      for (int i = 2; i <= 200; i++) {
        blue.upsert("t", i, 1, "a", "blue");
        next.addAll(blue.epoch("p" + i));
      }
      Thread loser = new Thread(() -> commitAll(blue, next, stopped));
      loser.start();
      try (TestLake green = new TestLake(directory, T)) {
        loser.join();
        assertThat(stopped.get())
            .isInstanceOf(MirrorException.class)
            .hasMessageContaining(
                "a newer job has taken over the table (generation 2, this job has 1)");
        assertThat(((MirrorException) stopped.get()).code()).isEqualTo(ErrorCode.GENERATION_FENCED);
        int committed = green.texts("t").size();
        green.upsert("t", 1_000, 1, "a", "green");
        green.commit(green.epoch("q1"));
        assertThat(green.texts("t")).hasSize(committed + 1);
      }
    }
  }

  @Test
  void a_start_without_a_table_overtakes_who_still_commits_to_it() throws Exception {
    TablePlan other = TestMirror.table("other");
    try (TestLake first = new TestLake(directory, T, other)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.delete("t", 1, 2);
      List<Committable> epoch = first.epoch("p2");
      first.commit(epoch.stream().filter(Committable::own).toList());
      try (TestLake second = new TestLake(directory, other)) {
        assertThat(second.texts(OwnTable.TOMBSTONES.tableName())).isEmpty();
      }

      List<Committable> left = epoch.stream().filter(one -> one.name().equals("t")).toList();
      assertThatThrownBy(() -> first.commit(left)).hasMessageContaining("MIRROR-3006 t: ");
      assertThat(first.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void a_table_that_a_start_does_without_may_be_beyond_loading() throws Exception {
    TablePlan other = TestMirror.table("other");
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T, other)) {
      first.upsert("t", 1, 1, "a", "one");
      first.delete("t", 1, 2);
      first.commit(first.epoch("p1"));
      saved = first.save(List.of());
      BaseTable broken = (BaseTable) first.table("t");
      broken.io().deleteFile(broken.operations().current().metadataFileLocation());
    }
    try (TestLake restored = new TestLake(directory, saved, other)) {
      assertThat(restored.start.generation()).isEqualTo(2);
    }
    try (TestLake fromLake = new TestLake(directory, other)) {
      assertThat(fromLake.start.generation()).isEqualTo(3);
      assertThat(LakeRows.all(fromLake.table(OwnTable.TOMBSTONES.tableName())))
          .as("they are of a table that is still there")
          .hasSize(1);
    }
  }

  private static void commitAll(
      TestLake lake, List<Committable> epochs, AtomicReference<Throwable> stopped) {
    try {
      lake.commit(epochs);
    } catch (MirrorException | InterruptedException e) {
      stopped.set(e);
    }
  }

  @Test
  void starts_at_the_same_time_never_share_a_generation() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      List<Long> taken = java.util.Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(new Thread(() -> takeOften(taken)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(taken).doesNotHaveDuplicates().isNotEmpty();
      String winner = String.valueOf(java.util.Collections.max(taken));
      for (String name : List.of("mirror_tombstones", "mirror_ledger", "t")) {
        assertThat(lake.table(name).properties())
            .as("who came second leaves %s to who came first", name)
            .containsEntry(LakeKeys.GENERATION, winner);
      }
    }
  }

  private void takeOften(List<Long> taken) {
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      for (int i = 0; i < 5; i++) {
        try {
          taken.add(new Generations(catalog).take(List.of("t")).generation());
        } catch (MirrorException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.GENERATION_FENCED);
        }
      }
    }
  }

  @Test
  void an_older_epoch_is_refused_after_a_newer_one() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.upsert("t", 1, 1, "a", "one");
      List<Committable> older = lake.epoch("p1");
      lake.upsert("t", 2, 1, "a", "two");
      List<Committable> newer = lake.epoch("p2");
      lake.commit(newer);

      assertThatThrownBy(() -> lake.commit(older))
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("MIRROR-3007 t: the table holds epoch 2");
      assertThat(lake.texts("t")).isEqualTo(Map.of(2L, "1:two"));
    }
  }

  @Test
  void a_table_that_changed_hands_is_not_committed_to() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.upsert("t", 1, 1, "a", "one");
      List<Committable> epoch = lake.epoch("p1");
      lake.table("t").updateProperties().set(LakeKeys.MIRROR, "other").commit();

      assertThatThrownBy(() -> lake.commit(epoch))
          .hasMessageContaining("MIRROR-3003 t: this table belongs to the mirror other");
      assertThat(lake.table("t").currentSnapshot()).isNull();
    }
  }

  @Test
  void what_a_dead_job_left_in_the_own_tables_is_gone_after_a_start_from_the_lake()
      throws Exception {
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.upsert("t", 2, 1, "a", "two");
      first.commit(first.epoch("p1"));
      first.delete("t", 1, 2);
      List<Committable> second = first.epoch("p2");
      assertThat(second.get(0).name()).isEqualTo(OwnTable.TOMBSTONES.tableName());
      // The job dies between the tombstones and the table.
      first.committer().commit(second.get(0));
    }
    try (TestLake restarted = new TestLake(directory, T)) {
      assertThat(restarted.texts("t")).hasSize(2);
      restarted.upsert("t", 3, 1, "a", "three");
      restarted.commit(restarted.epoch(""));
    }
    try (TestLake again = new TestLake(directory, T)) {
      // The deletion comes again, and finds the row.
      again.delete("t", 1, 2);
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).isEqualTo(Map.of(2L, "1:two", 3L, "1:three"));
      again.upsert("t", 1, 1, "a", "one");
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).as("no older row comes back").hasSize(2);
    }
  }

  @Test
  void what_a_dead_job_left_is_not_taken_for_true_when_its_files_were_rewritten() throws Exception {
    long leftover;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.delete("t", 1, 2);
      first.committer().commit(first.epoch("p2").get(0));
      Table tombstones = first.table(OwnTable.TOMBSTONES.tableName());
      leftover = tombstones.currentSnapshot().snapshotId();
      DataFile file =
          tombstones.currentSnapshot().addedDataFiles(tombstones.io()).iterator().next();
      DataFile merged =
          DataFiles.builder(tombstones.spec())
              .copy(file)
              .withPath(file.location() + ".merged.parquet")
              .build();
      tombstones.newRewrite().deleteFile(file).addFile(merged).commit();
    }

    assertThatThrownBy(() -> new TestLake(directory, T).close())
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("MIRROR-3005 mirror_tombstones: its files were rewritten")
        .hasMessageContaining("Roll it back to snapshot " + leftover);

    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      Table tombstones = catalog.load(OwnTable.TOMBSTONES.tableName());
      tombstones.manageSnapshots().rollbackTo(leftover).commit();
    }
    try (TestLake again = new TestLake(directory, T)) {
      again.delete("t", 1, 2);
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).isEmpty();
    }
  }

  @Test
  void a_table_that_was_dropped_and_created_again_is_noticed_by_a_restored_job() throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      saved = first.save();
      first.catalog.icebergCatalog().dropTable(first.catalog.identifier("t"));
    }
    try (TestLake restored = new TestLake(directory, saved, T)) {
      assertMissed(restored, saved);
    }
  }

  @Test
  void a_table_that_only_earlier_starts_committed_to_is_missed_too_when_it_was_created_again()
      throws Exception {
    commitOnce();
    TestLake.Saved saved;
    try (TestLake idle = new TestLake(directory, T)) {
      saved = idle.save();
      idle.catalog.icebergCatalog().dropTable(idle.catalog.identifier("t"));
    }
    try (TestLake restored = new TestLake(directory, saved, T)) {
      assertMissed(restored, saved);
    }
  }

  @Test
  void a_table_that_is_rolled_back_before_the_first_commit_of_a_start_gets_none() throws Exception {
    long first = commitOnce();
    try (TestLake second = new TestLake(directory, T)) {
      second.upsert("t", 2, 1, "a", "two");
      second.commit(second.epoch("p2"));
    }
    try (TestLake third = new TestLake(directory, T)) {
      third.table("t").manageSnapshots().rollbackTo(first).commit();
      third.upsert("t", 3, 1, "a", "three");
      List<Committable> epoch = third.epoch("p3");

      assertThatThrownBy(() -> third.committer().commit(epoch.get(0)))
          .hasMessageContaining("MIRROR-3005 t: epoch 2 was committed to it, but it holds only 1");
      assertThat(TableHistory.of(third.table("t")).position()).isEqualTo("p1");
    }
  }

  private static void assertMissed(TestLake restored, TestLake.Saved saved) {
    for (OnLakeAhead policy : OnLakeAhead.values()) {
      assertThatThrownBy(() -> restored.restoreCheck(saved, policy).run())
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("MIRROR-3005 t: epoch 1 was committed to it, but it holds only 0");
    }
  }

  /** The snapshot that holds it. */
  private long commitOnce() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      return lake.table("t").currentSnapshot().snapshotId();
    }
  }

  @Test
  void a_table_that_is_rolled_back_under_a_running_job_gets_no_further_commit() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      TableCommitter committer = lake.committer();
      lake.upsert("t", 1, 1, "a", "one");
      committer.commit(lake.epoch("p1").get(0));
      long first = lake.table("t").currentSnapshot().snapshotId();
      lake.upsert("t", 2, 1, "a", "two");
      committer.commit(lake.epoch("p2").get(0));
      lake.table("t").manageSnapshots().rollbackTo(first).commit();
      lake.upsert("t", 3, 1, "a", "three");
      List<Committable> third = lake.epoch("p3");

      assertThatThrownBy(() -> committer.commit(third.get(0)))
          .hasMessageContaining("MIRROR-3005 t: epoch 2 was committed to it, but it holds only 1");
      assertThat(TableHistory.of(lake.table("t")).position()).isEqualTo("p1");
    }
  }
}
