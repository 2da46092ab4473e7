package io.datamirror.source;

import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.SourceProgress.Work;
import io.datamirror.spec.OnHistoryLost;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schedule together with Flink: has its questions answered by other threads, and hands
 * its splits to readers that ask. All else runs in the coordinator's one thread.
 */
final class MirrorEnumerator implements SplitEnumerator<MirrorSplit, MirrorEnumeratorState> {

  private static final Logger LOG = LoggerFactory.getLogger(MirrorEnumerator.class);
  private static final long TICK_MILLIS = 50;

  private final SplitEnumeratorContext<MirrorSplit> context;
  private final MirrorPlan plan;
  private final SourceSettings settings;
  private final MirrorSchedule schedule;
  private final PlanningThreads planning;
  private final LongSupplier clock;
  private final Audience audience;
  private final Connected connected;
  private final SourceProgress board;
  private final Map<String, Retries> retries = new HashMap<>();
  private final Set<Integer> waiting = new LinkedHashSet<>();
  private final AtomicLong unassigned = new AtomicLong();

  MirrorEnumerator(
      SplitEnumeratorContext<MirrorSplit> context,
      MirrorPlan plan,
      SourceSettings settings,
      MirrorSchedule schedule,
      PlanningThreads planning) {
    this(context, plan, settings, schedule, planning, () -> System.nanoTime() / 1_000_000);
  }

  /**
   * @param clock milliseconds that only count up; since when is nobody's concern
   */
  MirrorEnumerator(
      SplitEnumeratorContext<MirrorSplit> context,
      MirrorPlan plan,
      SourceSettings settings,
      MirrorSchedule schedule,
      PlanningThreads planning,
      LongSupplier clock) {
    this.context = context;
    this.plan = plan;
    this.settings = settings;
    this.schedule = schedule;
    this.planning = planning;
    this.clock = clock;
    this.audience = new Audience(context);
    int most = MirrorSource.readers(plan, Integer.MAX_VALUE);
    this.connected = new Connected(context, most, schedule.state().tables());
    this.board = SourceProgress.of(plan.spec().mirror(), settings.board());
    plan.tables().forEach(table -> retries.put(table.name(), new Retries(settings.retryLimit())));
  }

  @Override
  public void start() {
    requireSameLaw();
    context.metricGroup().setUnassignedSplitsGauge(unassigned::get);
    SourceMetrics.register(context.metricGroup(), plan, board);
    context.callAsync(() -> true, (tick, failure) -> proceed(), 0, TICK_MILLIS);
  }

  /** Not while state is restored: Flink may be too early then to take notice of a failure. */
  private void requireSameLaw() {
    try {
      schedule.requireSameLaw();
    } catch (MirrorException e) {
      throw Failures.fatal(e);
    }
  }

  /** Asks what can be asked, hands out what can be read, and tells how far it has come. */
  private void proceed() {
    try {
      schedule.questions(clock.getAsLong()).forEach(this::ask);
      // In this order: a reader that is told to end hears all that concerns it before.
      audience.tellKnown();
      tellWatermark();
      handOut();
    } catch (MirrorException e) {
      throw Failures.fatal(e);
    }
    schedule.progress().forEach(board::tell);
    unassigned.set(schedule.pending());
  }

  private void ask(Question question) {
    planning.ask(question, (answer, failure) -> accept(question, answer, failure));
  }

  private void accept(Question question, Answer answer, Throwable failure) {
    String table = question.table().name();
    if (failure == null) {
      heard(table);
      answered(question, answer);
    } else if (Failures.historyLost(failure) && mayContinue(question)) {
      LOG.warn(
          "Going on with what is left of {}: {}",
          table,
          Failures.named(failure, table).getMessage());
      heard(table);
      answered(question, new Answer.Continues());
    } else if (Failures.historyLost(failure) && mayReadAgain(question)) {
      LOG.warn("Reading {} anew: the source no longer has its changes", table);
      heard(table);
      readAgain(table);
    } else if (Failures.ofTable(failure) && planning.stopsTables()) {
      heard(table);
      Problem problem = Problem.of(Failures.named(failure, table));
      answered(question, new Answer.Refused(problem));
      planning.stopped(question.table(), problem);
    } else {
      postpone(question, failure);
    }
    proceed();
  }

  /** The source did answer, if not as one would wish. */
  private void heard(String table) {
    retries.get(table).succeeded();
    board.works(Work.PLANNING, table);
  }

  private void readAgain(String table) {
    try {
      schedule.table(table).readAgain();
    } catch (MirrorException e) {
      throw Failures.fatal(e);
    }
  }

  /** A table whose rows cannot be read: the reader has given back what it had of it. */
  private void stopReturned(List<Finished> news) {
    for (Finished split : news) {
      if (split.returned() == null) {
        continue;
      }
      TableSchedule table = schedule.table(split.table());
      if (table == null || table.refused().isEmpty()) {
        continue;
      }
      Problem problem = table.refused().get();
      if (!planning.stopsTables()) {
        throw Failures.fatal(
            new MirrorException(
                problem.code(), problem.path(), problem.sentence(), problem.nextStep()));
      }
      LOG.error("{}", problem.text());
      planning.stopped(table.plan(), problem);
    }
  }

