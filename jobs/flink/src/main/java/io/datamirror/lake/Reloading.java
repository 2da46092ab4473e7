package io.datamirror.lake;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a writer loads a table again: with a table, a REST catalog may hand out credentials for its
 * files, and those end.
 *
 * @param rule whether tables are loaded again at all
 * @param nanoTime the clock, as {@link System#nanoTime}
 */
record Reloading(Rule rule, LongSupplier nanoTime) {

  /**
   * Credentials mostly hold for an hour, and an epoch may last long. Iceberg's client takes a table
   * that it loaded less than five minutes ago for new.
   */
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Whether tables are loaded again. */
  enum Rule {
    NEVER,
    WHEN_OLD
  }

  static Reloading of(LakeCatalog catalog) {
    Rule rule = catalog.lendsCredentials() ? Rule.WHEN_OLD : Rule.NEVER;
    return new Reloading(rule, System::nanoTime);
  }

  /** Whether what was loaded at this time is to be loaded again. */
  boolean due(long loadedNanos) {
    return switch (rule) {
      case NEVER -> false;
      case WHEN_OLD -> nanoTime.getAsLong() - loadedNanos > MOST_NANOS;
    };
  }
}
