package io.datamirror.source;

import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Unread;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.spec.OnHistoryLost;
import java.util.List;
import java.util.Optional;

/**
 * What is read of one table, and when: what the lake knows of it, then its base table, then its
 * changes window by window. The next window is planned when every chunk of the one before was read.
 *
 * <p>Asks nothing itself: it says what has to be asked and is told what came of it. What was
 * planned, and how far readers are with it, is its {@link TableCourse}. Times are those of the
 * caller's clock, unless they are named after the source's.
 */
final class TableSchedule {

  private static final long LAKE_POLL_MILLIS = 500;

  /** Clocks are corrected, by less than this. */
  private static final long CLOCK_STEP_MILLIS = 1_000;

  private final ScheduleRules rules;
  private final RevisedPlan table;
  private final TableCourse course;
  private final Target target;
  private final Pace pace;
  private Identity identity;
  private boolean continues;
  private Problem refused;
  private Observed seen;
  private long askedMillis;

  TableSchedule(TablePlan plan, ScheduleRules rules, TableState state) {
    this.rules = rules;
    this.table = new RevisedPlan(plan, state.revision());
    this.course = new TableCourse(table, rules, state);
    this.target = new Target(rules, state.target());
    this.pace = new Pace(rules);
    this.identity = state.identity();
    this.seen = target.observed();
    if (seen == null) {
      course.goOn();
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
    if (refused != null && course.pending() > 0) {
      return new Question.LookAgain(table.plan(), identity, table.arity());
    }
    List<Unread> doubtful = doubtful();
    if (!doubtful.isEmpty()) {
      return new Question.SeeWindow(table.plan(), doubtful);
    }
    Position last = course.last();
    boolean targetMissing = target.missing() && last != null;
    boolean read = course.allPlannedRead();
    return switch (course.phase()) {
      case START -> new Question.AskLake(table.plan());
      case RECALL, RECALLED -> targetMissing ? seeTarget(last) : null;
      case AGAIN -> read ? planSnapshot(last) : null;
      case SNAPSHOT -> read && last == null ? firstSnapshot() : null;
      case SNAPSHOT_READ -> read ? new Question.EndSnapshot(table.plan(), last) : null;
      case CHANGES -> continues ? nextOf(last, targetMissing) : seeContinuation(last);
      case DONE, STOPPED -> null;
    };
  }

  /** What is left of a window, and may have been cleaned up before a reader gets it. */
  private List<Unread> doubtful() {
    return continues ? List.of() : course.pendingChanges();
  }

  private Question firstSnapshot() {
    return continues ? planSnapshot(null) : seeContinuation(Position.BEGINNING);
  }

  private Question nextOf(Position last, boolean targetMissing) {
    return targetMissing ? seeTarget(last) : nextWindow(last);
  }

  private Question seeContinuation(Position last) {
    return new Question.SeeContinuation(table.plan(), last);
  }

  private Question seeTarget(Position last) {
    return new Question.SeeTarget(table.plan(), identity, last);
  }

  private Question planSnapshot(Position readTo) {
    return new Question.PlanSnapshot(table.plan(), identity, seen, readTo, table.arity());
  }

  private Question nextWindow(Position last) {
    if (!course.allPlannedRead()) {
      return null;
    }
    if (course.labelled() && target.reached(table.feed(), last)) {
      course.end();
      return null;
    }
    return new Question.PlanWindow(table.plan(), identity, last, seen, table.arity());
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
      identity = found.start().identity().known() ? found.start().identity() : identity;
      course.begin(found.start());
    } else if (answer instanceof Answer.TargetSeen found) {
      target.aim(found.target());
      seen = found.target();
    } else if (answer instanceof Answer.Continues) {
      continues = true;
    } else if (answer instanceof Answer.SnapshotPlanned planned) {
      fits(planned.revision());
      seen = null;
      course.readSnapshot(planned, mirrorWatermarkMillis);
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
      fits(fits.revision());
      seen = null;
    }
  }

  private void fits(FeedRevision changed) {
    if (refused != null) {
      stoodStill();
    }
    refused = null;
    table.follow(changed);
  }

  /** Nobody read its changes for a while: some may have been cleaned up that were not read. */
  void stoodStill() {
    continues = false;
  }

  /**
   * The table is read no further for now. It is looked at again with every poll, also by a run that
   * ends with what is there: should the source become what it was while the other tables are still
   * read, the table goes on from where it is.
   */
  private void refuse(Problem problem, long nowMillis) {
    refused = problem;
    pace.waitUntil(nowMillis + rules.pollMillis());
  }

  /** Why the table is not read on; empty when it is. */
  Optional<Problem> refused() {
    return Optional.ofNullable(refused);
  }

