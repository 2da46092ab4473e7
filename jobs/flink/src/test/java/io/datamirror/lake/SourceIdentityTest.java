package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.commit.Committing;
import io.datamirror.commit.Part;
import io.datamirror.feed.Identity;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.spec.OnHistoryLost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that is read anew holds the old incarnation until it has a position of the new one. */
class SourceIdentityTest {

  private static final TablePlan T = TestMirror.table("t");
  private static final Identity ONE = T.identity();
  private static final Identity TWO = new Identity("two");
  private static final Identity THREE = new Identity("three");

  @TempDir Path directory;
  private LakeCatalog catalog;
  private long generation;

  @BeforeEach
  void openATableWithAPosition() throws Exception {
    catalog = TestMirror.catalog(directory);
    generation =
        Takeover.of(catalog, "mirror", OnHistoryLost.SNAPSHOT, List.of(T), Takeover.From.LAKE)
            .generation();
    commit(1, "p1");
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private void commit(long epoch, String position) throws Exception {
    MirrorPlan plan = TestMirror.plan(TestMirror.lake(directory), generation, List.of(T));
    Part part =
        new Part(
            T.number(), 0, List.of(), List.of(), new Counts(1, 0, 0, 0, 0, 0, 0), Long.MIN_VALUE);
    Committing.commit(catalog, plan, epoch, List.of(part), position);
  }

  private void readAnewFrom(Identity next) {
    new SchemaFollower(catalog, generation).readAnew(T, next);
  }

  private Identity held() {
    return SourceIdentity.of(catalog.load("t"));
  }

  @Test
  void it_is_the_new_one_with_the_first_position_of_the_new_one() throws Exception {
    assertThat(held()).isEqualTo(ONE);
    readAnewFrom(TWO);
    assertThat(held()).isEqualTo(ONE);
    commit(2, "");
    assertThat(held()).as("a part of the new one").isEqualTo(ONE);
    commit(3, "p1");
    assertThat(held()).as("the old position once more").isEqualTo(ONE);
    commit(4, "q1");
    assertThat(held()).isEqualTo(TWO);
    commit(5, "");
    commit(6, "q2");
    assertThat(held()).isEqualTo(TWO);
  }

  @Test
  void it_is_the_old_one_again_when_the_table_is_taken_back() throws Exception {
    readAnewFrom(TWO);
    commit(2, "q1");
    new Rollback(catalog.load("t"), "t", 1, generation, 2).run(generation);

    assertThat(held()).isEqualTo(ONE);
  }

  @Test
  void a_third_one_follows_the_second_or_what_was_held_instead_of_it() throws Exception {
    readAnewFrom(TWO);
    readAnewFrom(THREE);
    assertThat(held()).isEqualTo(ONE);
    commit(2, "r1");
    assertThat(held()).isEqualTo(THREE);

    readAnewFrom(TWO);
    assertThat(held()).isEqualTo(THREE);
    commit(3, "q1");
    assertThat(held()).isEqualTo(TWO);
  }

  @Test
  void it_is_known_when_all_snapshots_with_a_position_have_expired() throws Exception {
    readAnewFrom(TWO);
    commit(2, "q1");
    for (int epoch = 3; epoch < 20; epoch++) {
      commit(epoch, "");
    }
    catalog.load("t").expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();

    assertThat(held()).isEqualTo(TWO);
  }
}
