package io.datamirror.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.LawFold;
import io.datamirror.resolve.testing.Shape.Trait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What may be forgotten, and what a change meets that comes after. */
class ForgettingPropertiesTest {

  /** After the time of every change. */
  private static final long END_OF_TIME_MILLIS = 1_000_000_000;

  @Provide
  Arbitrary<Scenario> records() {
    return Scenarios.with(
        Arbitraries.of(Trait.ORDERED, Trait.PARTITIONED, Trait.LONG_KEYS, Trait.VERSION_NOT_STORED)
            .set());
  }

  @Provide
  Arbitrary<Scenario> timeSeries() {
    return Scenarios.with(
        Arbitraries.of(Trait.ORDERED, Trait.PARTITIONED)
            .set()
            .map(
                some -> {
                  Set<Trait> traits = new HashSet<>(some);
                  traits.add(Trait.TIME_IN_KEY);
                  return traits;
                }));
  }

  @Property(
      tries = 500,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void records_keep_the_place_of_every_row_and_apply_all_that_is_not_late(
      @ForAll("records") Scenario scenario, @ForAll @IntRange(max = 20_000) int latenessMillis) {
    Subtasks subtasks = run(scenario, new Forgetting(latenessMillis, false));
    assertThat(subtasks.memories().values()).allMatch(Memory::present);
    assertThat(subtasks.memories().keySet()).isEqualTo(subtasks.lake().rows().keySet());
  }

  @Property(
      tries = 500,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void time_series_forget_every_key_and_apply_all_that_is_not_late(
      @ForAll("timeSeries") Scenario scenario, @ForAll @IntRange(max = 20_000) int latenessMillis) {
    Subtasks subtasks = run(scenario, new Forgetting(latenessMillis, true));
    assertThat(subtasks.memories()).isEmpty();
  }

  /** Delivers the scenario while the watermark rises, then lets all time pass. */
  private static Subtasks run(Scenario scenario, Forgetting forgetting) {
    Subtasks subtasks = new Subtasks(List.of(scenario.shape()), scenario.subtasks(), forgetting);
    LawFold law = new LawFold(scenario.tie());
    List<Integer> mustBeLate = new ArrayList<>();
    List<Integer> mayBeLate = new ArrayList<>();
    Random random = new Random(scenario.seed());
    List<Assembled> delivery = scenario.delivery();
    long newest = 0;
    for (Assembled change : delivery) {
      newest = Math.max(newest, change.timeMillis());
      if (forgetting.late(change.timeMillis(), subtasks.watermarkMillis())) {
        mayBeLate.add(change.said().serial());
        if (!loses(change, law)) {
          mustBeLate.add(change.said().serial());
        }
      } else {
        law.add(change);
      }
      subtasks.offer(change);
      if (random.nextInt(10) == 0) {
        subtasks.advance(newest - random.nextInt(5_000));
      }
      if (random.nextInt(delivery.size()) < scenario.epochs()) {
        subtasks.commit();
        check(subtasks, law, forgetting);
      }
    }
    subtasks.advance(END_OF_TIME_MILLIS);
    subtasks.commit();
    // What that flush itself remembered has its due time after it.
    subtasks.advance(END_OF_TIME_MILLIS + 1);
    subtasks.commit();
    check(subtasks, law, forgetting);
    assertThat(subtasks.lake().tombstones()).isEmpty();
    List<Integer> late = late(subtasks);
    assertThat(subtasks.counts().late()).isEqualTo(late.size());
    assertThat(subtract(mustBeLate, late)).isEmpty();
    assertThat(subtract(late, mayBeLate)).isEmpty();
    assertThat(subtasks.counts().changes()).isEqualTo(delivery.size());
    return subtasks;
  }

  private static void check(Subtasks subtasks, LawFold law, Forgetting forgetting) {
    Map<KeyId, List<Object>> rows = new HashMap<>();
    subtasks.lake().rows().forEach((key, row) -> rows.put(key, row.stored()));
    Map<KeyId, List<Object>> expected = new HashMap<>();
    Map<KeyId, Memory> memories = subtasks.memories();
    law.winners()
        .forEach(
            (key, winner) -> {
              boolean present = winner.operation() == Operation.UPSERT;
              if (present) {
                expected.put(key, winner.row().stored());
              }
              if (!mayBeForgotten(winner, forgetting, subtasks.watermarkMillis())) {
                assertThat(memories).containsKey(key);
                assertThat(memories.get(key).rank()).isEqualTo(winner.rank());
              }
            });
    assertThat(rows).isEqualTo(expected);
    checkTombstones(subtasks, memories);
  }

  private static boolean mayBeForgotten(
      Assembled winner, Forgetting forgetting, long watermarkMillis) {
    boolean past = winner.timeMillis() + forgetting.latenessMillis() < watermarkMillis;
    return past && (winner.operation() == Operation.DELETE || forgetting.timeInKey());
  }

  private static void checkTombstones(Subtasks subtasks, Map<KeyId, Memory> memories) {
    Map<KeyId, Batch.Burial> tombstones = subtasks.lake().tombstones();
    Map<KeyId, Memory> absent = new HashMap<>(memories);
    absent.values().removeIf(Memory::present);
    assertThat(tombstones.keySet()).isEqualTo(absent.keySet());
    absent.forEach(
        (key, memory) -> {
          assertThat(tombstones.get(key).rank()).isEqualTo(memory.rank());
          assertThat(tombstones.get(key).timeMillis()).isEqualTo(memory.timeMillis());
        });
  }

  /** Whether a change is no news, as far as anything is remembered of its key. */
  private static boolean loses(Assembled change, LawFold law) {
    Assembled winner = law.winners().get(change.key());
    return winner != null && Rank.compare(change.rank(), winner.rank()) <= 0;
  }

  private static List<Integer> late(Subtasks subtasks) {
    return subtasks.lake().ledger().stream()
        .filter(entry -> entry.reason() == LedgerReason.LATE)
        .map(Batch.Entry::serial)
        .toList();
  }

  /** What is left of {@code from} when each of {@code serials} takes one of its kind away. */
  private static List<Integer> subtract(List<Integer> from, List<Integer> serials) {
    Map<Integer, Integer> taken = new HashMap<>();
    serials.forEach(serial -> taken.merge(serial, 1, Integer::sum));
    List<Integer> left = new ArrayList<>(from);
    left.removeIf(serial -> taken.merge(serial, -1, Integer::sum) >= 0);
    return left;
  }
}