  /** In batch nothing is committed before the end, so waiting would be for ever. */
  private void waitForLake(long nowMillis) {
    if (rules.recalled() == Recalled.AT_ONCE) {
      throw Unreadable.historyLostInBatch(table.plan());
    }
    pace.waitUntil(nowMillis + LAKE_POLL_MILLIS);
  }

  private void endSnapshot(Observed after) {
    if (!course.allPlannedRead()) {
      return; // a part of the base table came back while the clock was asked
    }
    course.endSnapshot(after.clockMillis());
    stoodStill();
    seen = after;
    target.aim(after);
  }

  private void readWindow(
      Answer.WindowPlanned planned, long nowMillis, long mirrorWatermarkMillis) {
    boolean stopped = refused != null;
    fits(planned.revision());
    if (stopped) {
      seen = null;
      return; // to be planned once it is known that nothing is gone before it
    }
    course.readWindow(planned, mirrorWatermarkMillis);
    Window window = planned.window();
    if (table.feed().more(window, planned.seen(), rules.settleMillis())) {
      seen = planned.seen();
      pace.moreAfter(window, seen, nowMillis);
    } else {
      seen = null;
      pace.caughtUp(nowMillis + target.unsettledMillis(table.feed(), window));
    }
  }

  private void waitForMore(
      Answer.NothingSettled nothing, long nowMillis, long mirrorWatermarkMillis) {
    Observed observed = nothing.seen();
    Position last = course.last();
    boolean reading = course.phase() == Phase.CHANGES && last != null;
    if (reading && table.feed().compare(observed.head(), last) <= 0) {
      Window idle = new Window(last, last, observed.clockMillis());
      Answer.WindowPlanned empty = new Answer.WindowPlanned(idle, List.of(), observed);
      readWindow(empty, nowMillis, mirrorWatermarkMillis);
      return;
    }
    if (nothing.clockMillis() + rules.settleMillis() + CLOCK_STEP_MILLIS < observed.seenMillis()) {
      // The clock was set back: what was seen by it would settle when it is there again.
      seen = null;
      pace.waitUntil(nowMillis + Math.min(rules.pollMillis(), CLOCK_STEP_MILLIS));
      return;
    }
    seen = observed;
    pace.unsettled(seen, nothing.clockMillis(), nowMillis);
  }

  private void startOver(Identity now) {
    if (rules.onHistoryLost() != OnHistoryLost.SNAPSHOT || !table.moving()) {
      throw Unreadable.recreated(table.plan());
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
    course.readAgain();
    continues = true;
    seen = null;
    target.forget();
  }

  /** The next split for a reader that asks; null when there is none now. */
  MirrorSplit take() {
    return refused == null && doubtful().isEmpty() ? course.take() : null;
  }

  /** A reader has read a split, or cannot read it on; repeated news are no news. */
  void finished(Finished split) {
    if (!course.leftReader(split)) {
      return;
    }
    Optional<MirrorSplit> returned = split.returnedSplit();
    if (returned.isPresent()) {
      givenBack(returned.get());
      refused = Unreadable.vanished(table.plan());
      pace.waitUntil(askedMillis + rules.pollMillis());
    } else {
      course.read(split);
    }
  }

  /**
   * A reader that began again says that it has this split. If the table waited for this one alone,
   * it waits no longer: the reader gives it back once more if it still cannot be read.
   *
   * @return whether the table has waited until now
   */
  boolean reopened(Ticket ticket) {
    if (course.reopened(ticket)) {
      pace.hurry();
    }
    boolean waited = refused != null && course.pending() == 0;
    if (waited) {
      refused = null;
    }
    return waited;
  }

  /** A reader failed before a checkpoint held this split of its. */
  void givenBack(MirrorSplit split) {
    if (course.givenBack(split)) {
      pace.hurry();
    }
  }

  /** A checkpoint begins. */
  void checkpointBegins(long checkpointId) {
    course.checkpointBegins(checkpointId);
  }

  /** A checkpoint is complete. */
  void checkpointCompleted(long checkpointId) {
    course.checkpointCompleted(checkpointId);
  }

  /** The table's watermark; what is being read again holds it back. */
  long watermarkMillis() {
    return course.watermarkMillis();
  }

  boolean done() {
    boolean stopped = refused != null && course.nobodyReads();
    return course.phase() == Phase.DONE && course.allPlannedRead() || rules.bounded() && stopped;
  }

  /** How many splits no reader has. */
  int pending() {
    return course.pending();
  }

  TablePlan plan() {
    return table.plan();
  }

  TableProgress progress() {
    return course.progress(refused == null ? course.phase() : Phase.STOPPED);
  }

  TableState state() {
    return course.state(identity, target.observed());
  }
}
