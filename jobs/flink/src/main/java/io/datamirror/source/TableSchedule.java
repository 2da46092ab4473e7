package io.datamirror.source;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.source.TableState.Current;
import io.datamirror.source.Ticket.Kind;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.TieRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is read of one table, and when: what the lake knows of it, then its base table, then its
 * changes window by window. The next window is planned when every chunk of the one before was read.
 *
 * <p>Asks nothing itself: it says what has to be asked and is told what came of it. Times are those
 * of the caller's clock, unless they are named after the source's.
 */
final class TableSchedule {

  private static final long NO_CHECKPOINT = -1;
  private static final long LAKE_POLL_MILLIS = 500;
  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final long NOT_ENDED = Long.MAX_VALUE;

  private final ScheduleRules rules;
  private final HandedOut splits;
  private final Pace pace;
  private final Lanes lanes;

  private TablePlan plan;
  private FeedRevision revision;
  private Problem refused;
  private Identity identity;
  private Phase phase;
  private Position last;
  private boolean labelled;
  private long nextWindow;
  private long snapshotEndMillis;
  private Observed target;
  private long watermarkMillis;
  private Current current;

  private Observed seen;
  private long askedMillis;
  private long coveringCheckpoint = NO_CHECKPOINT;
  private long settledMillis = UNKNOWN;

  TableSchedule(TablePlan plan, ScheduleRules rules, TableState state) {
    this.plan = plan;
    follow(state.revision());
    this.rules = rules;
    this.pace = new Pace(rules);
    this.lanes = new Lanes(rules.settleMillis());
    this.splits = new HandedOut(state.pending(), state.outstanding());
    this.identity = state.identity();
    this.phase = state.phase();
    this.last = state.last();
    this.labelled = state.labelled();
    this.nextWindow = state.nextWindow();
    this.snapshotEndMillis = state.snapshotEndMillis();
    this.target = rules.bounded() ? state.target() : null;
    this.seen = target;
    this.watermarkMillis = state.watermarkMillis();
    this.current = state.current();
    if (phase == Phase.RECALLED) {
      // The checkpoint that this state comes from is the one that was waited for.
      leaveRecall();
    }
    if (phase == Phase.DONE && target == null) {
      phase = Phase.CHANGES;
    }
  }

  /** What has to be asked now. It is answered once, by {@link #answered} or {@link #postponed}. */
  Optional<Question> question(long nowMillis) {
    askedMillis = nowMillis;
    if (!pace.mayAsk(nowMillis)) {
      return Optional.empty();
    }
    Optional<Question> question = Optional.ofNullable(nextQuestion());
    question.ifPresent(asked -> pace.asked());
    return question;
  }

  private Question nextQuestion() {
    if (refused != null && splits.anyPending()) {
      return new Question.LookAgain(plan, arity());
    }
    boolean targetMissing = rules.bounded() && target == null && last != null;
    return switch (phase) {
      case START -> new Question.AskLake(plan);
      case RECALL, RECALLED -> targetMissing ? new Question.SeeTarget(plan, identity, last) : null;
      case AGAIN ->
          splits.none() ? new Question.PlanSnapshot(plan, identity, seen, last, arity()) : null;
      case SNAPSHOT ->
          last == null && splits.none()
              ? new Question.PlanSnapshot(plan, identity, seen, null, arity())
              : null;
      case SNAPSHOT_READ -> splits.none() ? new Question.EndSnapshot(plan, last) : null;
      case CHANGES -> targetMissing ? new Question.SeeTarget(plan, identity, last) : nextWindow();
      case DONE, STOPPED -> null;
    };
  }

  private Question nextWindow() {
    if (!splits.none()) {
      return null;
    }
    if (rules.bounded() && labelled && plan.feed().compare(last, target.head()) >= 0) {
      phase = Phase.DONE;
      return null;
    }
    return new Question.PlanWindow(plan, identity, last, seen, arity());
  }

  /** The question was not answered; it is asked again then. */
  void postponed(long untilMillis) {
    pace.answered();
    pace.waitUntil(untilMillis);
  }

