package io.datamirror.lake;

import io.datamirror.plan.TablePlan;
import java.util.List;

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
   * that goes on from it.
   *
   * @return the start that the job is to run as
   */
  public static Generations.Start of(
      LakeCatalog catalog, String mirror, List<TablePlan> tables, From from) {
    new LakeTables(catalog, mirror).prepare(tables);
    List<String> names = tables.stream().map(TablePlan::name).toList();
    Generations.Start start = new Generations(catalog).take(names);
    switch (from) {
      case LAKE -> new Leftovers(catalog, mirror, start.generation()).remove(names);
      case STATE -> {}
    }
    return start;
  }
}
