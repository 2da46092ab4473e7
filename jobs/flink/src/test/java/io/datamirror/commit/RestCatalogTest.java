package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LaidOutFeed;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.RestCatalogServer;
import io.datamirror.lake.RestCatalogServer.Fault;
import io.datamirror.lake.TableHistory;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.SecretSource;
import io.datamirror.stream.MirrorRecord.Progress;
import io.datamirror.verify.Moments;
import io.datamirror.verify.TableMoment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lake behind a server, which looks at less than a catalog that compares the whole table. */
class RestCatalogTest {

  private static final int EPOCHS = 8;
  private static final TablePlan T = TestMirror.table("t");

  @TempDir private Path directory;
  private RestCatalogServer server;

  @BeforeEach
  void begin() throws Exception {
    server = new RestCatalogServer(directory);
  }

  @AfterEach
  void end() {
    server.close();
    assertThat(server.refused()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void every_epoch_is_committed_once_whatever_the_server_answers(Fault fault) throws Exception {
    try (TestLake lake = new TestLake(server.lake(), T)) {
      TreeMap<Long, String> expected = new TreeMap<>();
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        lake.upsert("t", epoch, epoch, "a", "new");
        lake.upsert("t", 1, epoch, "a", "again");
        expected.put((long) epoch, epoch + ":new");
        expected.put(1L, epoch + ":again");
        server.next(fault);
        lake.commit(lake.epoch("p" + epoch));
      }

      assertThat(lake.texts("t")).isEqualTo(expected);
      assertThat(commits(lake)).hasSize(EPOCHS).allSatisfy((id, n) -> assertThat(n).isOne());
    }
  }

  @Test
  void a_start_goes_on_from_the_rows_and_the_tombstones_behind_the_server() throws Exception {
    try (TestLake first = new TestLake(server.lake(), T)) {
      first.upsert("t", 1, 5, "a", "one");
      first.upsert("t", 2, 5, "a", "two");
      first.commit(first.epoch("p1"));
      first.delete("t", 2, 6);
      first.commit(first.epoch("p2"));
    }
    try (TestLake second = new TestLake(server.lake(), T)) {
      second.upsert("t", 1, 4, "a", "late");
      second.upsert("t", 2, 5, "a", "late");
      second.upsert("t", 3, 1, "a", "three");
      second.commit(second.epoch("p3"));
      assertThat(second.texts("t")).isEqualTo(Map.of(1L, "5:one", 3L, "1:three"));
      TableHistory history = TableHistory.of(second.table("t"));
      assertThat(history.position()).isEqualTo("p3");
      assertThat(history.rows()).isEqualTo(2);
    }
  }

  @Test
  void a_commit_that_is_under_way_when_the_next_start_takes_over_does_not_go_in() throws Exception {
    try (TestLake first = new TestLake(server.lake(), T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.upsert("t", 2, 1, "a", "of who is overtaken");
      List<Committable> next = first.epoch("p2");
      AtomicReference<TestLake> second = new AtomicReference<>();
      server.beforeNextCommit(() -> second.set(new TestLake(server.lake(), T)));

      assertThatThrownBy(() -> first.commit(next))
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-3006 t: a newer job has taken over the table");

      try (TestLake newer = second.get()) {
        assertThat(newer.texts("t")).isEqualTo(Map.of(1L, "1:one"));
        newer.upsert("t", 2, 1, "a", "of the newer one");
        newer.commit(newer.epoch("p2"));
        assertThat(newer.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:of the newer one"));
      }
    }
  }

  @Test
  void the_first_commit_to_a_table_does_not_go_in_either_once_another_start_took_over()
      throws Exception {
    try (TestLake first = new TestLake(server.lake(), T)) {
      first.upsert("t", 1, 1, "a", "of who is overtaken");
      List<Committable> next = first.epoch("p1");
      AtomicReference<TestLake> second = new AtomicReference<>();
      server.beforeNextCommit(() -> second.set(new TestLake(server.lake(), T)));

      assertThatThrownBy(() -> first.commit(next)).hasMessageStartingWith("MIRROR-3006 t: ");
      try (TestLake newer = second.get()) {
        assertThat(newer.texts("t")).isEmpty();
      }
    }
  }

  @Test
  void two_starts_at_the_same_time_take_two_generations() throws Exception {
    try (TestLake before = new TestLake(server.lake(), T);
        LakeCatalog other = LakeCatalog.open(server.lake(), SecretSource.ofProcess())) {
      AtomicLong inBetween = new AtomicLong();
      server.beforeNextCommit(
          () -> inBetween.set(new Generations(other).take(List.of("t")).generation()));
      Generations.Start start = new Generations(before.catalog).take(List.of("t"));

      assertThat(inBetween).hasValue(before.start.generation() + 1);
      assertThat(start.generation()).isEqualTo(before.start.generation() + 2);
      assertThat(TableHistory.of(before.table("t")).generation()).isEqualTo(start.generation());
    }
  }

  @Test
  void of_two_starts_at_the_same_time_the_one_that_has_lost_a_table_ends() throws Exception {
    try (TestLake before = new TestLake(server.lake(), T);
        LakeCatalog other = LakeCatalog.open(server.lake(), SecretSource.ofProcess())) {
      server.beforeNextCommit(
          () -> server.beforeNextCommit(() -> new Generations(other).take(List.of("t"))));

      assertThatThrownBy(() -> new Generations(before.catalog).take(List.of("t")))
          .isInstanceOfSatisfying(
              MirrorException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.GENERATION_FENCED));
      assertThat(TableHistory.of(before.table("t")).generation())
          .isEqualTo(before.start.generation() + 2);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void a_generation_is_taken_once_whatever_the_server_answers(Fault fault) throws Exception {
    try (TestLake before = new TestLake(server.lake(), T)) {
      server.next(fault, fault, fault);
      Generations.Start start = new Generations(before.catalog).take(List.of("t"));
      assertThat(start.generation()).isEqualTo(before.start.generation() + 1);
      assertThat(TableHistory.of(before.table("t")).generation()).isEqualTo(start.generation());
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void no_file_of_a_table_is_deleted_when_a_generation_is_taken(Fault fault) throws Exception {
    try (TestLake before = new TestLake(server.lake(), T)) {
      before.upsert("t", 1, 1, "a", "one");
      before.commit(before.epoch("p1"));
      for (int i = 0; i < 2 * OwnTable.values().length; i++) {
        server.next(fault);
        new Generations(before.catalog).take(List.of("t"));
      }
      for (String table : List.of("t", OwnTable.TOMBSTONES.tableName())) {
        Table loaded = before.table(table);
        assertThat(loaded.currentSnapshot().allManifests(loaded.io())).as(table).isNotNull();
      }
      assertThat(before.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void a_table_that_holds_nothing_but_starts_begins_with_whatever_its_source_is_now() {
    new TestLake(server.lake(), T).close();
    TablePlan recreated = new TablePlan(T.spec(), T.feed(), new Identity("two"));
    try (TestLake second = new TestLake(server.lake(), recreated)) {
      assertThat(second.table("t").properties()).containsEntry(LakeKeys.SOURCE_IDENTITY, "two");
    }
  }

  @Test
  void who_may_not_create_tables_goes_on_with_those_that_are_there() throws Exception {
    new TestLake(server.lake(), T).close();
    server.forbidCreating();
    try (TestLake second = new TestLake(server.lake(), T)) {
      second.upsert("t", 1, 1, "a", "one");
      second.commit(second.epoch("p1"));
      assertThat(second.texts("t")).isEqualTo(Map.of(1L, "1:one"));
    }
  }

  @Test
  void who_may_not_create_tables_and_has_to_is_told_so() {
    server.forbidCreating();
    assertThatThrownBy(() -> new TestLake(server.lake(), T))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-3001 mirror_tombstones: the catalog does not allow this (ForbiddenException)."
                + " Give the user of the catalog in the spec the right to read, create and write"
                + " tables.");
  }

  @Test
  void starts_alone_do_not_make_the_position_of_a_table_at_rest_expire() throws Exception {
    TablePlan pinned = pinned();
    try (TestLake first = new TestLake(server.lake(), pinned)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
    }
    long committedMillis;
    try (TestLake look = new TestLake(server.lake(), pinned)) {
      committedMillis = TableHistory.of(look.table("t")).committedMillis();
    }
    for (int start = 0; start < 4; start++) {
      new TestLake(server.lake(), pinned).close();
    }
    try (TestLake last = new TestLake(server.lake(), pinned)) {
      last.table("t").expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(2).commit();
      TableHistory history = TableHistory.of(last.table("t"));
      assertThat(history.position()).isEqualTo("p1");
      assertThat(history.rows()).isOne();
      assertThat(history.committedMillis()).isEqualTo(committedMillis);
      last.upsert("t", 2, 1, "a", "of a window that does not end");
      last.flush();
      last.closer.add(new Progress(pinned.number(), Progress.Step.BEGUN, 2, 0, 1, "unreached", 0));
      last.commit(last.closer.close());
      assertThat(last.texts("t")).containsOnlyKeys(1L, 2L);
    }
    try (TestLake again = new TestLake(server.lake(), pinned)) {
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "1:one"));
      assertThat(TableHistory.of(again.table("t")).position()).isEqualTo("p1");
    }
  }

  @Test
  void a_table_without_a_row_is_one_however_many_starts_have_expired() throws Exception {
    new TestLake(server.lake(), T).close();
    try (TestLake second = new TestLake(server.lake(), T)) {
      second.table("t").expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
      assertThat(new Moments(second.catalog, List.of("t")).latest().values())
          .as("it is not one whose moment has expired")
          .singleElement()
          .extracting(TableMoment::snapshotId, TableMoment::epoch)
          .containsExactly(-1L, 0L);
    }
  }

  private static TablePlan pinned() {
    return new TablePlan(
        T.spec(), new LaidOutFeed(T.layout(), Feed.Snapshot.PINNED), new Identity("one"));
  }

  @Test
  void the_lake_is_taken_back_to_a_savepoint() throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(server.lake(), T)) {
      first.upsert("t", 1, 1, "a", "v1");
      first.commit(first.epoch("p1"));
      saved = first.save();
      first.upsert("t", 1, 2, "a", "v2");
      first.upsert("t", 2, 2, "a", "v2");
      first.commit(first.epoch("p2"));
    }
    try (TestLake restored = new TestLake(server.lake(), saved, T)) {
      assertThatThrownBy(() -> restored.restoreCheck(saved, OnLakeAhead.REFUSE).run())
          .hasMessageStartingWith("MIRROR-3007 t: ");
      new TakingBack(
              restored.catalog, saved.commit(), restored.start.generation(), Patience.SUBMISSION)
          .run(List.of("t"));
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "1:v1"));
      restored.upsert("t", 1, 3, "a", "v3");
      restored.commit(restored.epoch("p2"));
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "3:v3"));
    }
  }

