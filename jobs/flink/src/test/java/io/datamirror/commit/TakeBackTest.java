package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Identity;
import io.datamirror.lake.LaidOutFeed;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TableHistory;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.Memory;
import io.datamirror.stream.MirrorRecord.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A feed whose windows are differences of two moments goes on from the lake: what the lake holds of
 * a window that was not completed must not be there, since the next window is another one.
 */
class TakeBackTest {

  private static final TablePlan OTHER = TestMirror.table("other");
  private static final String PART =
      "MIRROR-3007 t: the savepoint does not have this table, and the lake holds a part of what came"
          + " after its position. Start without the savepoint: that takes the table back to its"
          + " position, and goes on from the lake.";

  @TempDir Path directory;

  private static TablePlan pinned() {
    return pinned("t");
  }

  private static TablePlan pinned(String name) {
    TablePlan table = TestMirror.table(name);
    return new TablePlan(
        table.spec(), new LaidOutFeed(table.layout(), Snapshot.PINNED), new Identity("one"));
  }

  /** Commits what was read of a window that has not ended. */
  private static void commitPart(TestLake lake, TablePlan table, long window) throws Exception {
    lake.flush();
    lake.closer.add(
        new Progress(table.number(), Progress.Step.BEGUN, window, 0, 1, "unreached", 0));
    lake.commit(lake.closer.close());
  }

