package io.datamirror.source;

import io.datamirror.feed.Feed;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import java.util.Optional;

/**
 * Up to where a table was planned, and whether it is complete to there once all of that was read.
 *
 * <p>A base table that goes on changing is of no one moment: the table is complete to no position
 * before its changes were planned up to the moment when the base table had been read.
 */
final class Completeness {

  private static final long NO_SNAPSHOT = Long.MIN_VALUE;
  private static final long NOT_ENDED = Long.MAX_VALUE;
  private static final String NO_LABEL = "";

  private Position last;
  private boolean labelled;
  private long snapshotEndMillis;
  private long settledMillis = Long.MIN_VALUE;

  Completeness(TableState state) {
    last = state.last();
    labelled = state.labelled();
    snapshotEndMillis = state.snapshotEndMillis();
  }

  /** The table is complete to here already; null for a table of which nothing was read. */
  void startAt(Position position) {
    last = position;
  }

  /**
   * A base table is to be read that holds all that is up to a position.
   *
   * @return the label of its window, see {@link WindowFrame#label}
   */
  String snapshotPlanned(Position upTo, RevisedPlan table) {
    last = upTo;
    labelled = !table.moving();
    snapshotEndMillis = table.moving() ? NOT_ENDED : NO_SNAPSHOT;
    return table.moving() ? NO_LABEL : last.text();
  }

  /** All of the base table was read by then, by the source's clock. */
  void snapshotEnded(long clockMillis) {
    snapshotEndMillis = clockMillis;
    labelled = last.beginning();
  }

  /** A part of a base table that goes on changing is read once more, so that its end is open. */
  void snapshotUnread() {
    snapshotEndMillis = NOT_ENDED;
    labelled = false;
  }

  /** What was read counts no more: the base table is to be read again. */
  void readAgain() {
    snapshotEndMillis = NO_SNAPSHOT;
    labelled = true;
  }

  /**
   * Changes up to the end of a window are to be read.
   *
   * @return the label of the window; empty when it says nothing that was not said before, and so
   *     need not be read
   */
  Optional<String> windowPlanned(Window window, Feed feed) {
    boolean complete = window.settledMillis() >= snapshotEndMillis;
    boolean moves = feed.compare(window.to(), last) > 0;
    last = window.to();
    settledMillis = Math.max(settledMillis, window.settledMillis());
    if (!moves && (labelled || !complete)) {
      return Optional.empty();
    }
    labelled = complete || last.beginning();
    return Optional.of(complete ? last.text() : NO_LABEL);
  }

  /** Up to where windows were planned; null before anything was. */
  Position last() {
    return last;
  }

  /** Whether some window said that the table is complete to {@link #last}. */
  boolean labelled() {
    return labelled;
  }

  /** Whether a base table that goes on changing was not read to its end yet. */
  boolean snapshotOpen() {
    return snapshotEndMillis == NOT_ENDED;
  }

  /** As {@link TableState#snapshotEndMillis}. */
  long snapshotEndMillis() {
    return snapshotEndMillis;
  }

  /** As {@link TableProgress#settledMillis}. */
  long settledMillis() {
    return settledMillis;
  }
}
