package io.datamirror.source;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class FailoverSimulationTest {

  private static final int SEEDS = Integer.getInteger("source.seeds", 1_000);

  @Test
  void failures_at_any_moment_lose_and_repeat_nothing() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        FailoverSimulation simulation = new FailoverSimulation(seed);
        simulation.disturb(700);
        simulation.settle();
      } catch (Exception | AssertionError e) {
        fail("seed " + seed, e);
      }
    }
  }
}
