package io.datamirror.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole mirror as one state machine, with every fault that chance can think of. */
class SimulatorTest {

  private static final int SEEDS = Integer.getInteger("simulator.seeds", 10_000);
  private static final long FIRST_SEED = Long.getLong("simulator.first-seed", 1);

  /** By then a broken protocol must have been noticed. */
  private static final int SEEDS_FOR_A_FLAW = 10_000;

  private static final Set<Flaw> NO_FLAW = Set.of();

  @Test
  void the_promise_holds_for_every_seed() {
    long begun = System.nanoTime();
    List<Simulation.Outcome> outcomes =
        seeds(SEEDS).parallel().mapToObj(seed -> Simulation.run(seed, NO_FLAW)).toList();
    Map<CrashPoint, Integer> crashes = new EnumMap<>(CrashPoint.class);
    Map<Stopped.Reason, Integer> stops = new EnumMap<>(Stopped.Reason.class);
    long labels = 0;
    for (Simulation.Outcome outcome : outcomes) {
      if (outcome.violation().isPresent()) {
        fail(Simulation.explain(outcome.seed(), NO_FLAW));
      }
      outcome.crashes().forEach((at, count) -> crashes.merge(at, count, Integer::sum));
      outcome.stops().forEach((why, count) -> stops.merge(why, count, Integer::sum));
      labels += outcome.labels();
    }
    long millis = (System.nanoTime() - begun) / 1_000_000;
    System.out.printf(
        "%d seeds from %d in %d ms: %d positions compared, crashes %s, stops %s%n",
        SEEDS, FIRST_SEED, millis, labels, crashes, stops);
    assertThat(crashes.keySet()).isEqualTo(EnumSet.allOf(CrashPoint.class));
    assertThat(stops.keySet()).isEqualTo(EnumSet.allOf(Stopped.Reason.class));
  }

  @ParameterizedTest
  @EnumSource(Flaw.class)
  void a_broken_protocol_is_noticed(Flaw flaw) {
    Set<Flaw> flaws = EnumSet.of(flaw);
    Optional<Simulation.Outcome> first =
        seeds(SEEDS_FOR_A_FLAW)
            .mapToObj(seed -> Simulation.run(seed, flaws))
            .filter(outcome -> outcome.violation().isPresent())
            .findFirst();
    assertThat(first).as("%s seeds with %s", SEEDS_FOR_A_FLAW, flaw).isPresent();
    System.out.println(flaw + " found by seed " + first.get().seed());
  }

  private static LongStream seeds(int count) {
    return LongStream.range(FIRST_SEED, FIRST_SEED + count);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 4, 27, 62, 64, 104, 1423, 1853, 1899, 1912, 3631})
  void seeds_that_failed_once_hold(long seed) {
    if (Simulation.run(seed, NO_FLAW).violation().isPresent()) {
      fail(Simulation.explain(seed, NO_FLAW));
    }
  }

  @Test
  void a_seed_does_the_same_every_time() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(Simulation.explain(seed, NO_FLAW)).isEqualTo(Simulation.explain(seed, NO_FLAW));
    }
  }
}
