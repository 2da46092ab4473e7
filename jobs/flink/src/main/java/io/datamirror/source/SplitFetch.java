package io.datamirror.source;

import io.datamirror.connect.Aside;
import io.datamirror.connect.HeldConnection;
import io.datamirror.source.SourceProgress.Work;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads splits one after the other, batch by batch. When reading fails, the split is opened again
 * after its last batch: what was read of the broken batch was handed to nobody.
 */
final class SplitFetch implements SplitReader<Batch, MirrorSplit> {

  private static final Logger LOG = LoggerFactory.getLogger(SplitFetch.class);

  /** Drivers ask their server to end a query, and may try that for minutes. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(1);

  /** Readings that begin anew come to the same failure again: by then it is one that stays. */
  private static final int MOST_BEGUN_ANEW = 5;

  private final SplitOpener opener;
  private final HeldConnection connection;
  private final SourceSettings settings;
  private final SourceProgress board;
  private final AtomicReference<Thread> fetching;
  private final Retries retries;
  private final Deque<MirrorSplit> splits = new ArrayDeque<>();
  private final Object lock = new Object();
  private OpenSplit open;
  private boolean woken;
  private boolean delivered;
  private int brokenAnew;
  private long notBeforeNanos = System.nanoTime();

  /**
   * @param fetching holds the thread that is inside {@link #fetch} or {@link #close}, for those who
   *     must end it
   */
  SplitFetch(
      SplitOpener opener,
      HeldConnection connection,
      SourceSettings settings,
      SourceProgress board,
      AtomicReference<Thread> fetching) {
    this.opener = opener;
    this.connection = connection;
    this.settings = settings;
    this.board = board;
    this.fetching = fetching;
    this.retries = new Retries(settings.retryLimit());
  }

  @Override
  public RecordsWithSplitIds<Batch> fetch() {
    MirrorSplit split = splits.peek();
    fetching.set(Thread.currentThread());
    try {
      return split == null || awaitRetry() ? nothing() : fetch(split);
    } catch (SQLException | IOException | RuntimeException e) {
      return afterFailure(split, e);
    } finally {
      fetching.set(null);
      synchronized (lock) {
        woken = false;
      }
    }
  }

  private RecordsWithSplitIds<Batch> fetch(MirrorSplit split) throws SQLException, IOException {
    OpenSplit reading = opened(split);
    if (reading == null) {
      return nothing();
    }
    Batch batch = reading.next();
    retries.succeeded();
    board.works(Work.READING, split.table());
    splits.remove();
    delivered = !batch.last();
    if (batch.last()) {
      brokenAnew = 0;
      closeSplit();
    } else {
      splits.addFirst(split.at(batch.after()));
    }
    Set<String> finished = batch.last() ? Set.of(split.splitId()) : Set.of();
    return new RecordsBySplits<>(Map.of(split.splitId(), List.of(batch)), finished);
  }

  /** The open split; null when somebody woke this thread meanwhile. */
  private OpenSplit opened(MirrorSplit split) throws SQLException, IOException {
    OpenSplit opened = open == null ? opener.open(split) : open;
    synchronized (lock) {
      open = opened;
      return woken ? null : opened;
    }
  }

  /** Waits until the next try; whether it was woken instead. */
  private boolean awaitRetry() {
    synchronized (lock) {
      long leftMillis = (notBeforeNanos - System.nanoTime()) / 1_000_000;
      while (!woken && leftMillis > 0) {
        try {
          lock.wait(leftMillis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return true;
        }
        leftMillis = (notBeforeNanos - System.nanoTime()) / 1_000_000;
      }
      return woken;
    }
  }

  private RecordsWithSplitIds<Batch> afterFailure(MirrorSplit split, Exception failure) {
    boolean cancelled;
    synchronized (lock) {
      cancelled = woken;
    }
    // What it reads before it comes to where it fails succeeds every time, and counts for nothing.
    boolean inVain = delivered && open != null && open.begin() == OpenSplit.Begin.ANEW;
    delivered = false;
    closeSplit();
    connection.drop();
    if (cancelled) {
      return nothing();
    }
    long nowMillis = System.nanoTime() / 1_000_000;
    if (!Failures.passing(failure)) {
      boolean ofSource = !(split instanceof RecallSplit);
      if (ofSource && Failures.ofTable(failure)) {
        return returned(split, failure);
      }
      if (ofSource && Failures.historyLost(failure) && opener.hasBase(split)) {
        throw Failures.fatal(
            opener.doubts(split)
                ? Failures.windowDoubtful(failure, split.table())
                : Failures.windowLost(failure, split.table()));
      }
      throw Failures.fatal(Failures.named(failure, split.table()));
    }
    if (inVain && ++brokenAnew == MOST_BEGUN_ANEW) {
      throw Failures.exhausted(failure, split.table());
    }
    if (retries.exhausted(failure, nowMillis)) {
      throw Failures.exhausted(failure, split.table(), settings, retries, nowMillis);
    }
    long delayMillis = retries.delayMillis(failure, nowMillis);
    board.fails(Work.READING, split.table(), Failures.kind(failure));
    LOG.warn(
        "Reading {} again in {} ms after {}", split.splitId(), delayMillis, Failures.kind(failure));
    notBeforeNanos = System.nanoTime() + delayMillis * 1_000_000;
    return nothing();
  }

  /** The split goes back as it is; other tables can still be read. */
  private RecordsWithSplitIds<Batch> returned(MirrorSplit split, Exception failure) {
    LOG.warn("Giving {} back after {}", split.splitId(), Failures.kind(failure));
    splits.remove();
    brokenAnew = 0;
    retries.succeeded();
    board.works(Work.READING, split.table());
    Batch batch = new Batch(List.of(), 0, 0, split.reading().returned());
    return new RecordsBySplits<>(Map.of(split.splitId(), List.of(batch)), Set.of(split.splitId()));
  }

  private static RecordsWithSplitIds<Batch> nothing() {
    return new RecordsBySplits<>(Map.of(), Set.of());
  }

  @Override
  public void handleSplitsChanges(SplitsChange<MirrorSplit> change) {
    splits.addAll(change.splits());
  }

  /**
   * Ends a running query: it is asked again from where it was, should this reader go on. Returns
   * soon, whatever the source does: it is the task's own thread that calls this.
   */
  @Override
  public void wakeUp() {
    OpenSplit reading;
    synchronized (lock) {
      woken = true;
      reading = open;
      lock.notifyAll();
    }
    if (reading != null && fetching.get() != null) {
      Aside.run("data-mirror-cancel", CANCEL_PATIENCE, reading::cancel);
    }
  }

  private void closeSplit() {
    OpenSplit closing;
    synchronized (lock) {
      closing = open;
      open = null;
    }
    if (closing == null) {
      return;
    }
    try {
      closing.close();
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.debug("A split did not close", e);
      connection.drop();
    }
  }

  @Override
  public void close() {
    fetching.set(Thread.currentThread());
    try {
      closeSplit();
    } finally {
      fetching.set(null);
    }
  }
}
