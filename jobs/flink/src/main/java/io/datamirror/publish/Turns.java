package io.datamirror.publish;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Which table is looked at next. Each one is from time to time, whether it is known to have changed
 * or not: others merge the files of a table at rest and drop the snapshots before, and what has to
 * be published begins where it was looked at last. A table that goes wrong waits by itself. One
 * thread takes turns; any may ask for them.
 */
final class Turns {

  private final Set<String> tables;
  private final long everyNanos;
  private final LongSupplier clockNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> waiting;
  private final Map<String, Long> pausedUntilNanos = new HashMap<>();
  private long lookedNanos;
  private boolean busy;
  private boolean closed;
  private Throwable failure;

  /** At first, all tables are waiting. */
  Turns(Set<String> tables, Duration every, LongSupplier clockNanos) {
    this.tables = new LinkedHashSet<>(tables);
    this.everyNanos = every.toNanos();
    this.clockNanos = clockNanos;
    this.waiting = new LinkedHashSet<>(tables);
    this.lookedNanos = clockNanos.getAsLong();
  }

  /** These of the tables may have changed; others are none of its. */
  void add(Collection<String> named) {
    lock.lock();
    try {
      named.stream().filter(tables::contains).forEach(waiting::add);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next table, once there is one; empty when it is closed. */
  Optional<String> take() throws InterruptedException {
    lock.lock();
    try {
      Optional<String> next = due();
      while (next.isEmpty() && !closed) {
        changed.await(idleNanos(), TimeUnit.NANOSECONDS);
        next = due();
      }
      if (closed) {
        return Optional.empty();
      }
      next.ifPresent(waiting::remove);
      next.ifPresent(pausedUntilNanos::remove);
      busy = true;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> due() {
    long nowNanos = clockNanos.getAsLong();
    if (nowNanos - lookedNanos >= everyNanos) {
      waiting.addAll(tables);
      lookedNanos = nowNanos;
    }
    return waiting.stream()
        .filter(table -> pausedUntilNanos.getOrDefault(table, nowNanos) - nowNanos <= 0)
        .findFirst();
  }

  /** How long no table will be due, if none is asked for. */
  private long idleNanos() {
    long nowNanos = clockNanos.getAsLong();
    long lookIn = lookedNanos + everyNanos - nowNanos;
    return waiting.stream()
        .mapToLong(table -> pausedUntilNanos.getOrDefault(table, nowNanos) - nowNanos)
        .reduce(lookIn, Math::min);
  }

  /** What was taken is done. */
  void done() {
    lock.lock();
    try {
      busy = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was taken is not done: all is looked at once more. */
  void again() {
    lock.lock();
    try {
      busy = false;
      waiting.addAll(tables);
    } finally {
      lock.unlock();
    }
  }

  /** A table has no turn for a while; the others have theirs. */
  void pause(String table, long millis) {
    lock.lock();
    try {
      pausedUntilNanos.put(table, clockNanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until every table had a turn that began after the call.
   *
   * @throws CompletionException if there are to be no more, with the reason
   */
  void drain() throws InterruptedException {
    lock.lock();
    try {
      waiting.addAll(tables);
      changed.signalAll();
      while (failure == null && !closed && (busy || !waiting.isEmpty())) {
        changed.await();
      }
      if (failure != null) {
        throw new CompletionException(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** There are no more turns. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits for turns waits in vain. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