  private boolean mayContinue(Question question) {
    boolean seesContinuation =
        question instanceof Question.SeeContinuation || question instanceof Question.SeeWindow;
    return seesContinuation && plan.spec().source().onHistoryLost() == OnHistoryLost.CONTINUE;
  }

  private boolean mayReadAgain(Question question) {
    boolean wanted = plan.spec().source().onHistoryLost() == OnHistoryLost.SNAPSHOT;
    return wanted
        && switch (question.table().feed().snapshot()) {
          case NONE -> false;
          // Some of the window may have been read, and be in no commit yet.
          case MOVING -> !(question instanceof Question.SeeWindow);
          // To ask for another one would end the same way.
          case PINNED -> !(question instanceof Question.PlanSnapshot);
        };
  }

  private void answered(Question question, Answer answer) {
    TableSchedule table = schedule.table(question.table().name());
    boolean wasStopped = table.refused().isPresent();
    if (answer instanceof Answer.Refused refused
        && !table.refused().equals(Optional.of(refused.problem()))) {
      LOG.error("{}", refused.problem().text());
    }
    try {
      schedule.answered(question, answer, clock.getAsLong());
    } catch (MirrorException e) {
      throw Failures.fatal(e);
    }
    if (wasStopped && table.refused().isEmpty()) {
      planning.goesOn(question.table());
    }
  }

  private void postpone(Question question, Throwable failure) {
    String table = question.table().name();
    long nowMillis = clock.getAsLong();
    Retries tried = retries.get(table);
    if (!Failures.passing(failure)) {
      throw Failures.fatal(told(question, failure));
    }
    if (tried.exhausted(failure, nowMillis)) {
      throw Failures.exhausted(failure, table, settings, tried, nowMillis);
    }
    long delayMillis = tried.delayMillis(failure, nowMillis);
    board.fails(Work.PLANNING, table, Failures.kind(failure));
    LOG.warn("Asking again for {} in {} ms after {}", table, delayMillis, Failures.kind(failure));
    schedule.table(table).postponed(nowMillis + delayMillis);
  }

  private static MirrorException told(Question question, Throwable failure) {
    boolean doubtful =
        question instanceof Question.SeeWindow
            && Failures.historyLost(failure)
            && question.table().feed().snapshot() != Snapshot.NONE;
    String table = question.table().name();
    return doubtful ? Failures.windowDoubtful(failure, table) : Failures.named(failure, table);
  }

  private void handOut() {
    for (Integer reader : List.copyOf(waiting)) {
      if (!context.registeredReaders().containsKey(reader)) {
        waiting.remove(reader);
        continue;
      }
      if (!audience.hears(reader) || !connected.mayServe(reader)) {
        continue;
      }
      var split = schedule.take();
      if (split.isEmpty()) {
        break;
      }
      waiting.remove(reader);
      connected.serve(reader);
      audience.assign(split.get(), reader);
    }
    if (schedule.done() && !schedule.awaitingReaders()) {
      List<Integer> ending = waiting.stream().filter(audience::hears).toList();
      ending.forEach(audience::end);
      ending.forEach(waiting::remove);
    }
  }

  private void tellWatermark() {
    long watermarkMillis = schedule.watermarkMillis();
    if (watermarkMillis != Long.MIN_VALUE && !schedule.awaitingReaders()) {
      audience.tellWatermark(watermarkMillis);
    }
  }

  @Override
  public void handleSplitRequest(int reader, String hostName) {
    waiting.add(reader);
    proceed();
  }

  @Override
  public void handleSourceEvent(int reader, SourceEvent event) {
    if (event instanceof ReaderEvent.Read read) {
      finished(reader, read.finished());
    } else if (event instanceof ReaderEvent.Started started) {
      audience.started(reader);
      connected.started(reader, started);
      schedule.readerStarted(reader, started).forEach(planning::goesOn);
      finished(reader, started.finished());
    } else if (event instanceof ReaderEvent.GoesOn goesOn) {
      audience.goesOn(reader, goesOn.checkpointId());
    }
    proceed();
  }

  private void finished(int reader, List<Finished> news) {
    if (!news.isEmpty()) {
      schedule.finished(news);
      stopReturned(news);
      audience.known(reader, news);
    }
  }

  @Override
  public void addSplitsBack(List<MirrorSplit> splits, int reader) {
    waiting.remove(reader);
    connected.failed(reader);
    schedule.readerFailed(reader, splits);
  }

  /** Nothing to do: a reader says itself what it begins with, see {@link ReaderEvent.Started}. */
  @Override
  public void addReader(int reader) {}

  @Override
  public MirrorEnumeratorState snapshotState(long checkpointId) {
    audience.checkpointBegins(checkpointId);
    schedule.checkpointBegins(checkpointId);
    return schedule.state();
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    audience.checkpointCompleted(checkpointId);
    schedule.checkpointCompleted(checkpointId);
    proceed();
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) {
    audience.checkpointAborted(checkpointId);
    proceed();
  }

  @Override
  public void close() throws IOException {
    try {
      planning.close();
    } catch (Exception e) {
      throw new IOException("the source's planning did not close", e);
    }
  }
}
