package io.datamirror.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** In which order, and how often, changes are delivered. */
public final class DemoOrder {
  private static final int ONE_IN = 10;

  private final OptionalLong seed;

  private DemoOrder(OptionalLong seed) {
    this.seed = seed;
  }

  /** As it happened, each change once. */
  public static DemoOrder asItHappened() {
    return new DemoOrder(OptionalLong.empty());
  }

  /** In random order, one change in ten twice; the same for the same seed. */
  public static DemoOrder shuffled(long seed) {
    return new DemoOrder(OptionalLong.of(seed));
  }

  /** The changes of a table as they are delivered. */
  Iterator<String[]> of(DemoTable table, Iterator<String[]> changes) {
    if (seed.isEmpty()) {
      return changes;
    }
    Random random = new Random(seed.getAsLong() * 31 + table.ordinal());
    List<String[]> delivered = new ArrayList<>();
    while (changes.hasNext()) {
      String[] change = changes.next();
      delivered.add(change);
      if (random.nextInt(ONE_IN) == 0) {
        delivered.add(change);
      }
    }
    Collections.shuffle(delivered, random);
    return delivered.iterator();
  }
}
