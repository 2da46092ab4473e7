package io.datamirror.source;

import io.datamirror.feed.Feed;
import io.datamirror.source.TableState.Current;
import java.util.List;
import java.util.OptionalLong;

/** The time that no change is older than which is still to come of a table. It never goes back. */
final class TableWatermark {

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final long settleMillis;
  private final Lanes lanes;
  private long millis;

  TableWatermark(ScheduleRules rules, long millis) {
    this.settleMillis = rules.settleMillis();
    this.lanes = new Lanes(settleMillis, rules.bounded() ? 0 : settleMillis);
    this.millis = millis;
  }

  /** It is this at least. */
  void raise(long toMillis) {
    millis = Math.max(millis, toMillis);
  }

  /** A window was planned; all before it were read. */
  void planned(Feed feed, List<ChunkSplit> chunks) {
    lanes.planned(feed::lane, chunks);
  }

  /** A part of a window was read. */
  void read(Finished part, Current window) {
    lanes.read(part, window.settledMillis());
  }

  /** All of a window was read. */
  void read(Feed feed, Current window) {
    if (!feed.laned()) {
      raise(timeMillis(window));
    }
    settled(feed, window.settledMillis());
  }

  /**
   * The greatest time of the rows of a window, but none that has not come by the source's clock:
   * one row with a wrong time would make every change after it late.
   */
  private static long timeMillis(Current window) {
    return Math.min(window.maxTimeMillis(), window.settledMillis());
  }

  /**
   * All that was settled by then was read. A transaction that was open at that instant may bring
   * times from before it.
   */
  void settled(Feed feed, long clockMillis) {
    if (clockMillis == UNKNOWN) {
      return;
    }
    OptionalLong time =
        feed.laned() ? lanes.timeMillis(clockMillis) : OptionalLong.of(clockMillis - settleMillis);
    time.ifPresent(reached -> raise(Math.min(reached, clockMillis)));
  }

  long millis() {
    return millis;
  }
}
