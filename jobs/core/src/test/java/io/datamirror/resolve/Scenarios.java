package io.datamirror.resolve;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.resolve.testing.Shape.Trait;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Arbitrary histories and deliveries, up to sizes that still run in seconds. */
final class Scenarios {

  private static final int MOST_CHANGES = 2_000;
  private static final int MOST_KEYS = 200;

  private Scenarios() {}

  static Arbitrary<Scenario> any() {
    return with(Arbitraries.of(Trait.class).set().filter(Scenarios::storesItsKey));
  }

  static Arbitrary<Scenario> with(Arbitrary<Set<Trait>> traits) {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.of(Tie.class),
            traits,
            keys(),
            uniform(1, 20),
            uniform(1, 8),
            shuffles(),
            draws())
        .as(Scenario::new);
  }

  /** Time in the key is a matter of forgetting; here all changes of a key shall meet. */
  private static boolean storesItsKey(Set<Trait> traits) {
    return !traits.contains(Trait.TIME_IN_KEY);
  }

  private static Arbitrary<Integer> keys() {
    return Arbitraries.frequencyOf(Tuple.of(1, uniform(1, 5)), Tuple.of(2, uniform(1, MOST_KEYS)));
  }

  private static Arbitrary<Integer> shuffles() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(0)),
        Tuple.of(4, uniform(1, 500)),
        Tuple.of(3, Arbitraries.just(Scenario.ANY_ORDER)));
  }

  private static Arbitrary<List<Long>> draws() {
    return Arbitraries.longs()
        .withDistribution(RandomDistribution.uniform())
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_CHANGES)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private static Arbitrary<Integer> uniform(int least, int most) {
    return Arbitraries.integers()
        .between(least, most)
        .withDistribution(RandomDistribution.uniform());
  }
}
