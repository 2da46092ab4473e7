package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.BatchWrites;
import io.datamirror.resolve.testing.HeldRows;
import io.datamirror.resolve.testing.Row;
import io.datamirror.resolve.testing.Said;
import io.datamirror.resolve.testing.SerializingStore;
import io.datamirror.resolve.testing.Shape;
import io.datamirror.resolve.testing.Shape.Trait;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResolverTest {

  private static final long NO_WATERMARK = Long.MIN_VALUE;
  private static final byte[] NORTH = "north".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SOUTH = "south".getBytes(StandardCharsets.UTF_8);

  private final Shape shape = new Shape("table", Tie.DELETE_WINS, Set.of(Trait.PARTITIONED));
  private final BatchWrites writes = new BatchWrites(Map.of(shape.table(), shape));
  private final SerializingStore store = new SerializingStore((key, memory) -> {});
  private Resolver<Row> resolver = resolver(Forgetting.NOTHING);
  private int serials;

  @Test
  void a_new_key_is_inserted_without_a_removal() {
    offer(upsert(1, 1, "north", "a"));
    Batch batch = flush();
    assertThat(batch.inserts).hasSize(1);
    assertThat(batch.removals).isEmpty();
    assertThat(counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void a_row_that_moves_is_removed_from_where_it_is() {
    offer(upsert(1, 1, "north", "a"));
    flush();
    offer(upsert(1, 2, "south", "a"));
    Batch batch = flush();
    assertThat(batch.removals).hasSize(1);
    assertThat(batch.removals.get(0).partition()).isEqualTo(NORTH);
    assertThat(batch.inserts.get(0).partition()).isEqualTo(SOUTH);
  }

  @Test
  void changes_of_one_key_are_folded_and_written_once() {
    offer(upsert(1, 1, "north", "a"));
    offer(upsert(1, 3, "north", "c"));
    offer(upsert(1, 2, "north", "b"));
    Batch batch = flush();
    assertThat(batch.inserts).hasSize(1);
    assertThat(batch.inserts.get(0).row().stored()).contains(3L);
    assertThat(counts()).isEqualTo(new Counts(1, 0, 2, 0, 0, 0, 0));
  }

  @Test
  void a_key_that_came_and_went_between_two_flushes_leaves_only_its_tombstone() {
    offer(upsert(1, 1, "north", "a"));
    offer(delete(1, 2));
    Batch batch = flush();
    assertThat(batch.inserts).isEmpty();
    assertThat(batch.removals).isEmpty();
    assertThat(batch.burials).hasSize(1);
  }

  @Test
  void an_older_upsert_never_brings_a_deleted_row_back() {
    offer(delete(1, 5));
    flush();
    offer(upsert(1, 4, "north", "a"));
    assertThat(flush().isEmpty()).isTrue();
    assertThat(counts()).isEqualTo(new Counts(0, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void a_newer_upsert_takes_the_tombstone_away() {
    offer(delete(1, 5));
    flush();
    offer(upsert(1, 6, "north", "a"));
    Batch batch = flush();
    assertThat(batch.unburied).hasSize(1);
    assertThat(batch.inserts).hasSize(1);
    assertThat(batch.removals).isEmpty();
  }

  @Test
  void of_two_contents_of_one_version_the_loser_is_in_the_ledger() {
    Assembled left = upsert(1, 1, "north", "a");
    Assembled right = upsert(1, 1, "north", "b");
    offer(left);
    offer(right);
    Batch batch = flush();
    int winner = batch.inserts.get(0).row().serial();
    assertThat(batch.entries).hasSize(1);
    assertThat(batch.entries.get(0).reason()).isEqualTo(LedgerReason.CONFLICT);
    assertThat(batch.entries.get(0).serial()).isNotEqualTo(winner);
    assertThat(batch.entries.get(0).error())
        .isEqualTo("another row of the same version and order has the greater hash");
    assertThat(counts().conflicts()).isOne();
  }

  @Test
  void a_conflict_with_a_row_written_before_names_the_change_that_came() {
    Assembled left = upsert(1, 1, "north", "a");
    Assembled right = upsert(1, 1, "north", "b");
    boolean rightWins = io.datamirror.change.Rank.compare(right.rank(), left.rank()) > 0;
    offer(left);
    flush();
    offer(right);
    Batch batch = flush();
    assertThat(batch.entries).hasSize(1);
    assertThat(batch.entries.get(0).serial()).isEqualTo(right.said().serial());
    assertThat(batch.entries.get(0).error())
        .isEqualTo(
            rightWins
                ? "it replaced another row of the same version and order by its greater hash"
                : "another row of the same version and order has the greater hash");
  }

  @Test
  void every_key_is_written_however_many_there_are() {
    for (int count = 0; count < 100; count++) {
      for (int key = 0; key < count; key++) {
        offer(upsert(key, count, "north", "a"));
      }
      assertThat(flush().inserts).hasSize(count);
      assertThat(counts().upserts()).isEqualTo(count);
    }
    assertThat(store.memories()).hasSize(99);
  }

  @Test
  void a_reader_s_rejection_is_counted_and_recorded() {
    reject();
    assertThat(flush().entries.get(0).error()).isEqualTo("the key is null");
    assertThat(counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 1, 0));
  }

  @Test
  void a_change_behind_the_watermark_by_more_than_the_lateness_is_late() {
    resolver = resolver(new Forgetting(1_000, false));
    offerAt(upsert(1, 1, "north", "a"), 1_000 + 1_000);
    assertThat(flush().entries).isEmpty();
    offerAt(upsert(2, 1, "north", "a"), 1_000 + 1_001);
    Batch batch = flush();
    assertThat(batch.inserts).isEmpty();
    assertThat(batch.entries.get(0).reason()).isEqualTo(LedgerReason.LATE);
    assertThat(batch.entries.get(0).error())
        .isEqualTo("its time is before the watermark by more than the allowed lateness");
    assertThat(counts()).isEqualTo(new Counts(1, 0, 0, 0, 1, 0, 0));
  }

  /** A start from the lake reads changes again that its tables hold already. */
  @Test
  void a_change_that_loses_to_what_is_known_of_its_key_is_not_late() {
    resolver = resolver(new Forgetting(1_000, false));
    offerAt(upsert(1, 2, "north", "a"), 0);
    offerAt(upsert(1, 1, "north", "b"), 100_000);
    flush();
    offerAt(upsert(1, 2, "north", "a"), 100_000);
    offerAt(upsert(1, 1, "north", "b"), 100_000);
    assertThat(flush().entries).isEmpty();
    Counts counts = counts();
    assertThat(counts.late()).isZero();
    assertThat(counts.superseded() + counts.noOps()).isEqualTo(3);
  }

  @Test
  void a_change_is_judged_by_the_watermark_when_it_came() {
    resolver = resolver(new Forgetting(1_000, false));
    offerAt(upsert(1, 1, "north", "a"), 0);
    offerAt(upsert(2, 1, "north", "a"), 100_000);
    offerAt(upsert(3, 1, "north", "a"), 0);
    Batch batch = flush();
    assertThat(batch.inserts).hasSize(2);
    assertThat(batch.entries).hasSize(1);
    assertThat(batch.entries.get(0).serial()).isEqualTo(1);
  }

  @Test
  void a_change_is_late_although_the_lake_tells_later_that_it_was_superseded() {
    resolver = resolver(new Forgetting(1_000, false));
    Assembled newer = upsert(1, 2, "north", "a");
    offerAt(upsert(1, 1, "north", "a"), 100_000);
    resolver.recall(newer.key(), Memory.present(newer.rank(), NORTH, newer.timeMillis()));
    flush();
    assertThat(counts()).isEqualTo(new Counts(0, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void the_ledger_is_in_the_order_in_which_changes_came() {
    resolver = resolver(new Forgetting(1_000, false));
    offerAt(upsert(1, 1, "north", "a"), 100_000);
    reject();
    offerAt(upsert(2, 1, "north", "a"), 100_000);
    assertThat(flush().entries)
        .extracting(Batch.Entry::reason)
        .containsExactly(LedgerReason.LATE, LedgerReason.NULL_KEY, LedgerReason.LATE);
  }

  @Test
  void a_tombstone_goes_when_it_is_due_and_the_place_of_a_row_stays() {
    resolver = resolver(new Forgetting(1_000, false));
    offerAt(delete(1, 1), 0);
    offerAt(upsert(2, 1, "north", "a"), 0);
    flush();
    KeyId buried = delete(1, 1).key();
    KeyId present = upsert(2, 1, "north", "a").key();
    assertThat(resolver.dueMillis(buried, store.recall(buried))).isEqualTo(OptionalLong.of(2_001));
    assertThat(resolver.dueMillis(present, store.recall(present))).isEmpty();
    resolver.due(buried);
    resolver.flush(2_001);
    assertThat(writes.drain().unburied).containsExactly(buried);
    assertThat(store.memories()).containsOnlyKeys(present);
  }

  @Test
  void a_key_of_a_table_that_is_not_known_is_left_alone() {
    KeyId stranger = new KeyId(upsert(1, 1, "north", "a").key().table() + 1, 2, 3);
    store.remember(stranger, Memory.tombstone(delete(1, 1).rank(), 0));
    assertThat(resolver.due(stranger)).isFalse();
    resolver.flush(100_000);
    assertThat(store.memories()).containsOnlyKeys(stranger);
    assertThat(writes.drain().unburied).isEmpty();
  }

  /** The store hands out copies, as a state backend on disk does. */
  @Test
  void a_key_that_is_due_while_a_change_of_it_is_applied_keeps_one_tombstone() {
    resolver = resolver(new Forgetting(1_000, false));
    offerAt(delete(1, 1), 0);
    flush();
    KeyId key = delete(1, 1).key();
    offerAt(delete(1, 2), 0);
    resolver.due(key);
    resolver.flush(100_000);
    Batch batch = writes.drain();
    assertThat(batch.unburied).containsExactly(key);
    assertThat(batch.burials).hasSize(1);
    assertThat(store.recall(key).present()).isFalse();
  }

  @Test
  void what_the_lake_tells_does_not_hide_what_is_known_already() {
    offer(delete(1, 5));
    flush();
    Assembled older = upsert(1, 4, "north", "a");
    resolver.recall(older.key(), Memory.present(older.rank(), NORTH, 4));
    assertThat(store.recall(older.key()).present()).isFalse();
    Assembled newer = upsert(1, 6, "north", "a");
    resolver.recall(newer.key(), Memory.present(newer.rank(), NORTH, 6));
    assertThat(store.recall(newer.key()).present()).isTrue();
  }

  @Test
  void the_bundle_weighs_what_it_holds() {
    assertThat(resolver.bundleBytes()).isZero();
    offer(upsert(1, 1, "north", "a"));
    long one = resolver.bundleBytes();
    assertThat(one).isPositive();
    offer(upsert(1, 2, "north", "a"));
    assertThat(resolver.bundleBytes()).as("one waits behind the other").isEqualTo(2 * one);
    counts();
    assertThat(resolver.bundleBytes()).as("one has taken the other's place").isEqualTo(one);
    resolver.due(delete(2, 1).key());
    resolver.due(delete(2, 1).key());
    long withOneDue = resolver.bundleBytes();
    assertThat(withOneDue).isGreaterThan(one);
    resolver.due(delete(3, 1).key());
    assertThat(resolver.bundleBytes() - withOneDue).isEqualTo(withOneDue - one);
    flush();
    assertThat(resolver.bundleBytes()).isZero();
  }

  private Resolver<Row> resolver(Forgetting forgetting) {
    return new Resolver<>(store, new HeldRows<>(), writes, Map.of(shape.table(), forgetting));
  }

  @Test
  void rows_are_written_table_by_table_and_each_table_is_said_to_be_complete() {
    Shape second = new Shape("second", Tie.DELETE_WINS, Set.of());
    Shape idle = new Shape("idle", Tie.DELETE_WINS, Set.of());
    BatchWrites ofTables =
        new BatchWrites(Map.of(shape.table(), shape, second.table(), second, idle.table(), idle));
    Map<Integer, Forgetting> rules = new LinkedHashMap<>();
    List.of(idle, shape, second).forEach(of -> rules.put(of.table(), Forgetting.NOTHING));
    resolver = new Resolver<>(store, new HeldRows<>(), ofTables, rules);
    for (int key = 1; key <= 100; key++) {
      offer(upsert(key, 1, "north", "a"));
      offer(second.assemble(new Said(serials++, key, 1, null, Operation.UPSERT, 0, "north", "b")));
    }

    offer(upsert(1, 0, "north", "a"));
    resolver.announce();
    resolver.flushTables(NO_WATERMARK);

    Batch batch = ofTables.drain();
    assertThat(batch.expected).isEqualTo(Map.of(shape.table(), 100, second.table(), 100));
    assertThat(batch.inserts).hasSize(200);
    for (Shape of : List.of(shape, second)) {
      List<Batch.Insert> ofShape =
          batch.inserts.subList(of == shape ? 0 : 100, of == shape ? 100 : 200);
      assertThat(ofShape).allMatch(insert -> insert.row().key().table() == of.table());
      assertThat(ofShape.stream().map(insert -> insert.row().serial()))
          .as("in the order in which their keys came")
          .isSorted();
    }
    assertThat(batch.completed)
        .containsExactly(
            new Batch.Completed(shape.table(), 100), new Batch.Completed(second.table(), 200));
    resolver.flushTables(NO_WATERMARK);
    assertThat(ofTables.drain().completed).isEmpty();
  }

  private void offer(Assembled change) {
    offerAt(change, NO_WATERMARK);
  }

  private void offerAt(Assembled change, long watermarkMillis) {
    resolver.offer(change, watermarkMillis);
  }

  private void reject() {
    resolver.reject(
        shape.table(),
        new LedgerEntry(
            "table", LedgerReason.NULL_KEY, "7", null, null, null, "{}", "the key is null"));
  }

  private Batch flush() {
    resolver.flush(NO_WATERMARK);
    return writes.drain();
  }

  private Counts counts() {
    return resolver.drainCounts().get(shape.table());
  }

  private Assembled upsert(int key, long version, String region, String payload) {
    return assemble(key, version, Operation.UPSERT, region, payload);
  }

  private Assembled delete(int key, long version) {
    return assemble(key, version, Operation.DELETE, null, null);
  }

  private Assembled assemble(
      int key, long version, Operation operation, String region, String payload) {
    return shape.assemble(
        new Said(serials++, key, version, null, operation, 1_000 * version, region, payload));
  }
}
