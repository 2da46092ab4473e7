package io.datamirror.lake;

import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of a table that was loaded, and made anew when that was long ago. One thread at a
 * time.
 *
 * @param <T> what is made
 */
final class Reloaded<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);

  private final Supplier<T> load;
  private final Predicate<T> replaceable;
  private final Reloading reloading;
  private T value;
  private long triedNanos;

  /**
   * Loads it for the first time.
   *
   * @param replaceable whether nothing is lost with one
   */
  Reloaded(Supplier<T> load, Predicate<T> replaceable, Reloading reloading) {
    this.load = load;
    this.replaceable = replaceable;
    this.reloading = reloading;
    this.triedNanos = reloading.nanoTime().getAsLong();
    this.value = load.get();
  }

  /** The one that was made last. */
  T last() {
    return value;
  }

  /** The one to begin with: another one if it is time, and it can be had. */
  T current() {
    if (reloading.due(triedNanos) && replaceable.test(value)) {
      triedNanos = reloading.nanoTime().getAsLong();
      reload();
    }
    return value;
  }

  /** What was loaded before may work for long, and says itself when it does not. */
  private void reload() {
    try {
      value = load.get();
    } catch (RuntimeException e) {
      LOG.warn("A table could not be loaded again: {}", LakeFailure.classes(e));
    }
  }
}