  /**
   * The question was answered.
   *
   * @param mirrorWatermarkMillis the watermark of the whole mirror now
   * @throws MirrorException when the answer means that the table can no longer be mirrored
   */
  void answered(Answer answer, long nowMillis, long mirrorWatermarkMillis) {
    pace.answered();
    if (answer instanceof Answer.InLake found) {
      begin(found.start());
    } else if (answer instanceof Answer.TargetSeen found) {
      target = found.target();
      seen = target;
    } else if (answer instanceof Answer.SnapshotPlanned planned) {
      readSnapshot(planned, mirrorWatermarkMillis);
    } else if (answer instanceof Answer.NotCommitted) {
      waitForLake(nowMillis);
    } else if (answer instanceof Answer.SnapshotEnded ended) {
      endSnapshot(ended.seen());
    } else if (answer instanceof Answer.WindowPlanned planned) {
      readWindow(planned, nowMillis, mirrorWatermarkMillis);
    } else if (answer instanceof Answer.NothingSettled nothing) {
      waitForMore(nothing, nowMillis, mirrorWatermarkMillis);
    } else if (answer instanceof Answer.Recreated recreated) {
      startOver(recreated.now());
    } else if (answer instanceof Answer.Refused stop) {
      refuse(stop.problem(), nowMillis);
    } else if (answer instanceof Answer.Fits fits) {
      refused = null;
      follow(fits.revision());
    }
  }

  private int arity() {
    return revision == null ? plan.layout().storedColumns().size() : revision.arity();
  }

  private void follow(FeedRevision changed) {
    if (changed != null) {
      revision = changed;
      plan = changed.of(plan);
    }
  }

  /**
   * The table is read no further for now. It is looked at again with every poll: should the source
   * become what it was, the table goes on from where it is.
   */
  private void refuse(Problem problem, long nowMillis) {
    refused = problem;
    pace.caughtUp(nowMillis);
  }

  /** Why the table is not read on; empty when it is. */
  Optional<Problem> refused() {
    return Optional.ofNullable(refused);
  }

  private void begin(LakeStart start) {
    Position first = plan.feed().snapshot() == Snapshot.NONE ? Position.BEGINNING : null;
    last = start.position().orElse(first);
    watermarkMillis = Math.max(watermarkMillis, start.watermarkMillis());
    phase = Phase.RECALL;
    for (int i = 0; i < start.recall().size(); i++) {
      splits.add(new RecallSplit(plan.name(), i, start.recall().get(i), Reading.NONE));
    }
    if (splits.none()) {
      leaveRecall();
    }
  }

  private void leaveRecall() {
    phase = last == null ? Phase.SNAPSHOT : Phase.CHANGES;
  }

  private void readSnapshot(Answer.SnapshotPlanned planned, long mirrorWatermarkMillis) {
    refused = null;
    follow(planned.revision());
    seen = null;
    if (planned.chunks().isEmpty()) {
      last = Position.BEGINNING;
      phase = Phase.CHANGES;
      return;
    }
    if (!planned.inLake().isEmpty() && plan.spec().tie() == TieRule.UPSERT_WINS) {
      throw impossible(
          "rows that its base table no longer has cannot be deleted, since by tie: upsert-wins"
              + " a row beats its own deletion");
    }
    phase = Phase.SNAPSHOT;
    last = planned.upTo().to();
    labelled = !moving();
    snapshotEndMillis = moving() ? NOT_ENDED : UNKNOWN;
    String label = moving() ? "" : last.text();
    open(planned.upTo(), planned.chunks(), planned.inLake(), label, mirrorWatermarkMillis);
  }

  /** Whether the base table goes on changing while it is read, so that it is of no one moment. */
  private boolean moving() {
    return plan.feed().snapshot() == Snapshot.MOVING;
  }

  private MirrorException impossible(String sentence) {
    return new MirrorException(
        ErrorCode.SNAPSHOT_IMPOSSIBLE,
        plan.name(),
        "its base table cannot be read anew: " + sentence,
        "Mirror it under another name, or drop the table in the lake and start without state.");
  }

  /** In batch nothing is committed before the end, so waiting would be for ever. */
  private void waitForLake(long nowMillis) {
    if (rules.recalled() == Recalled.AT_ONCE) {
      throw new MirrorException(
          ErrorCode.HISTORY_LOST,
          plan.name(),
          "its history was lost while it was being read in batch",
          "Start the mirror again: it then reads the base table anew.");
    }
    pace.waitUntil(nowMillis + LAKE_POLL_MILLIS);
  }

  private void endSnapshot(Observed after) {
    if (!splits.none()) {
      return; // a part of the base table came back while the clock was asked
    }
    snapshotEndMillis = after.clockMillis();
    seen = after;
    target = rules.bounded() ? after : null;
    labelled = last.beginning();
    phase = Phase.CHANGES;
  }

