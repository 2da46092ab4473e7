package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointCheckTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir"), "src/test/resources/savepoints/0.1.0/savepoint");

  @TempDir private Path directory;

  @Test
  void the_state_of_the_committer_is_read_out_of_a_savepoint() throws Exception {
    CommitState state = SavepointState.read(GOLDEN.toUri().toString());

    assertThat(state.generation()).isEqualTo(1);
    assertThat(state.pending())
        .extracting(Committable::name)
        .contains("orders", "events", OwnTable.TOMBSTONES.tableName(), OwnTable.LEDGER.tableName());
    assertThat(state.committedEpochs()).containsKeys("orders", "customers", "events");
  }

  @Test
  void a_lake_that_lost_what_was_committed_is_refused_under_every_policy() throws Exception {
    TablePlan orders = TestMirror.table("orders");
    try (TestLake empty = new TestLake(directory, orders)) {
      for (OnLakeAhead policy : OnLakeAhead.values()) {
        assertThatThrownBy(
                () ->
                    new SavepointCheck(GOLDEN.toString(), policy)
                        .run(empty.catalog, List.of(orders)))
            .isInstanceOf(MirrorException.class)
            .hasMessageContaining("MIRROR-3005 ")
            .hasMessageContaining(" was committed to it, but ");
      }
    }
  }

  @Test
  void a_lake_that_is_not_there_is_refused_where_a_job_may_still_run() {
    assertThat(
            new SavepointCheck(GOLDEN.toString(), OnLakeAhead.REFUSE)
                .problemsOfNewLake(List.of(TestMirror.table("orders"), TestMirror.table("new"))))
        .extracting(Problem::path, Problem::code)
        .contains(tuple("orders", ErrorCode.TABLE_DOES_NOT_FIT))
        .doesNotContain(tuple("new", ErrorCode.TABLE_DOES_NOT_FIT));
  }

  @Test
  void a_lake_that_lost_what_was_committed_is_refused_where_a_job_may_still_run() throws Exception {
    TablePlan orders = TestMirror.table("orders");
    try (TestLake empty = new TestLake(directory, orders)) {
      assertThat(
              new SavepointCheck(GOLDEN.toString(), OnLakeAhead.REFUSE)
                  .problems(empty.catalog, List.of(orders)))
          .extracting(Problem::text)
          .anyMatch(text -> text.startsWith("MIRROR-3005 orders: epoch "))
          .allMatch(text -> text.contains(" was committed to it, but "));
    }
  }

  @Test
  void a_lake_that_is_ahead_is_not_refused_where_a_job_may_still_run() throws Exception {
    TablePlan orders = TestMirror.table("orders");
    try (TestLake lake = new TestLake(directory, orders)) {
      lake.upsert("orders", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      CommitState state = lake.save().commit();
      lake.upsert("orders", 1, 2, "a", "two");
      lake.commit(lake.epoch("p2"));

      assertThat(SavepointCheck.problems(state, lake.catalog::find, List.of(orders))).isEmpty();
      assertThat(SavepointCheck.problems(state, name -> Optional.empty(), List.of(orders)))
          .extracting(Problem::text)
          .contains(
              "MIRROR-3005 orders: epoch 1 was committed to it, but the lake that the spec names has"
                  + " no such table. See whether that is the lake of the savepoint: its namespace,"
                  + " and the directory that relative paths begin at. If the table was dropped,"
                  + " start without the savepoint.");
    }
  }

  @Test
  void what_is_no_savepoint_of_a_mirror_is_named() {
    String nowhere = directory.resolve("nowhere").toString();
    assertThatThrownBy(() -> new SavepointCheck(nowhere, OnLakeAhead.REFUSE).run(null, List.of()))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-3010 " + nowhere + ": no savepoint of a mirror");
  }

  @Test
  void a_place_that_only_the_cluster_can_read_is_left_to_the_cluster() {
    assertThatCode(
            () ->
                new SavepointCheck("nosuch://bucket/savepoint", OnLakeAhead.REFUSE)
                    .run(null, List.of()))
        .doesNotThrowAnyException();
  }
}
