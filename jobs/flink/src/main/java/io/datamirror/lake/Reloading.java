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

  /** A catalog that does not answer costs a barrier its patience once, not once for each table. */
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Rule rule;
  private final LongSupplier nanoTime;
  private long notBeforeNanos;

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
    return nowNanos - loadedNanos > MOST_NANOS && nowNanos - notBeforeNanos >= 0;
  }

  /** A table could not be loaded: for a while none is tried. */
  void failed() {
    notBeforeNanos = nowNanos() + PAUSE_NANOS;
  }
}
