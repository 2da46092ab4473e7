package io.datamirror.lake;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a writer loads a table again: with a table, a REST catalog may hand out credentials for its
 * files, and those end. One thread at a time.
 */
final class Reloading {

  /** Credentials mostly hold for an hour, and an epoch may last long. */
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Whatever it takes, it is done by then. */
  private static final long LATEST_NANOS = TimeUnit.MINUTES.toNanos(20);

  /** Many tables become old at one time: no barrier waits until all of them are loaded. */
  private static final long MOST_OF_EPOCH_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A catalog that does not answer costs a barrier its patience once, not once for each table. */
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Rule rule;
  private final LongSupplier nanoTime;
  private long notBeforeNanos;
  private long spentNanos;

  /** Whether tables are loaded again. */
  enum Rule {
    NEVER,
    WHEN_OLD
  }

  /**
   * @param rule whether tables are loaded again at all
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  Reloading(Rule rule, LongSupplier nanoTime) {
    this.rule = rule;
    this.nanoTime = nanoTime;
    this.notBeforeNanos = nanoTime.getAsLong();
  }

  static Reloading of(LakeCatalog catalog) {
    Rule rule = catalog.lendsCredentials() ? Rule.WHEN_OLD : Rule.NEVER;
    return new Reloading(rule, System::nanoTime);
  }

  Rule rule() {
    return rule;
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  /** Whether what was loaded at this time is to be loaded again. */
  boolean due(long loadedNanos) {
    return switch (rule) {
      case NEVER -> false;
      case WHEN_OLD -> due(loadedNanos, nowNanos());
    };
  }

  private boolean due(long loadedNanos, long nowNanos) {
    long ageNanos = nowNanos - loadedNanos;
    boolean due =
        ageNanos > LATEST_NANOS || ageNanos > MOST_NANOS && spentNanos < MOST_OF_EPOCH_NANOS;
    return due && nowNanos - notBeforeNanos >= 0;
  }

  /** A table was loaded, or not, in so long a time. */
  void took(long nanos) {
    spentNanos += nanos;
  }

  /** What comes next belongs to another epoch. */
  void endEpoch() {
    spentNanos = 0;
  }

  /** A table could not be loaded: for a while none is tried. */
  void failed() {
    notBeforeNanos = nowNanos() + PAUSE_NANOS;
  }
}
