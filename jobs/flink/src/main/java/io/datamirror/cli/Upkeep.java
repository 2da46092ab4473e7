package io.datamirror.cli;

import io.datamirror.feed.Position;
import io.datamirror.feed.Tracking;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The history that a source keeps of a table, and how much of it is left for its mirror.
 *
 * @param lag how far the lake is behind; null while it has no position
 */
record Upkeep(Tracking tracking, Duration lag) {

  /**
   * Asks the source; empty when it keeps no history of its own.
   *
   * @param history the table in the lake; null when it is not there
   */
  static Optional<Upkeep> of(Connection source, TablePlan table, TableHistory history)
      throws SQLException {
    Optional<Tracking> tracking = table.feed().tracking(source);
    if (tracking.isEmpty()) {
      return Optional.empty();
    }
    long reached = history == null ? Long.MIN_VALUE : reachedMillis(table, history);
    Duration lag =
        reached == Long.MIN_VALUE
            ? null
            : Duration.ofMillis(Math.max(0, table.feed().clockMillis(source) - reached));
    return Optional.of(new Upkeep(tracking.get(), lag));
  }

  private static long reachedMillis(TablePlan table, TableHistory history) {
    return table
        .feed()
        .millis(new Position(history.position()))
        .orElse(history.position().isEmpty() ? Long.MIN_VALUE : history.watermarkMillis());
  }

  /** For people: what is kept, and what is left of it. */
  String text() {
    String kept =
        tracking
            .retention()
            .map(whole -> "changes are kept for " + Seconds.rough(whole.toMillis()))
            .orElse("changes are kept");
    return left().map(left -> kept + ", " + Seconds.rough(left.toMillis()) + " left").orElse(kept);
  }

  private Optional<Duration> left() {
    return lag == null ? Optional.empty() : tracking.headroom(lag);
  }

  /** Whether less than {@code percent} of the retention is left. */
  boolean scarce(int percent) {
    return lag != null && tracking.scarce(lag, percent);
  }

  /** For programs. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("tracking", tracking.state() == Tracking.State.ON);
    document.put("retentionMillis", tracking.retention().map(Duration::toMillis).orElse(null));
    document.put("headroomMillis", left().map(Duration::toMillis).orElse(null));
    return document;
  }
}
