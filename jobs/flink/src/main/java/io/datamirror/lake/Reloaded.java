package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
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

  private final String table;
  private final Supplier<T> load;
  private final Predicate<T> replaceable;
  private final Reloading reloading;
  private T value;
  private long loadedNanos;

  /**
   * Loads it for the first time.
   *
   * @param table its name, as users know it
   * @param replaceable whether nothing is lost with one
   */
  Reloaded(String table, Supplier<T> load, Predicate<T> replaceable, Reloading reloading) {
    this.table = table;
    this.load = load;
    this.replaceable = replaceable;
    this.reloading = reloading;
    this.loadedNanos = reloading.nowNanos();
    this.value = load.get();
  }

  /** The one that was made last. */
  T last() {
    return value;
  }

  /** The one to begin with: another one if it is time, and it can be had. */
  T current() {
    if (reloading.due(loadedNanos) && replaceable.test(value)) {
      reload();
    }
    return value;
  }

  /** What was loaded before may work for long, and says itself when it does not. */
  private void reload() {
    long nowNanos = reloading.nowNanos();
    try {
      value = load.get();
      loadedNanos = nowNanos;
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      if (ofTable(e)) {
        loadedNanos = nowNanos;
      } else {
        reloading.failed();
      }
      LOG.warn("{} could not be loaded again: {}", table, reason(e));
    } finally {
      reloading.took(reloading.nowNanos() - nowNanos);
    }
  }

  /**
   * Whether the catalog did answer, and the table is what is wrong: that is no matter of others.
   */
  private static boolean ofTable(RuntimeException failure) {
    return failure instanceof MirrorException known && known.code() != ErrorCode.LAKE_UNREACHABLE;
  }

  private static String reason(RuntimeException failure) {
    return failure instanceof MirrorException known
        ? known.getMessage()
        : LakeFailure.classes(failure);
  }
}
