package io.datamirror.publish;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OwnTable;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.SecretSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes in a thread of its own, so that commits never wait for Kafka. After a failure it begins
 * again from the marks, for as long as its patience lasts.
 */
public final class Publishing implements Publisher {

  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  /** Longer than a broker's restart; and often, where snapshots are kept for hours. */
  private static final Pace PACE = new Pace(Duration.ofMinutes(5), Duration.ofHours(1));

  private static final long CLOSE_MILLIS = 60_000;

  private final PublishScope scope;
  private final Consumer<Throwable> onFailure;
  private final PublishFailures failures;
  private final Turns turns;
  private final Thread thread = new Thread(this::run, "mirror-publish");

  /**
   * @param patience how long one topic, or Kafka as a whole, may go wrong before it gives up
   * @param look after how long it looks at every table, whether it was told of commits or not
   */
  record Pace(Duration patience, Duration look) {}

  private Publishing(PublishScope scope, Consumer<Throwable> onFailure, Pace pace) {
    this.scope = scope;
    this.onFailure = onFailure;
    this.failures = new PublishFailures(pace.patience(), System::nanoTime);
    this.turns = new Turns(scope.tables().keySet(), pace.look(), System::nanoTime);
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
    return start(plan, catalog, secrets, onFailure, PACE);
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
    publishing.thread.start();
    return publishing;
  }

  /** Looks at the ledger too: others than the mirror's job may have written to it. */
  @Override
  public void committed(String table) {
    turns.add(List.of(table, OwnTable.LEDGER.tableName()));
  }

  @Override
  public void drain() throws InterruptedException {
    turns.drain();
  }

  @Override
  public void close() {
    turns.close();
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!turns.closed()) {
        session();
      }
    } catch (InterruptedException e) {
      LOG.debug("Publishing was interrupted");
    } catch (RuntimeException | Error e) {
      turns.fail(e);
      onFailure.accept(e);
    }
  }

  /** From the opening of a session to its first failure. */
  private void session() throws InterruptedException {
    Optional<PublishedTable> turn = Optional.empty();
    try (PublishSession session = PublishSession.open(scope)) {
      failures.none(scope.publish().controlTopic());
      for (turn = next(); turn.isPresent(); turn = next()) {
        PublishedTable table = turn.get();
        session.publish(table);
        turns.done();
        failures.none(table.topic());
      }
    } catch (RuntimeException e) {
      turns.again();
      if (turns.closed() || Thread.interrupted()) {
        throw new InterruptedException("publishing was closed");
      }
      pause(e, turn);
    }
  }

  private Optional<PublishedTable> next() throws InterruptedException {
    return turns.take().map(scope.tables()::get);
  }

  private void pause(RuntimeException cause, Optional<PublishedTable> turn)
      throws InterruptedException {
    String topic = turn.map(PublishedTable::topic).orElse(scope.publish().controlTopic());
    long millis = failures.pauseMillis(cause, topic);
    if (turn.isPresent() && ofTable(cause)) {
      turns.pause(turn.get().name(), millis);
    } else {
      Thread.sleep(millis);
    }
  }

  /**
   * Others need not wait for a table. They would meet the same in a lake that is away, and be shut
   * out like this one; whether Kafka itself is away, the next opening tells.
   */
  private static boolean ofTable(RuntimeException cause) {
    return !(cause instanceof MirrorException) && !PublishErrors.shutOut(cause);
  }
}