  private void readWindow(
      Answer.WindowPlanned planned, long nowMillis, long mirrorWatermarkMillis) {
    refused = null;
    follow(planned.revision());
    Window window = planned.window();
    boolean complete = window.settledMillis() >= snapshotEndMillis;
    boolean moves = plan.feed().compare(window.to(), last) > 0;
    last = window.to();
    settledMillis = Math.max(settledMillis, window.settledMillis());
    if (moves || complete && !labelled) {
      labelled = complete || last.beginning();
      open(window, planned.chunks(), List.of(), complete ? last.text() : "", mirrorWatermarkMillis);
    } else {
      advance(window.settledMillis());
    }
    if (plan.feed().more(window, planned.seen(), rules.settleMillis())) {
      seen = planned.seen();
      pace.moreAfter(window, seen, nowMillis);
    } else {
      seen = null;
      pace.caughtUp(nowMillis + unsettledMillis(window));
    }
  }

  /** For how long a bounded run has to wait until its target is settled. */
  private long unsettledMillis(Window window) {
    boolean reached = target == null || plan.feed().compare(target.head(), last) <= 0;
    boolean known = window.settledMillis() != UNKNOWN;
    return reached || !known ? 0 : Math.max(0, target.clockMillis() - window.settledMillis());
  }

  /**
   * @param inLake what to look for in the base table besides
   */
  private void open(
      Window window,
      List<Chunk> chunks,
      List<byte[]> inLake,
      String label,
      long mirrorWatermarkMillis) {
    WindowFrame frame =
        new WindowFrame(
            plan.name(),
            nextWindow,
            window,
            label,
            mirrorWatermarkMillis,
            watermarkMillis,
            revision);
    List<Chunk> parts = chunks.isEmpty() ? Collections.singletonList(null) : chunks;
    int count = parts.size() + (inLake.isEmpty() ? 0 : 1);
    List<ChunkSplit> planned = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      planned.add(new ChunkSplit(frame, i, count, parts.get(i), Reading.NONE));
    }
    planned.forEach(splits::add);
    lanes.planned(plan.feed()::lane, planned);
    if (!inLake.isEmpty()) {
      splits.add(new SweepSplit(frame, parts.size(), count, inLake, Reading.NONE));
    }
    current = new Current(nextWindow, count, window.settledMillis(), UNKNOWN);
    nextWindow++;
  }

  private void waitForMore(
      Answer.NothingSettled nothing, long nowMillis, long mirrorWatermarkMillis) {
    Observed observed = nothing.seen();
    boolean reading = phase == Phase.CHANGES && last != null;
    if (reading && plan.feed().compare(observed.head(), last) <= 0) {
      Window idle = new Window(last, last, observed.clockMillis());
      Answer.WindowPlanned empty = new Answer.WindowPlanned(idle, List.of(), observed);
      readWindow(empty, nowMillis, mirrorWatermarkMillis);
      return;
    }
    seen = observed;
    pace.unsettled(seen, nothing.clockMillis(), nowMillis);
  }

  /** A transaction that was open at the settled instant may bring times from before it. */
  private void advance(long settledClockMillis) {
    if (settledClockMillis == UNKNOWN) {
      return;
    }
    OptionalLong time =
        plan.feed().laned()
            ? lanes.timeMillis(settledClockMillis)
            : OptionalLong.of(settledClockMillis - rules.settleMillis());
    time.ifPresent(
        reached ->
            watermarkMillis = Math.max(watermarkMillis, Math.min(reached, settledClockMillis)));
  }

  private void startOver(Identity now) {
    if (rules.onHistoryLost() == OnHistoryLost.STOP || !moving()) {
      throw new MirrorException(
          ErrorCode.SOURCE_TABLE_RECREATED,
          plan.name(),
          "its source table was dropped and created again since it was read",
          plan.feed().snapshot() == Snapshot.PINNED
              ? "Mirror it under another name."
              : "Set on-history-lost to snapshot to read it anew, or mirror it under another name.");
    }
    identity = now;
    readAgain();
  }

  /**
   * Reads the base table again, since the changes after the position cannot be had. Rows of the
   * lake that it no longer has are deleted; so the lake must hold every row that was read before.
   *
   * @throws MirrorException when nobody can tell whether it does
   */
  void readAgain() {
    pace.answered();
    switch (phase) {
      case START, RECALL, RECALLED, SNAPSHOT -> last = null;
      case AGAIN -> {}
      case SNAPSHOT_READ, CHANGES, DONE, STOPPED -> {
        if (!labelled) {
          throw impossible("its history was lost again before it was complete");
        }
        phase = Phase.AGAIN;
      }
    }
    seen = null;
    target = null;
    labelled = true;
    snapshotEndMillis = UNKNOWN;
  }

  /** The next split for a reader that asks; null when there is none now. */
  MirrorSplit take() {
    return refused == null ? splits.take() : null;
  }

  /** A reader has read a split, or cannot read it on; repeated news are no news. */
  void finished(Finished split) {
    if (!splits.finish(split.splitId())) {
      return;
    }
    Optional<MirrorSplit> returned = split.returnedSplit();
    if (returned.isPresent()) {
      givenBack(returned.get());
      refused = unreadable();
      pace.waitUntil(askedMillis + rules.pollMillis());
      return;
    }
    if (current != null && ofCurrent(split.splitId())) {
      current = current.seen(split.maxTimeMillis());
      lanes.read(split, current.settledMillis());
    }
    if (splits.none()) {
      allRead();
    }
  }

  private Problem unreadable() {
    return Problem.of(
        ErrorCode.COLUMN_VANISHED,
        plan.name(),
        "a column that is mirrored, or the table itself, is no longer in the source",
        "Put it back, or take it out of the spec and start the mirror again.");
  }

  private boolean ofCurrent(String splitId) {
    return splitId.startsWith(ChunkSplit.windowId(plan.name(), current.number()));
  }

  private void allRead() {
    if (phase == Phase.RECALL) {
      phase = Phase.RECALLED;
      if (rules.recalled() == Recalled.AT_ONCE) {
        leaveRecall();
      }
    } else if (current != null && phase == Phase.SNAPSHOT && moving()) {
      phase = Phase.SNAPSHOT_READ;
    } else if (current != null) {
      phase = phase == Phase.SNAPSHOT ? Phase.CHANGES : phase;
      if (!plan.feed().laned()) {
        watermarkMillis = Math.max(watermarkMillis, timeOf(current));
      }
      advance(current.settledMillis());
    }
    current = null;
  }

  /**
   * The greatest time of the rows of a window, but none that has not come by the source's clock:
   * one row with a wrong time would make every change after it late.
   */
  private static long timeOf(Current read) {
    return Math.min(read.maxTimeMillis(), read.settledMillis());
  }

  /** A reader that began again says that it has this split. */
  void reopened(Ticket ticket) {
    splits.takenBy(ticket);
    unread(ticket.kind());
  }

  /** A reader failed before a checkpoint held this split of its. */
  void givenBack(MirrorSplit split) {
    boolean baseOpen = moving() && snapshotEndMillis == NOT_ENDED;
    splits.giveBack(baseOpen && split instanceof ChunkSplit chunk ? chunk.withoutLabel() : split);
    unread(Ticket.of(split).kind());
  }

  private void unread(Kind kind) {
    if (kind == Kind.RECALL && phase == Phase.RECALLED) {
      phase = Phase.RECALL;
      coveringCheckpoint = NO_CHECKPOINT;
    }
    if (kind == Kind.SNAPSHOT && moving() && (phase == Phase.CHANGES || phase == Phase.DONE)) {
      // What is read of the base table now may be newer than the windows planned since.
      phase = Phase.SNAPSHOT_READ;
      pace.hurry();
      labelled = false;
      snapshotEndMillis = NOT_ENDED;
      splits.removeLabels();
    }
  }

  /** A checkpoint begins. */
  void checkpointBegins(long checkpointId) {
    if (phase == Phase.RECALLED && coveringCheckpoint == NO_CHECKPOINT) {
      coveringCheckpoint = checkpointId;
    }
  }

  /** A checkpoint is complete. */
  void checkpointCompleted(long checkpointId) {
    if (coveringCheckpoint != NO_CHECKPOINT && checkpointId >= coveringCheckpoint) {
      coveringCheckpoint = NO_CHECKPOINT;
      leaveRecall();
    }
  }

  /** The table's watermark; what is being read again holds it back. */
  long watermarkMillis() {
    return Math.min(watermarkMillis, splits.holdMillis());
  }

  boolean done() {
    boolean stopped = refused != null && splits.open() == splits.pendingCount();
    return phase == Phase.DONE && splits.none() || rules.bounded() && stopped;
  }

  int pending() {
    return splits.pendingCount();
  }

  TablePlan plan() {
    return plan;
  }

  TableProgress progress() {
    int chunks = current == null ? 0 : current.chunks();
    return new TableProgress(
        plan.name(),
        refused == null ? phase : Phase.STOPPED,
        nextWindow - 1,
        Math.max(0, chunks - splits.open()),
        chunks,
        last == null ? "" : last.text(),
        settledMillis,
        0);
  }

  TableState state() {
    return new TableState(
        plan.name(),
        identity,
        phase,
        last,
        labelled,
        nextWindow,
        snapshotEndMillis,
        target,
        watermarkMillis,
        current,
        splits.pending(),
        splits.outstanding(),
        revision);
  }
}
