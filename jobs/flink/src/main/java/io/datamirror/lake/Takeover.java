package io.datamirror.lake;

import io.datamirror.plan.TablePlan;
import io.datamirror.spec.OnHistoryLost;
import java.util.List;
import java.util.Set;

/** The beginning of a job, seen from the lake: done once by whoever submits it. */
public final class Takeover {

  private Takeover() {}

  /** What a job goes on from. */
  public enum From {
    /** A checkpoint or a savepoint. */
    STATE,
    /** What the tables tell. */
    LAKE
  }

  /**
   * Creates what is missing, takes the next generation, and makes the lake consistent for a job
   * that goes on from it. If a start from the lake is refused, no table was taken back and none has
   * another law than before: a state still serves.
   *
   * @return the start that the job is to run as
   * @throws io.datamirror.error.MirrorException if the lake has no way back to where such a start
   *     would go on from
   */
  public static Generations.Start of(
      LakeCatalog catalog,
      String mirror,
      OnHistoryLost onHistoryLost,
      List<TablePlan> tables,
      From from) {
    LakeTables lake = new LakeTables(catalog, mirror, onHistoryLost);
    lake.prepare(tables);
    List<String> names = tables.stream().map(TablePlan::name).toList();
    Set<String> leftOut = Leftovers.leftOut(catalog, mirror, names).keySet();
    if (from == From.LAKE) {
      // Who is refused here leaves a job alone that still runs.
      Leftovers.requireKnown(catalog, WaysBack.of(catalog, tables).held());
    }
    Generations generations = new Generations(catalog);
    Generations.Start taken = generations.take(names, leftOut);
    Generations.Start start =
        switch (from) {
          case LAKE -> {
            Leftovers leftovers = new Leftovers(catalog, mirror, taken.generation());
            // That job may have gone on until now.
            WaysBack back = WaysBack.of(catalog, tables);
            // A table that has gone back looks like one that was never further.
            leftovers.requireKnown(names, leftOut, back.held());
            back.take(taken.generation());
            leftovers.remove(names, leftOut);
            // A table that was taken back is to be judged by the watermark that it had then.
            yield back.held().isEmpty() ? taken : generations.again(taken, names);
          }
          case STATE -> taken;
        };
    lake.keepLaw(tables, start.generation());
    lake.forgetRun(names);
    return start;
  }
}
