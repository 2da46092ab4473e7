package io.datamirror.simulation;

import java.util.List;
import java.util.Random;

/** The choices of one seed: everything that happens by chance comes from here. */
final class Chance {

  private final Random random;

  Chance(long seed) {
    random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
  }

  boolean of(double probability) {
    return random.nextDouble() < probability;
  }

  /** At least 0 and less than {@code bound}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Both ends included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  <T> void shuffle(List<T> list) {
    java.util.Collections.shuffle(list, random);
  }
}
