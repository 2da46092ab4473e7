package io.datamirror.source;

import java.time.Duration;

/** Counts failures in a row and says how long to wait before the next try. One thread at a time. */
final class Retries {

  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long LONGEST_DELAY_MILLIS = 10_000;

  /** Drivers do throw at random what they should not; but mostly it is a mistake that stays. */
  private static final int MOST_UNEXPECTED = 5;

  private final Duration limit;
  private final Row all = new Row();

  /** Those at the end that are of one kind. */
  private final Row same = new Row();

  private Failures.Kind kind;

  /** Failures with no success between them. */
  private static final class Row {
    private long firstMillis;
    private int count;

    void add(long nowMillis) {
      if (count == 0) {
        firstMillis = nowMillis;
      }
      count++;
    }

    boolean lasts(long nowMillis, Duration limit) {
      return count > 0 && nowMillis - firstMillis >= limit.toMillis();
    }
  }

  Retries(Duration limit) {
    this.limit = limit;
  }

  /** Something worked: the next failure is the first one. */
  void succeeded() {
    all.count = 0;
    same.count = 0;
  }

  /** Whether {@code failure} came after too many others. */
  boolean exhausted(Throwable failure, long nowMillis) {
    return all.lasts(nowMillis, limit) || tooOften(failure);
  }

  /**
   * Whether {@code failure}, which came after too many others, is what they were for all the time.
   * After an outage the first answer may be a failure of another kind, which passes too.
   */
  boolean stays(Throwable failure, long nowMillis) {
    return Failures.kindOf(failure) == kind && same.lasts(nowMillis, limit) || tooOften(failure);
  }

  private boolean tooOften(Throwable failure) {
    return Failures.unexpected(failure)
        && kind == Failures.Kind.UNEXPECTED
        && same.count >= MOST_UNEXPECTED;
  }

  /** Something failed: how long to wait before it is tried again. */
  long delayMillis(Throwable failure, long nowMillis) {
    if (Failures.kindOf(failure) != kind) {
      kind = Failures.kindOf(failure);
      same.count = 0;
    }
    all.add(nowMillis);
    same.add(nowMillis);
    return Math.min(FIRST_DELAY_MILLIS << Math.min(all.count - 1, 20), LONGEST_DELAY_MILLIS);
  }
}
