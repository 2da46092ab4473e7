package io.datamirror.source;

import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;

/** What a bounded run reads a table up to. A run without an end has none. */
final class Target {

  private final boolean bounded;
  private Observed observed;

  /**
   * @param observed null when it is not known yet
   */
  Target(ScheduleRules rules, Observed observed) {
    this.bounded = rules.bounded();
    aim(observed);
  }

  /** Reads up to what is seen now; whatever is seen, a run without an end aims at nothing. */
  void aim(Observed seen) {
    observed = bounded ? seen : null;
  }

  /** Aims at nothing, so that it is asked for again. */
  void forget() {
    observed = null;
  }

  /** Null when it is not known, or the run has no end. */
  Observed observed() {
    return observed;
  }

  boolean missing() {
    return bounded && observed == null;
  }

  /** Whether a bounded run that has read up to {@code last} has read enough. */
  boolean reached(Feed feed, Position last) {
    return observed != null && feed.compare(observed.head(), last) <= 0;
  }

  /** For how long a bounded run has to wait after a window until its target is settled. */
  long unsettledMillis(Feed feed, Window window) {
    boolean known = window.settledMillis() != Long.MIN_VALUE;
    return observed == null || reached(feed, window.to()) || !known
        ? 0
        : Math.max(0, observed.clockMillis() - window.settledMillis());
  }
}