  @Test
  void a_start_that_changed_nothing_leaves_the_savepoint_before_it_as_good_as_it_was()
      throws Exception {
    TestLake.Saved saved;
    try (TestLake first = new TestLake(server.lake(), T)) {
      first.upsert("t", 1, 1, "a", "v1");
      first.commit(first.epoch("p1"));
      saved = first.save();
    }
    new TestLake(server.lake(), T).close();
    try (TestLake restored = new TestLake(server.lake(), saved, T)) {
      restored.restoreCheck(saved, OnLakeAhead.REFUSE).run();
      restored.upsert("t", 1, 2, "a", "v2");
      restored.commit(restored.epoch("p2"));
      assertThat(restored.texts("t")).isEqualTo(Map.of(1L, "2:v2"));
    }
  }

  /** How many snapshots of the table each commit has. */
  private static Map<String, Integer> commits(TestLake lake) {
    Map<String, Integer> commits = new HashMap<>();
    List<Snapshot> snapshots = new ArrayList<>();
    SnapshotUtil.currentAncestors(lake.table("t")).forEach(snapshots::add);
    snapshots.stream()
        .filter(snapshot -> snapshot.summary().containsKey(LakeKeys.COMMIT_ID))
        .forEach(
            snapshot -> commits.merge(snapshot.summary().get(LakeKeys.COMMIT_ID), 1, Integer::sum));
    return commits;
  }
}
