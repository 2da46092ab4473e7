package io.datamirror.source;

import java.time.Duration;

/** Counts failures in a row and says how long to wait before the next try. */
final class Retries {

  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long LONGEST_DELAY_MILLIS = 10_000;

  /** Drivers do throw at random what they should not; but mostly it is a mistake that stays. */
  private static final int MOST_UNEXPECTED = 5;

  private final Duration limit;
  private long firstFailureMillis;
  private int failures;

  Retries(Duration limit) {
    this.limit = limit;
  }

  /** Something worked: the next failure is the first one. */
  void succeeded() {
    failures = 0;
  }

  /** Whether {@code failure} came after too many others. */
  boolean exhausted(Throwable failure, long nowMillis) {
    boolean tooLong = failures > 0 && nowMillis - firstFailureMillis >= limit.toMillis();
    return tooLong || (Failures.unexpected(failure) && failures >= MOST_UNEXPECTED);
  }

  /** Something failed: how long to wait before it is tried again. */
  long delayMillis(long nowMillis) {
    if (failures == 0) {
      firstFailureMillis = nowMillis;
    }
    failures++;
    return Math.min(FIRST_DELAY_MILLIS << Math.min(failures - 1, 20), LONGEST_DELAY_MILLIS);
  }
}
