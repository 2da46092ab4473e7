package io.datamirror.source;

import io.datamirror.connect.HeldConnection;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.SourceSettings.Board;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.testkit.FaultPlan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;

/**
 * Reads a mirror until now with one enumerator and one reader, as a job would. When one of them
 * hangs, it is cancelled, and another one takes over from the state of the first.
 */
final class FaultRun implements AutoCloseable {

  /** How a call is waited for. */
  enum Hangs {
    EXPECTED(Duration.ofMillis(150)),
    NEVER(Duration.ofSeconds(30));

    private final Duration patience;

    Hangs(Duration patience) {
      this.patience = patience;
    }
  }

  private final MirrorPlan plan;
  private final FaultPlan faults;
  private final Hangs hangs;
  private final SourceConnections connections;
  private final SourceSettings settings =
      SourceSettings.of(Until.NOW).withChunkRows(30).withBatchRows(7);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<MirrorSplit> splits = new ArrayDeque<>();
  private final List<String> records = new ArrayList<>();
  private int everyRecords = Integer.MAX_VALUE;
  private Runnable between = () -> {};
  private FakeEnumeratorContext context;
  private SplitEnumerator<MirrorSplit, MirrorEnumeratorState> enumerator;
  private HeldConnection held;
  private AtomicReference<Thread> fetching;
  private SplitFetch fetch;
  Duration longestCancel = Duration.ZERO;

  FaultRun(MirrorPlan plan, FaultPlan faults, Hangs hangs) {
    this.plan = plan;
    this.faults = faults;
    this.hangs = hangs;
    this.connections = SourceConnections.to(plan.spec().source());
    startEnumerator(MirrorSchedule.fresh(plan, rules()));
    startReader();
  }

  private ScheduleRules rules() {
    return ScheduleRules.of(settings, plan.spec().source());
  }

  private void startEnumerator(MirrorSchedule schedule) {
    context = new FakeEnumeratorContext();
    context.register(0);
    Planning planning =
        new Planning(
            settings,
            plan,
            table -> LakeStart.NOTHING,
            new PlanningConnections(() -> new HeldConnection(connections, Duration.ZERO)));
    enumerator =
        new MirrorEnumerator(context, plan, settings, schedule, context.inOneThread(planning));
    enumerator.start();
    List<Ticket> reading = splits.stream().map(Ticket::of).toList();
    enumerator.handleSourceEvent(0, new ReaderEvent.Started(reading, List.of()));
  }

  private void startReader() {
    held = new HeldConnection(connections, Duration.ZERO);
    fetching = new AtomicReference<>();
    SplitOpener opener = new SplitOpener(plan, settings, NothingRecalled.INSTANCE, held);
    fetch =
        new SplitFetch(opener, held, settings, SourceProgress.of("faults", Board.OWN), fetching);
    if (!splits.isEmpty()) {
      fetch.handleSplitsChanges(new SplitsAddition<>(List.copyOf(splits)));
    }
  }

  /** Does something whenever so many more records have been delivered. */
  void afterEach(int count, Runnable doing) {
    everyRecords = count;
    between = doing;
  }

  /** Everything that was delivered. */
  List<String> readAll() throws Exception {
    while (context.ended.isEmpty()) {
      if (splits.isEmpty()) {
        askForSplit();
      } else {
        readBatch();
      }
    }
    return records;
  }

  private void askForSplit() throws Exception {
    MirrorEnumeratorState before = enumerator.snapshotState(1);
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    Future<?> asked =
        threads.submit(
            () -> {
              worker.complete(Thread.currentThread());
              enumerator.handleSourceEvent(0, new ReaderEvent.GoesOn(1));
              enumerator.handleSplitRequest(0, null);
              context.tick();
            });
    worker.get();
    if (!endsSoon(asked)) {
      long start = System.nanoTime();
      enumerator.close();
      worker.get().interrupt(); // as Flink does when it closes the coordinator
      finish(asked);
      cancelled(start);
      startEnumerator(MirrorSchedule.restored(plan, rules(), before));
      return;
    }
    List<MirrorSplit> given = context.assigned.remove(0);
    if (given != null) {
      splits.addAll(given);
      fetch.handleSplitsChanges(new SplitsAddition<>(given));
    }
  }

  private void readBatch() throws Exception {
    Future<RecordsWithSplitIds<Batch>> fetched = threads.submit(fetch::fetch);
    if (!endsSoon(fetched)) {
      long start = System.nanoTime();
      fetch.wakeUp();
      if (!endsSoon(fetched)) {
        held.abort();
        Thread stuck = fetching.get();
        if (stuck != null) {
          stuck.interrupt();
        }
        finish(fetched);
      }
      cancelled(start);
      held.abort();
      startReader();
      return;
    }
    emit(fetched.get());
  }

  private void emit(RecordsWithSplitIds<Batch> fetched) {
    if (fetched.nextSplit() == null) {
      return;
    }
    Batch batch = fetched.nextRecordFromSplit();
    batch.records().forEach(this::keep);
    MirrorSplit read = splits.remove().at(batch.after());
    if (batch.last()) {
      enumerator.handleSourceEvent(0, new ReaderEvent.Read(List.of(Finished.of(read))));
    } else {
      splits.addFirst(read);
    }
  }

  private void keep(MirrorRecord record) {
    records.add(Collector.text(record));
    if (records.size() % everyRecords == 0) {
      between.run();
    }
  }

  private void cancelled(long startNanos) {
    Duration taken = Duration.ofNanos(System.nanoTime() - startNanos);
    longestCancel = longestCancel.compareTo(taken) > 0 ? longestCancel : taken;
  }

  /**
   * Whether a call ends by itself; one is only suspected of hanging once the fault has happened.
   */
  private boolean endsSoon(Future<?> call) throws Exception {
    while (true) {
      try {
        call.get(hangs.patience.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (faults.fired()) {
          return false;
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception failure ? failure : e;
      }
    }
  }

  private static void finish(Future<?> call) throws Exception {
    try {
      call.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // It was cancelled: how it ended is nobody's concern.
      return;
    }
  }

  @Override
  public void close() throws Exception {
    enumerator.close();
    held.abort();
    threads.shutdownNow();
  }
}