  @Test
  void what_was_committed_of_an_open_window_is_taken_back() throws Exception {
    TablePlan table = pinned();
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 3, 1, "a", "came, and goes before the next window ends");
      lake.delete("t", 2, 2);
      commitPart(lake, table, 2);
      assertThat(lake.texts("t")).containsOnlyKeys(1L, 3L);
    }
    try (TestLake again = new TestLake(directory, table)) {
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:two"));
      assertThat(again.memory).hasSize(2);
      assertThat(TableHistory.of(again.table("t")).position()).isEqualTo("p1");
      again.upsert("t", 2, 3, "a", "two'");
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "3:two'"));
    }
  }

  @Test
  void what_was_committed_of_an_unfinished_snapshot_is_taken_back() throws Exception {
    TablePlan table = pinned();
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "deleted before the next snapshot");
      commitPart(lake, table, 1);
      assertThat(lake.texts("t")).containsOnlyKeys(1L);
    }
    try (TestLake again = new TestLake(directory, table)) {
      assertThat(again.texts("t")).isEmpty();
      assertThat(again.memory).isEmpty();
      again.upsert("t", 2, 1, "a", "two");
      again.commit(again.epoch("p1"));
      assertThat(again.texts("t")).containsOnlyKeys(2L);
    }
  }

  @Test
  void what_comes_again_is_not_late_by_what_was_read_before_it_was_taken_back() throws Exception {
    TablePlan table = pinned();
    Forgetting forgetting = new Forgetting(10_000, false);
    try (TestLake lake = new TestLake(directory, forgetting, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 2, "a", "two");
      lake.watermark(60_000);
      commitPart(lake, table, 2);
      assertThat(TableHistory.of(lake.table("t")).watermarkMillis()).isEqualTo(60_000);
    }
    try (TestLake again = new TestLake(directory, forgetting, table)) {
      assertThat(again.texts("t")).containsOnlyKeys(1L);
      again.upsert("t", 2, 2, "a", "two");
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "2:two"));
    }
  }

  @Test
  void a_snapshot_that_never_ended_goes_also_when_its_first_commits_have_expired()
      throws Exception {
    TablePlan table = pinned();
    try (TestLake lake = new TestLake(directory, table)) {
      for (int id = 1; id <= 3; id++) {
        lake.upsert("t", id, 1, "a", "part");
        commitPart(lake, table, 1);
      }
      keepNewestSnapshot(lake.table("t"));
    }
    try (TestLake again = new TestLake(directory, table)) {
      assertThat(again.texts("t")).isEmpty();
      assertThat(again.memory).isEmpty();
    }
  }

  @Test
  void a_table_that_comes_back_brings_no_deletion_of_what_is_taken_back() throws Exception {
    TablePlan table = pinned();
    leavesInTheMiddleOfAWindow(table);
    try (TestLake again = new TestLake(directory, table, OTHER)) {
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "1:one", 2L, "1:two"));
      assertThat(remembered(again, table)).hasSize(2).allMatch(Memory::present);
      again.delete("t", 2, 2);
      again.upsert("t", 1, 3, "a", "one'");
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "3:one'"));
    }
  }

  /** A row is deleted in a window; the job dies with a further deletion in the tombstones alone. */
  private void leavesInTheMiddleOfAWindow(TablePlan table) throws Exception {
    try (TestLake lake = new TestLake(directory, table, OTHER)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.upsert("other", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.delete("t", 2, 2);
      commitPart(lake, table, 2);
      lake.delete("t", 1, 2);
      lake.committer().commit(lake.epochWithinWindow().get(0));
    }
    try (TestLake without = new TestLake(directory, OTHER)) {
      without.delete("other", 1, 2);
      without.commit(without.epoch("p2"));
      assertThat(without.texts("t")).containsOnlyKeys(1L);
    }
  }

  @Test
  void a_table_that_was_taken_back_is_not_emptied_when_its_position_has_expired_since()
      throws Exception {
    TablePlan table = pinned();
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 1, "a", "a part of the next window");
      commitPart(lake, table, 2);
    }
    try (TestLake again = new TestLake(directory, table)) {
      again.upsert("t", 2, 1, "a", "the same of another window");
      commitPart(again, table, 2);
      keepNewestSnapshot(again.table("t"));
      assertThat(TableHistory.of(again.table("t")).position()).isEqualTo("p1");
    }
    assertExpired("t", () -> new TestLake(directory, table).close());
    assertThat(texts("t")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void a_position_that_has_expired_before_a_table_goes_back_to_a_later_moment_is_kept()
      throws Exception {
    TablePlan table = pinned();
    TestLake.Saved saved;
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 1, "a", "a part of the next window");
      commitPart(lake, table, 2);
      saved = lake.save();
      keepNewestSnapshot(lake.table("t"));
      lake.upsert("t", 3, 1, "a", "another part");
      commitPart(lake, table, 2);
    }
    try (TestLake back = new TestLake(directory, saved, table)) {
      back.restoreCheck(saved, OnLakeAhead.ROLLBACK).run();
      assertThat(back.texts("t")).containsOnlyKeys(1L, 2L);
      assertThat(TableHistory.of(back.table("t")).position()).isEqualTo("p1");
    }
  }

  @Test
  void no_table_is_taken_back_when_another_one_has_no_way_back() throws Exception {
    TablePlan[] tables = {pinned("t"), pinned("u")};
    TestLake.Saved saved;
    try (TestLake lake = new TestLake(directory, tables)) {
      bothWithinAWindow(lake, tables);
      saved = lake.save();
      keepNewestSnapshot(lake.table("u"));
      lake.table("t").updateProperties().remove(LakeKeys.KEY).commit();
    }
    assertExpired("u", () -> new TestLake(directory, tables).close());
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      assertThat(catalog.load("t").properties())
          .as("nor is the order of its key fixed by a start that is refused")
          .doesNotContainKey(LakeKeys.KEY);
    }

    try (TestLake back = new TestLake(directory, saved, tables)) {
      back.restoreCheck(saved, OnLakeAhead.REFUSE).run();
      assertThat(back.texts("t")).containsOnlyKeys(1L, 2L);
      assertThat(back.texts("u")).containsOnlyKeys(1L, 2L);
      assertThat(back.table("t").properties()).containsEntry(LakeKeys.KEY, "[\"id\"]");
      assertThat(back.start.generation()).as("the refused start took none").isEqualTo(2);
    }
  }

  private static void bothWithinAWindow(TestLake lake, TablePlan... tables) throws Exception {
    for (TablePlan table : tables) {
      lake.upsert(table.name(), 1, 1, "a", "one");
    }
    lake.commit(lake.epoch("p1"));
    for (TablePlan table : tables) {
      lake.upsert(table.name(), 2, 1, "a", "a part of the next window");
    }
    commitPart(lake, tables[0], 2);
  }

  @Test
  void no_table_is_taken_back_when_nobody_can_tell_which_deletions_of_another_one_are_newer()
      throws Exception {
    TablePlan table = pinned();
    TestLake.Saved saved;
    try (TestLake lake = new TestLake(directory, table, OTHER)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("other", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.delete("other", 1, 2);
      lake.commit(lake.epoch("p2"));
      lake.delete("t", 1, 2);
      commitPart(lake, table, 3);
      saved = lake.save();
      keepNewestSnapshot(lake.table(OwnTable.TOMBSTONES.tableName()));
      Table other = lake.table("other");
      other.manageSnapshots().rollbackTo(other.currentSnapshot().parentId()).commit();
    }
    assertThatThrownBy(() -> new TestLake(directory, table, OTHER).close())
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-3005 other: it goes on from epoch 1, but ");

    assertThat(texts("t")).as("it is as it was").isEmpty();
    try (TestLake without = new TestLake(directory, saved, table)) {
      assertThat(TableHistory.of(without.table("t")).epoch()).isEqualTo(3);
    }
  }

  private static void keepNewestSnapshot(Table table) {
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
  }

  private static void assertExpired(String table, ThrowingCallable start) {
    assertThatThrownBy(start)
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-3007 "
                + table
                + ": it holds a part of what came after its position, and the snapshot of that has"
                + " expired. Start from a savepoint or checkpoint, or drop the table in the lake: it"
                + " is then read anew.");
  }

  private Map<Long, String> texts(String table) {
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      return LakeRows.texts(catalog.load(table));
    }
  }

  private static List<Memory> remembered(TestLake lake, TablePlan table) {
    return lake.memory.entrySet().stream()
        .filter(entry -> entry.getKey().table() == table.number())
        .map(Map.Entry::getValue)
        .toList();
  }

  @Test
  void a_deletion_that_an_open_window_has_overtaken_is_remembered_again() throws Exception {
    TablePlan table = pinned();
    try (TestLake lake = new TestLake(directory, table, OTHER)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      lake.delete("t", 1, 2);
      lake.commit(lake.epoch("p2"));
      lake.upsert("t", 1, 3, "a", "came, and goes before the next window ends");
      commitPart(lake, table, 3);
    }
    new TestLake(directory, OTHER).close();
    try (TestLake again = new TestLake(directory, table, OTHER)) {
      again.upsert("t", 1, 1, "a", "older than its deletion");
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).isEqualTo(Map.of(2L, "1:two"));
    }
  }

  @Test
  void a_table_is_not_taken_back_when_nobody_can_tell_which_deletions_are_newer() throws Exception {
    TablePlan table = pinned();
    leavesInTheMiddleOfAWindow(table);
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      keepNewestSnapshot(catalog.load(OwnTable.TOMBSTONES.tableName()));

      for (int attempt = 1; attempt <= 2; attempt++) {
        assertThatThrownBy(() -> new TestLake(directory, table, OTHER).close())
            .isInstanceOf(MirrorException.class)
            .hasMessage(
                "MIRROR-3005 t: it goes on from epoch 1, but mirror_tombstones was merged since or"
                    + " has lost its snapshots of then, so that nobody can tell which deletions came"
                    + " later. Start from a savepoint or checkpoint, or drop the table in the lake:"
                    + " it is then read anew.");
        assertThat(TableHistory.of(catalog.load("t")).epoch()).as("it is as it was").isEqualTo(2);
      }
      new TestLake(directory, OTHER).close();
      catalog.icebergCatalog().dropTable(catalog.identifier("t"));
    }
    try (TestLake anew = new TestLake(directory, table, OTHER)) {
      assertThat(remembered(anew, table)).isEmpty();
    }
  }

  @Test
  void a_table_that_is_rolled_back_by_hand_has_the_deletions_of_then() throws Exception {
    TablePlan table = TestMirror.table("t");
    leavesInTheMiddleOfAWindow(table);
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      Table rolledBack = catalog.load("t");
      rolledBack.manageSnapshots().rollbackTo(rolledBack.currentSnapshot().parentId()).commit();
    }
    try (TestLake again = new TestLake(directory, table, OTHER)) {
      assertThat(again.texts("t")).containsOnlyKeys(1L, 2L);
      assertThat(remembered(again, table)).hasSize(2).allMatch(Memory::present);
    }
  }

  @Test
  void a_savepoint_does_not_go_on_with_a_table_that_left_it_in_the_middle_of_a_window()
      throws Exception {
    TablePlan table = pinned();
    TestLake.Saved saved;
    try (TestLake lake = new TestLake(directory, table, OTHER)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 1, "a", "came, and goes before the next window ends");
      commitPart(lake, table, 2);
      saved = lake.save();
    }
    TestLake.Saved without;
    try (TestLake alone = new TestLake(directory, saved, OTHER)) {
      alone.upsert("other", 1, 1, "a", "one");
      alone.commit(alone.epoch("p2"));
      without = alone.save();
    }
    try (TestLake back = new TestLake(directory, without, table, OTHER)) {
      for (OnLakeAhead policy : OnLakeAhead.values()) {
        SavepointCheck before = new SavepointCheck("", policy);
        assertRefused(() -> before.compare(without.commit(), back.catalog, back.plan.tables()));
        assertRefused(() -> back.restoreCheck(without, policy).run());
      }
      assertThat(SavepointCheck.problems(without.commit(), back.catalog::find, back.plan.tables()))
          .as("while the job alone may still run")
          .extracting(Problem::text)
          .containsExactly(PART);
      assertThat(back.texts("t")).containsOnlyKeys(1L, 2L);
    }
    try (TestLake fromLake = new TestLake(directory, table, OTHER)) {
      assertThat(fromLake.texts("t")).containsOnlyKeys(1L);
    }
  }

  private static void assertRefused(ThrowingCallable start) {
    assertThatThrownBy(start).isInstanceOf(MirrorException.class).hasMessage(PART);
  }

  @Test
  void a_savepoint_goes_on_with_a_table_that_left_it_at_a_position() throws Exception {
    TablePlan table = pinned();
    TestLake.Saved without;
    try (TestLake lake = new TestLake(directory, table, OTHER)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("other", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p2"));
      assertThat(TableHistory.of(lake.table("other")).epoch()).as("it rests").isEqualTo(1);
    }
    try (TestLake alone = new TestLake(directory, OTHER)) {
      without = alone.save();
    }
    try (TestLake back = new TestLake(directory, without, table, OTHER)) {
      assertThat(SavepointCheck.problems(without.commit(), back.catalog::find, back.plan.tables()))
          .isEmpty();
      back.restoreCheck(without, OnLakeAhead.REFUSE).run();
      assertThat(back.texts("t")).containsOnlyKeys(1L, 2L);
    }
  }

  @Test
  void a_table_of_changes_keeps_what_it_has() throws Exception {
    TablePlan table = TestMirror.table("t");
    try (TestLake lake = new TestLake(directory, table)) {
      lake.upsert("t", 1, 1, "a", "one");
      commitPart(lake, table, 1);
    }
    try (TestLake again = new TestLake(directory, table)) {
      assertThat(again.texts("t")).containsOnlyKeys(1L);
    }
  }
}
