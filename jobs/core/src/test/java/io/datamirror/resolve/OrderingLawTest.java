package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.Operation;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Said;
import io.datamirror.resolve.testing.Shape;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderingLawTest {

  private final Shape shape = new Shape("table", Tie.DELETE_WINS, Set.of());
  private final Shape upsertWins = new Shape("table", Tie.UPSERT_WINS, Set.of());

  @Test
  void the_first_upsert_of_a_key_is_inserted_and_the_first_delete_is_remembered() {
    assertThat(judge(null, upsert(1, "a"))).isEqualTo(Verdict.INSERT);
    assertThat(judge(null, delete(1))).isEqualTo(Verdict.BURY);
  }

  @Test
  void a_greater_version_replaces_or_removes_the_row() {
    assertThat(judge(row(upsert(1, "a")), upsert(2, "a"))).isEqualTo(Verdict.REPLACE);
    assertThat(judge(row(upsert(1, "a")), delete(2))).isEqualTo(Verdict.REMOVE);
  }

  @Test
  void an_older_change_is_superseded_also_by_a_tombstone() {
    assertThat(judge(row(upsert(2, "a")), upsert(1, "b"))).isEqualTo(Verdict.SUPERSEDED);
    assertThat(judge(row(upsert(2, "a")), delete(1))).isEqualTo(Verdict.SUPERSEDED);
    assertThat(judge(tombstone(2), upsert(1, "b"))).isEqualTo(Verdict.SUPERSEDED);
    assertThat(judge(tombstone(2), delete(1))).isEqualTo(Verdict.SUPERSEDED);
  }

  @Test
  void a_greater_upsert_brings_a_deleted_key_back() {
    assertThat(judge(tombstone(2), upsert(3, "a"))).isEqualTo(Verdict.INSERT);
    assertThat(judge(tombstone(2), delete(3))).isEqualTo(Verdict.BURY);
  }

  @Test
  void the_same_change_once_more_is_a_duplicate() {
    assertThat(judge(row(upsert(1, "a")), upsert(1, "a"))).isEqualTo(Verdict.DUPLICATE);
    assertThat(judge(tombstone(1), delete(1))).isEqualTo(Verdict.DUPLICATE);
  }

  @Test
  void of_equal_versions_the_tie_rule_decides() {
    assertThat(judge(row(upsert(1, "a")), delete(1))).isEqualTo(Verdict.REMOVE);
    assertThat(judge(tombstone(1), upsert(1, "a"))).isEqualTo(Verdict.SUPERSEDED);
    Memory row = remembered(upsertWins.assemble(said(1, Operation.UPSERT, "a")));
    Assembled delete = upsertWins.assemble(said(1, Operation.DELETE, ""));
    assertThat(judge(row, delete)).isEqualTo(Verdict.SUPERSEDED);
    Assembled upsert = upsertWins.assemble(said(1, Operation.UPSERT, "a"));
    assertThat(judge(remembered(delete), upsert)).isEqualTo(Verdict.INSERT);
  }

  @Test
  void of_two_contents_one_wins_whichever_came_first() {
    Assembled left = upsert(1, "a");
    Assembled right = upsert(1, "b");
    assertThat(Set.of(judge(row(left), right), judge(row(right), left)))
        .containsExactlyInAnyOrder(Verdict.REPLACE, Verdict.SUPERSEDED);
  }

  @Test
  void a_greater_version_that_is_not_stored_and_changes_nothing_else_is_not_written() {
    Shape noVersion = new Shape("table", Tie.DELETE_WINS, Set.of(Shape.Trait.VERSION_NOT_STORED));
    Memory known = remembered(noVersion.assemble(said(1, Operation.UPSERT, "a")));
    Assembled same = noVersion.assemble(said(2, Operation.UPSERT, "a"));
    Assembled other = noVersion.assemble(said(2, Operation.UPSERT, "b"));
    assertThat(judge(known, same)).isEqualTo(Verdict.NO_OP);
    assertThat(judge(known, other)).isEqualTo(Verdict.REPLACE);
  }

  private static Verdict judge(Memory remembered, Assembled change) {
    return OrderingLaw.judge(remembered, change.operation(), change.rank());
  }

  private Assembled upsert(long version, String payload) {
    return shape.assemble(said(version, Operation.UPSERT, payload));
  }

  private Assembled delete(long version) {
    return shape.assemble(said(version, Operation.DELETE, ""));
  }

  private Memory row(Assembled change) {
    return remembered(change);
  }

  private Memory tombstone(long version) {
    return remembered(delete(version));
  }

  private static Memory remembered(Assembled change) {
    return change.operation() == Operation.UPSERT
        ? Memory.present(change.rank(), Memory.NO_PARTITION, change.timeMillis())
        : Memory.tombstone(change.rank(), change.timeMillis());
  }

  private static Said said(long version, Operation operation, String payload) {
    return new Said(0, 1, version, null, operation, 0, "north", payload);
  }
}
