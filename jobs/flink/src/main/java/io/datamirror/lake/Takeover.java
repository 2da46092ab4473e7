package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.OnHistoryLost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The beginning of a job, seen from the lake: done once by whoever submits it. */
public final class Takeover {

  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

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
      LakeCatalog catalog,
      String mirror,
      OnHistoryLost onHistoryLost,
      List<TablePlan> tables,
      From from) {
    LakeTables lake = new LakeTables(catalog, mirror, onHistoryLost);
    lake.prepare(tables);
    List<String> names = tables.stream().map(TablePlan::name).toList();
    Generations generations = new Generations(catalog);
    Set<String> leftOut = Leftovers.leftOut(catalog, mirror, names).keySet();
    Generations.Start start = generations.take(names, leftOut);
    lake.keepLaw(tables, start.generation());
    lake.forgetRun(names);
    return switch (from) {
      case LAKE -> {
        Map<String, TableHistory> beyond = beyondPositions(catalog, tables);
        Leftovers leftovers = new Leftovers(catalog, mirror, start.generation());
        // A table that has gone back looks like one that was never further.
        leftovers.requireKnown(beyond);
        beyond.forEach((name, history) -> takeBack(catalog, name, history, start.generation()));
        leftovers.remove(names, leftOut);
        // A table that was taken back is to be judged by the watermark that it had then.
        yield beyond.isEmpty() ? start : generations.again(start, names);
      }
      case STATE -> start;
    };
  }

  /**
   * The tables that have to be taken back to their positions, and what they hold.
   *
   * <p>A pinned feed gives what lies between two positions as a difference: what came and went
   * between them is in no window that is cut otherwise. So where windows will be cut anew, the
   * table must be exactly what it was at its position, and hold no part of a window that was not
   * completed. Nor may it hold a part of a snapshot whose rows would not give way to those of the
   * next one.
   */
  private static Map<String, TableHistory> beyondPositions(
      LakeCatalog catalog, List<TablePlan> tables) {
    Map<String, TableHistory> beyond = new LinkedHashMap<>();
    for (TablePlan table : tables) {
      if (table.feed().resumesExactly()) {
        TableHistory history = TableHistory.of(catalog.load(table.name()));
        if (history.beyondPosition()) {
          beyond.put(table.name(), history);
        }
      }
    }
    return beyond;
  }

  private static void takeBack(
      LakeCatalog catalog, String name, TableHistory history, long generation) {
    LOG.info("Takes {} back to its position: its changes since will come again", name);
    Rollback rollback =
        new Rollback(
            catalog.load(name), name, history.positionEpoch(), generation, history.epoch() + 1);
    try {
      rollback.run(generation);
    } catch (MirrorException e) {
      throw e.code() == ErrorCode.LAKE_AHEAD ? withoutWayBack(name, e) : e;
    }
  }

  private static MirrorException withoutWayBack(String table, MirrorException failure) {
    return MirrorException.causedBy(
        failure,
        ErrorCode.LAKE_AHEAD,
        table,
        "it holds a part of what came after its position, and the snapshot of that has expired",
        "Start from a savepoint or checkpoint, or drop the table in the lake: it is then read anew.");
  }
}
