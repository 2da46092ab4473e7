package io.datamirror.publish;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OwnTable;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.SecretSource;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes in a thread of its own, so that commits never wait for Kafka. After a failure it begins
 * again from the marks, for as long as its patience lasts.
 */
public final class Publishing implements Publisher {

  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  private static final Pace USUAL = new Pace(Duration.ofMinutes(5), Duration.ofHours(1));

  private static final long CLOSE_MILLIS = 60_000;

  private final PublishScope scope;
  private final Consumer<Throwable> onFailure;
  private final long lookNanos;
  private final PublishFailures failures;
  private final Thread thread = new Thread(this::run, "mirror-publish");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> waiting = new LinkedHashSet<>();
  private long lookedNanos = System.nanoTime();
  private boolean busy;
  private boolean closed;
  private Throwable failure;

  /**
   * When it does what nobody asks it for.
   *
   * @param patience how long one topic, or Kafka as a whole, may go wrong before it gives up;
   *     longer than a broker's restart
   * @param look how long no table goes without being looked at: others than the mirror change
   *     tables too, and expire what they changed
   */
  record Pace(Duration patience, Duration look) {}

  private Publishing(PublishScope scope, Consumer<Throwable> onFailure, Pace pace) {
    this.scope = scope;
    this.onFailure = onFailure;
    this.failures = new PublishFailures(pace.patience());
    this.lookNanos = pace.look().toNanos();
    thread.setDaemon(true);
  }

  /**
   * Publishes what a mirror commits, beginning with what is in its lake and not published yet.
   *
   * @param catalog stays the caller's, who closes it after this
   * @param onFailure told when it has given up
   */
  public static Publisher start(
      MirrorPlan plan, LakeCatalog catalog, SecretSource secrets, Consumer<Throwable> onFailure) {
    return start(plan, catalog, secrets, onFailure, USUAL);
  }

  static Publisher start(
      MirrorPlan plan,
      LakeCatalog catalog,
      SecretSource secrets,
      Consumer<Throwable> onFailure,
      Pace pace) {
    if (plan.spec().publishing().isEmpty()) {
      return NONE;
    }
    var publish = plan.spec().publish();
    PublishScope scope =
        new PublishScope(
            plan,
            publish,
            PublishedTable.of(plan, publish),
            catalog,
            new PublishClients(publish, secrets));
    Publishing publishing = new Publishing(scope, onFailure, pace);
    publishing.waiting.addAll(scope.tables().keySet());
    publishing.thread.start();
    return publishing;
  }

  /** Looks at the ledger too: others than the mirror's job may have written to it. */
  @Override
  public void committed(String table) {
    lock.lock();
    try {
      for (String concerned : List.of(table, OwnTable.LEDGER.tableName())) {
        if (scope.tables().containsKey(concerned)) {
          waiting.add(concerned);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void drain() throws InterruptedException {
    lock.lock();
    try {
      waiting.addAll(scope.tables().keySet());
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

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!ended()) {
        session();
      }
    } catch (InterruptedException e) {
      LOG.debug("Publishing was interrupted");
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** From the opening of a session to its first failure. */
  private void session() throws InterruptedException {
    String at = scope.publish().controlTopic();
    try (PublishSession session = PublishSession.open(scope)) {
      failures.opened();
      failures.none(at);
      for (Optional<String> next = take(); next.isPresent(); next = take()) {
        PublishedTable table = scope.tables().get(next.get());
        at = table.topic();
        session.publish(table);
        done();
        failures.none(at);
      }
    } catch (RuntimeException e) {
      again();
      if (ended() || Thread.interrupted()) {
        throw new InterruptedException("publishing was closed");
      }
      Thread.sleep(failures.pauseMillis(e, at));
    }
  }

  /** The next table to publish, once there is one; empty when it is closed. */
  private Optional<String> take() throws InterruptedException {
    lock.lock();
    try {
      lookInTime();
      while (waiting.isEmpty() && !closed) {
        changed.awaitNanos(lookedNanos + lookNanos - System.nanoTime());
        lookInTime();
      }
      if (closed) {
        return Optional.empty();
      }
      String table = waiting.iterator().next();
      waiting.remove(table);
      busy = true;
      return Optional.of(table);
    } finally {
      lock.unlock();
    }
  }

  /** Adds all tables, if that was not done for long. */
  private void lookInTime() {
    long nowNanos = System.nanoTime();
    if (nowNanos - lookedNanos >= lookNanos) {
      lookedNanos = nowNanos;
      waiting.addAll(scope.tables().keySet());
    }
  }

  private void done() {
    lock.lock();
    try {
      busy = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was under way is looked at once more. */
  private void again() {
    lock.lock();
    try {
      busy = false;
      waiting.addAll(scope.tables().keySet());
    } finally {
      lock.unlock();
    }
  }

  private boolean ended() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onFailure.accept(cause);
  }
}
