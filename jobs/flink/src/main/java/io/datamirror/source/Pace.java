package io.datamirror.source;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Window;

/** When the source is asked about a table: one question at a time, and none before its time. */
final class Pace {

  private static final long SHORTEST_WAIT_MILLIS = 20;
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  private final ScheduleRules rules;
  private boolean asking;
  private long notBeforeMillis = Long.MIN_VALUE;

  Pace(ScheduleRules rules) {
    this.rules = rules;
  }

  boolean mayAsk(long nowMillis) {
    return !asking && nowMillis >= notBeforeMillis;
  }

  void asked() {
    asking = true;
  }

  void answered() {
    asking = false;
  }

  void waitUntil(long millis) {
    notBeforeMillis = millis;
  }

  /** The next question may come at once. */
  void hurry() {
    notBeforeMillis = Long.MIN_VALUE;
  }

  /** All that was seen is planned: what is new is looked for when it is time for that. */
  void caughtUp(long nowMillis) {
    notBeforeMillis = rules.bounded() ? nowMillis : nowMillis + rules.pollMillis();
  }

  /** More was seen than the window holds: either it was cut, or the rest is not settled yet. */
  void moreAfter(Window window, Observed seen, long nowMillis) {
    boolean unsettled =
        window.settledMillis() == Long.MIN_VALUE
            || seen.clockMillis() - window.settledMillis()
                <= rules.settleMillis() + LONGEST_WAIT_MILLIS;
    notBeforeMillis = unsettled ? nowMillis + pauseMillis() : nowMillis;
  }

  /** What was seen is not settled at {@code clockMillis}, by the source's clock. */
  void unsettled(Observed seen, long clockMillis, long nowMillis) {
    long leftMillis = seen.seenMillis() + rules.settleMillis() - clockMillis;
    // Clocks run apart, so most of a long wait is waited at once, and the rest in short ones.
    long longestMillis = Math.max(pauseMillis(), leftMillis / 2);
    long waitMillis = leftMillis > 0 ? Math.min(leftMillis, longestMillis) : pauseMillis();
    notBeforeMillis = nowMillis + Math.max(SHORTEST_WAIT_MILLIS, waitMillis);
  }

  private long pauseMillis() {
    return Math.min(rules.pollMillis(), LONGEST_WAIT_MILLIS);
  }
}
