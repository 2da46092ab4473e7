package io.datamirror.simulation;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.testing.Shape;
import io.datamirror.resolve.testing.Shape.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one seed is made of.
 *
 * @param keys keys of each table
 * @param units commit units of each table's log
 * @param windowsAhead how many windows of a table may be under way at once
 * @param chunks the most chunks of a window
 * @param crashRate how often a planned crash point strikes when it is passed
 * @param faultRate how often a catalog call goes wrong
 * @param abortRate how often a checkpoint is aborted
 * @param flushRate how often a resolver flushes because memory is short
 * @param echoRate how often a reader delivers a row twice; never where keys are forgotten, since
 *     the second may then come too late
 */
record Settings(
    long seed,
    Set<Flaw> flaws,
    List<Shape> shapes,
    Forgetting forgetting,
    int keys,
    int units,
    int readers,
    int subtasks,
    int windowsAhead,
    int chunks,
    Set<CrashPoint> crashPoints,
    double crashRate,
    double faultRate,
    double abortRate,
    double flushRate,
    double echoRate) {

  static Settings of(long seed, Set<Flaw> flaws) {
    Chance chance = new Chance(~seed);
    boolean narrow = chance.of(0.3) || flaws.stream().anyMatch(Flaw::harmsForgetting);
    boolean forgets = narrow || chance.of(0.3);
    Set<Trait> traits = traits(chance);
    List<Shape> shapes = new ArrayList<>();
    Tie tie = chance.pick(List.of(Tie.values()));
    for (int i = chance.between(1, 2); i > 0; i--) {
      shapes.add(new Shape("table" + i, tie, traits));
    }
    return new Settings(
        seed,
        flaws,
        shapes,
        forgets
            ? new Forgetting(
                100 * chance.between(0, narrow ? 5 : 15), traits.contains(Trait.TIME_IN_KEY))
            : Forgetting.NOTHING,
        chance.between(1, narrow ? 3 : 8),
        chance.between(narrow ? 20 : 5, narrow ? 60 : 40),
        chance.between(1, 3),
        chance.between(1, 3),
        chance.between(1, 2),
        chance.between(1, 3),
        points(chance),
        chance.pick(List.of(0.005, 0.03, 0.2)),
        chance.pick(List.of(0.0, 0.2, 0.5)),
        chance.pick(List.of(0.0, 0.2)),
        chance.pick(List.of(0.0, 0.02)),
        forgets ? 0 : chance.pick(List.of(0.0, 0.1)));
  }

  private static Set<Trait> traits(Chance chance) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (Trait trait :
        List.of(Trait.ORDERED, Trait.PARTITIONED, Trait.LONG_KEYS, Trait.TIME_IN_KEY)) {
      if (chance.of(0.3)) {
        traits.add(trait);
      }
    }
    return traits;
  }

  private static Set<CrashPoint> points(Chance chance) {
    Set<CrashPoint> points = EnumSet.noneOf(CrashPoint.class);
    for (int i = chance.between(0, 3); i > 0; i--) {
      points.add(chance.pick(List.of(CrashPoint.values())));
    }
    return points;
  }

  boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }
}
