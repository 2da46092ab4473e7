package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.TombstonesAhead.Held;
import io.datamirror.plan.TablePlan;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that a start from the lake has to take back to their positions. All of them were
 * looked at, so that none is touched if one has no way back.
 *
 * <p>A pinned feed gives what lies between two positions as a difference: what came and went
 * between them is in no window that is cut otherwise. So where windows will be cut anew, the table
 * must be exactly what it was at its position, and hold no part of a window that was not completed.
 * Nor may it hold a part of a snapshot whose rows would not give way to those of the next one.
 */
final class WaysBack {

  private static final Logger LOG = LoggerFactory.getLogger(WaysBack.class);

  private final LakeCatalog catalog;
  private final Map<String, TableHistory> beyond = new LinkedHashMap<>();
  private final Map<String, Held> held = new HashMap<>();

  private WaysBack(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Looks at tables that exist; changes nothing.
   *
   * @throws MirrorException if the snapshot of a position has expired
   */
  static WaysBack of(LakeCatalog catalog, List<TablePlan> tables) {
    WaysBack ways = new WaysBack(catalog);
    tables.stream()
        .filter(table -> table.feed().resumesExactly())
        .forEach(table -> ways.look(table.name()));
    return ways;
  }

  private void look(String name) {
    TableHistory history = TableHistory.of(catalog.load(name));
    if (history.beyondPosition()) {
      try {
        // Whatever number the start will have, none has committed by it yet.
        long epoch = rollback(name, history, history.generation() + 1).epochAfter();
        beyond.put(name, history);
        held.put(name, new Held(epoch, history.epoch()));
      } catch (MirrorException e) {
        throw e.code() == ErrorCode.LAKE_AHEAD ? withoutWayBack(name, e) : e;
      }
    }
  }

  /** How far the tables go that are to be taken back. */
  Map<String, Held> held() {
    return held;
  }

  /**
   * Takes them back.
   *
   * @param generation the start that does it
   */
  void take(long generation) {
    beyond.forEach(
        (name, history) -> {
          LOG.info("Takes {} back to its position: its changes since will come again", name);
          rollback(name, history, generation).run(generation);
        });
  }

  private Rollback rollback(String name, TableHistory history, long generation) {
    return new Rollback(
        catalog.load(name), name, history.positionEpoch(), generation, history.epoch() + 1);
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
