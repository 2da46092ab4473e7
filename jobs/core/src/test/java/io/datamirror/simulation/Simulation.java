package io.datamirror.simulation;

import io.datamirror.resolve.testing.Violation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs seeds. The same seed does the same every time. */
final class Simulation {

  private Simulation() {}

  /**
   * What came of a seed.
   *
   * @param labels how many snapshots with a position were compared with the fold
   */
  record Outcome(
      long seed,
      Settings settings,
      Optional<Violation> violation,
      Map<CrashPoint, Integer> crashes,
      Map<Stopped.Reason, Integer> stops,
      int labels) {}

  static Outcome run(long seed, Set<Flaw> flaws) {
    return run(seed, flaws, new Trace(false));
  }

  private static Outcome run(long seed, Set<Flaw> flaws, Trace trace) {
    Settings settings = Settings.of(seed, flaws);
    World world = new World(settings, trace);
    Violation violation = null;
    try {
      world.run();
    } catch (Violation found) {
      violation = found;
    }
    return new Outcome(
        seed,
        settings,
        Optional.ofNullable(violation),
        world.crashes(),
        world.stops(),
        world.audit.labels());
  }

  /** Runs a seed that failed once more, and tells what happened. */
  static String explain(long seed, Set<Flaw> flaws) {
    Trace trace = new Trace(true);
    Outcome outcome = run(seed, flaws, trace);
    String first = outcome.violation().map(Violation::getMessage).orElse("no violation");
    return "seed " + seed + ": " + first + "\n" + outcome.settings() + "\n" + trace.text();
  }
}
