package io.datamirror.source;

import io.datamirror.connect.Aside;
import io.datamirror.connect.HeldConnection;
import io.datamirror.stream.MirrorRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.SourceReaderOptions;
import org.apache.flink.core.io.InputStatus;

/**
 * Reads splits, one at a time over one connection, and asks for the next.
 *
 * <p>What it finished stays part of its state until the enumerator says that it knows: news between
 * a checkpoint of the enumerator and one of the reader would be lost if the job went back to it.
 */
final class MirrorSourceReader
    extends SingleThreadMultiplexSourceReaderBase<Batch, MirrorRecord, MirrorSplit, ReadSplit> {

  /** A query that was cancelled should have ended by then; if not, its connection is cut. */
  private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

  private static final Duration LAKE_PATIENCE = Duration.ofSeconds(1);

  private final SplitOpener opener;
  private final HeldConnection connection;
  private final AtomicReference<Thread> fetching;
  private final List<MirrorSplit> restored = new ArrayList<>();
  private final Map<String, MirrorSplit> unknown = new LinkedHashMap<>();
  private boolean started;
  private OptionalLong checkpoint = OptionalLong.empty();
  private long watermarkMillis = Long.MIN_VALUE;
  private long emittedMillis = Long.MIN_VALUE;

  /**
   * @param fetching holds the thread that reads, while it does
   */
  MirrorSourceReader(
      SplitOpener opener,
      HeldConnection connection,
      SourceSettings settings,
      SourceProgress board,
      SourceReaderContext context) {
    this(opener, connection, new AtomicReference<>(), settings, board, context);
  }

  private MirrorSourceReader(
      SplitOpener opener,
      HeldConnection connection,
      AtomicReference<Thread> fetching,
      SourceSettings settings,
      SourceProgress board,
      SourceReaderContext context) {
    super(
        () -> new SplitFetch(opener, connection, settings, board, fetching),
        new BatchEmitter(board, context.metricGroup().getNumRecordsInErrorsCounter()),
        closingSoon(context.getConfiguration()),
        context);
    this.opener = opener;
    this.connection = connection;
    this.fetching = fetching;
  }

  private static Configuration closingSoon(Configuration configuration) {
    Configuration changed = new Configuration(configuration);
    changed.set(SourceReaderOptions.SOURCE_READER_CLOSE_TIMEOUT, CLOSE_TIMEOUT_MILLIS);
    return changed;
  }

  /** Tells what it begins with, even if that is nothing: the enumerator may be waiting for it. */
  @Override
  public void start() {
    super.start();
    started = true;
    List<Ticket> reading = restored.stream().map(Ticket::of).toList();
    context.sendSourceEventToCoordinator(new ReaderEvent.Started(reading, finished()));
    if (restored.isEmpty()) {
      context.sendSplitRequest();
    }
    restored.clear();
  }

  private List<Finished> finished() {
    return unknown.values().stream().map(Finished::of).toList();
  }

  @Override
  public void addSplits(List<MirrorSplit> splits) {
    List<MirrorSplit> unread = new ArrayList<>();
    for (MirrorSplit split : splits) {
      if (!opener.knows(split)) {
        continue;
      }
      if (ended(split.reading().step())) {
        unknown.put(split.splitId(), split);
      } else {
        unread.add(split);
      }
    }
    if (!started) {
      restored.addAll(unread);
      unread.forEach(opener::doubt);
    }
    if (!unread.isEmpty()) {
      super.addSplits(unread);
    }
  }

  private static boolean ended(Reading.Step step) {
    return switch (step) {
      case DONE, RETURNED -> true;
      case NEW, BEGUN -> false;
    };
  }

  @Override
  public InputStatus pollNext(ReaderOutput<MirrorRecord> output) throws Exception {
    if (checkpoint.isPresent()) {
      context.sendSourceEventToCoordinator(new ReaderEvent.GoesOn(checkpoint.getAsLong()));
      checkpoint = OptionalLong.empty();
    }
    if (watermarkMillis > emittedMillis) {
      emittedMillis = watermarkMillis;
      output.emitWatermark(new Watermark(emittedMillis));
    }
    return super.pollNext(output);
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof EnumeratorEvent.Watermark told) {
      watermarkMillis = told.millis();
      splitFetcherManager.getQueue().notifyAvailable();
    } else if (event instanceof EnumeratorEvent.Known known) {
      known.splitIds().forEach(unknown::remove);
    }
  }

  /** After a savepoint that ends the job nobody polls, so that a poll proves that it goes on. */
  @Override
  public List<MirrorSplit> snapshotState(long checkpointId) {
    checkpoint = OptionalLong.of(checkpointId);
    splitFetcherManager.getQueue().notifyAvailable();
    List<MirrorSplit> splits = new ArrayList<>(super.snapshotState(checkpointId));
    splits.addAll(unknown.values());
    return splits;
  }

  @Override
  protected void onSplitFinished(Map<String, ReadSplit> finished) {
    List<Finished> news = new ArrayList<>();
    for (ReadSplit read : finished.values()) {
      MirrorSplit split = read.split();
      unknown.put(split.splitId(), split);
      news.add(Finished.of(split));
    }
    context.sendSourceEventToCoordinator(new ReaderEvent.Read(news));
    if (getNumberOfCurrentlyAssignedSplits() == 0) {
      context.sendSplitRequest();
    }
  }

  @Override
  protected ReadSplit initializedState(MirrorSplit split) {
    return new ReadSplit(split);
  }

  @Override
  protected MirrorSplit toSplitType(String splitId, ReadSplit read) {
    return read.split();
  }

  /**
   * Returns soon, whether source and lake answer or not: Flink ends the whole process when a task
   * that is cancelled does not end.
   */
  @Override
  public void close() throws Exception {
    try {
      super.close();
    } finally {
      Aside.run("data-mirror-close-lake", LAKE_PATIENCE, opener::close);
      Thread stuck = fetching.get();
      if (stuck == null) {
        connection.close();
      } else {
        connection.abort();
        stuck.interrupt();
      }
    }
  }
}
