package io.datamirror.topic;

import java.time.Duration;

/**
 * Tells a partition that lost the records that are to be read from one whose new leader does not
 * know its own end yet. Not thread-safe.
 */
final class EndWatch {

  private final long wanted;
  private final long patienceNanos;
  private boolean ended;
  private long sinceNanos;

  /**
   * @param wanted the end that the partition had
   * @param patience how long it may say an earlier one
   */
  EndWatch(long wanted, Duration patience) {
    this.wanted = wanted;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Takes in the end that the partition says it has now.
   *
   * @return whether it has said an earlier one than it had for too long
   */
  boolean lost(long end, long nowNanos) {
    if (end >= wanted) {
      ended = false;
      return false;
    }
    if (!ended) {
      ended = true;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos >= patienceNanos;
  }

  /** There was a record. */
  void heard() {
    ended = false;
  }
}
