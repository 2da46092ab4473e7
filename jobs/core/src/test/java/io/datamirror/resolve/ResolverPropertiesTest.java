package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.LawFold;
import io.datamirror.resolve.testing.ModelLake;
import io.datamirror.resolve.testing.Row;
import io.datamirror.resolve.testing.Said;
import io.datamirror.resolve.testing.Shape;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any order, duplication, batching and parallelism give the oracles' tables. */
class ResolverPropertiesTest {

  /** Of so many changes one comes to the table beside, too. */
  private static final int COMES_BESIDE = 3;

  private static SqlFold sql;

  @BeforeContainer
  static void open() throws SQLException {
    sql = new SqlFold();
  }

  @AfterContainer
  static void close() throws SQLException {
    sql.close();
  }

  @Provide
  Arbitrary<Scenario> scenarios() {
    return Scenarios.any();
  }

  @Property(
      tries = 1_000,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void every_commit_is_the_fold_of_what_was_delivered(@ForAll("scenarios") Scenario scenario)
      throws SQLException {
    List<Assembled> delivery = scenario.delivery();
    Shape beside = scenario.shape().named("beside");
    Subtasks subtasks =
        new Subtasks(List.of(scenario.shape(), beside), scenario.subtasks(), Forgetting.NOTHING);
    LawFold law = new LawFold(scenario.tie());
    LawFold both = new LawFold(scenario.tie());
    Random random = new Random(scenario.seed());
    int done = 0;
    int doneBeside = 0;
    for (int epoch = 1; epoch <= scenario.epochs(); epoch++) {
      int end = (int) ((long) delivery.size() * epoch / scenario.epochs());
      for (Assembled change : delivery.subList(done, end)) {
        subtasks.offer(change);
        law.add(change);
        both.add(change);
        if (random.nextInt(COMES_BESIDE) == 0) {
          Assembled same = beside.assemble(change.said());
          subtasks.offer(same);
          both.add(same);
          doneBeside++;
        }
        if (random.nextInt(200) == 0) {
          subtasks.flush(random.nextInt(scenario.subtasks()));
        }
      }
      done = end;
      subtasks.commit();
      checkLake(subtasks, both);
    }
    assertThat(subtasks.counts().changes()).isEqualTo(delivery.size() + doneBeside);
    assertThat(subtasks.bundleBytes()).isZero();
    checkSql(delivery, law, scenario);
    checkConflicts(delivery, law, subtasks, scenario.shape());
  }

  private static void checkLake(Subtasks subtasks, LawFold law) {
    ModelLake lake = subtasks.lake();
    Map<KeyId, List<Object>> rows = new HashMap<>();
    Map<KeyId, byte[]> tombstones = new HashMap<>();
    law.winners()
        .forEach(
            (key, winner) -> {
              if (winner.operation() == Operation.UPSERT) {
                rows.put(key, winner.row().stored());
              } else {
                tombstones.put(key, winner.rank());
              }
            });
    assertThat(stored(lake.rows())).isEqualTo(rows);
    assertThat(lake.tombstones().keySet()).isEqualTo(tombstones.keySet());
    lake.tombstones()
        .forEach((key, burial) -> assertThat(burial.rank()).isEqualTo(tombstones.get(key)));
    checkMemories(subtasks, law);
  }

  private static void checkMemories(Subtasks subtasks, LawFold law) {
    Map<KeyId, Memory> memories = subtasks.memories();
    assertThat(memories.keySet()).isEqualTo(law.winners().keySet());
    memories.forEach(
        (key, memory) -> {
          Assembled winner = law.winners().get(key);
          assertThat(memory.rank()).isEqualTo(winner.rank());
          assertThat(memory.present()).isEqualTo(winner.operation() == Operation.UPSERT);
        });
  }

  private static Map<KeyId, List<Object>> stored(Map<KeyId, Row> rows) {
    Map<KeyId, List<Object>> stored = new HashMap<>();
    rows.forEach((key, row) -> stored.put(key, row.stored()));
    return stored;
  }

  private static void checkSql(List<Assembled> delivery, LawFold law, Scenario scenario)
      throws SQLException {
    Map<Integer, Integer> winners = sql.winners(delivery, scenario.tie());
    Map<Integer, Assembled> bySerial = new HashMap<>();
    delivery.forEach(change -> bySerial.put(change.said().serial(), change));
    assertThat(winners).hasSameSizeAs(law.winners());
    winners.forEach(
        (key, serial) -> {
          Assembled winner = bySerial.get(serial);
          assertThat(winner.rank()).isEqualTo(law.winners().get(winner.key()).rank());
        });
  }

  /** Where the winner has rivals of its version and order, each is met once at least. */
  private static void checkConflicts(
      List<Assembled> delivery, LawFold law, Subtasks subtasks, Shape shape) {
    Map<Integer, Said> bySerial = new HashMap<>();
    delivery.forEach(change -> bySerial.put(change.said().serial(), change.said()));
    List<Batch.Entry> ledger = subtasks.lake().ledger();
    assertThat(ledger).allMatch(entry -> entry.reason() == LedgerReason.CONFLICT);
    assertThat(subtasks.counts().conflicts()).isEqualTo(ledger.size());
    Map<KeyId, Set<List<Object>>> rivals = new HashMap<>();
    for (Assembled change : delivery) {
      if (rivals(change, law.winners().get(change.key()))) {
        rivals.computeIfAbsent(change.key(), key -> new HashSet<>()).add(change.row().stored());
      }
    }
    Map<KeyId, Integer> recorded = new HashMap<>();
    Map<Integer, Assembled> changes = new HashMap<>();
    delivery.forEach(change -> changes.put(change.said().serial(), change));
    for (Batch.Entry entry : ledger) {
      Assembled loser = changes.get(entry.serial());
      if (entry.table() == shape.table() && rivals(loser, law.winners().get(loser.key()))) {
        recorded.merge(loser.key(), 1, Integer::sum);
      }
    }
    rivals.forEach(
        (key, contents) ->
            assertThat(recorded.getOrDefault(key, 0)).isGreaterThanOrEqualTo(contents.size() - 1));
  }

  private static boolean rivals(Assembled change, Assembled winner) {
    Said left = change.said();
    Said right = winner.said();
    return left.operation() == Operation.UPSERT
        && right.operation() == Operation.UPSERT
        && left.version() == right.version()
        && java.util.Objects.equals(left.order(), right.order());
  }
}
