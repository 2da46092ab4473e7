package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.connect.HeldConnection;
import io.datamirror.error.Problem;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Sight;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.SchemaChange;
import io.datamirror.feed.Window;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.SourceSpec;
import io.datamirror.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the schedule's questions by asking the lake and the source. It keeps nothing but its
 * connections: every answer follows from the question and from what is there. Questions may be
 * answered side by side, but those of one table one after the other.
 */
final class Planning implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Planning.class);

  private final SourceSettings settings;
  private final SourceSpec spec;
  private final long generation;
  private final long settleMillis;
  private final RecallPlanner lake;
  private final PlanningConnections connections;

  Planning(
      SourceSettings settings,
      MirrorPlan plan,
      RecallPlanner lake,
      PlanningConnections connections) {
    this.settings = settings;
    this.spec = plan.spec().source();
    this.generation = plan.generation();
    this.settleMillis = spec.settle().toMillis();
    this.lake = lake;
    this.connections = connections;
  }

  /** Blocks for as long as the source takes. After a failure the next call connects again. */
  Answer answer(Question question) throws Exception {
    if (question instanceof Question.AskLake ask) {
      return new Answer.InLake(lake.start(ask.table()));
    }
    HeldConnection connection = connections.take();
    try {
      return ask(connection.get(), question);
    } catch (SQLException | RuntimeException e) {
      connection.drop();
      throw e;
    } finally {
      connections.giveBack(connection);
    }
  }

  private Answer ask(Connection source, Question question) throws Exception {
    Feed feed = question.table().feed();
    if (question instanceof Question.SeeTarget see) {
      Sight sight = feed.look(source, see.last());
      return see.identity().otherThan(sight.identity())
          ? new Answer.Recreated(sight.identity())
          : new Answer.TargetSeen(sight.observed());
    }
    if (question instanceof Question.SeeContinuation see) {
      feed.requireContinuation(source, see.last());
      return new Answer.Continues();
    }
    if (question instanceof Question.SeeWindow see) {
      feed.requireUnread(source, see.unread());
      return new Answer.Continues();
    }
    if (question instanceof Question.EndSnapshot end) {
      return new Answer.SnapshotEnded(feed.look(source, end.last()).observed());
    }
    if (question instanceof Question.PlanSnapshot plan) {
      return planSnapshot(source, plan);
    }
    if (question instanceof Question.PlanWindow plan) {
      return planWindow(source, plan);
    }
    if (question instanceof Question.LookAgain again) {
      return lookAgain(source, again);
    }
    throw new IllegalStateException("not for the source: " + question);
  }

  private Answer planSnapshot(Connection source, Question.PlanSnapshot plan) throws Exception {
    Feed feed = plan.table().feed();
    Sight sight = sight(source, feed, Position.BEGINNING, plan.seen());
    if (plan.identity().otherThan(sight.identity())) {
      return new Answer.Recreated(sight.identity());
    }
    // What the lake has already is of an earlier snapshot: rows of it may be gone since.
    LakeStart start = lake.start(plan.table());
    if (plan.readTo() != null
        && !plan.readTo().equals(start.position().orElse(Position.BEGINNING))) {
      return new Answer.NotCommitted();
    }
    Observed seen = sight.observed();
    Optional<Window> before = feed.snapshotStart(source, seen, settleMillis);
    if (before.isEmpty() && !seen.head().beginning()) {
      long clockMillis = feed.clockMillis(source);
      boolean pinned = feed.snapshot() == Snapshot.PINNED;
      if (pinned || clockMillis < seen.seenMillis() + settleMillis) {
        return new Answer.NothingSettled(seen, clockMillis);
      }
    }
    Window upTo =
        before.orElse(new Window(Position.BEGINNING, Position.BEGINNING, seen.clockMillis()));
    List<Chunk> chunks = feed.snapshotChunks(source, upTo.to(), settings.chunkRows());
    Look look = chunks.isEmpty() ? Look.NOTHING : look(source, plan.table(), plan.arity());
    if (look.refused() != null) {
      return look.refused();
    }
    if (feed.snapshot() == Snapshot.PINNED && look.revision() != null) {
      // The moment that the snapshot is of may be one of before the columns came.
      return new Answer.Fits(look.revision());
    }
    announce(plan.table(), start.identity(), sight.identity());
    return new Answer.SnapshotPlanned(upTo, chunks, start.recall(), look.revision());
  }

  /** A start from the lake must not take what is read from now on for what was read before. */
  private void announce(TablePlan table, Identity inLake, Identity now) throws Exception {
    Optional<SchemaKeeper> keeper = lake.schemaKeeper();
    if (keeper.isPresent() && inLake.otherThan(now)) {
      keeper.get().readAnew(table, now);
    }
  }

  private Answer planWindow(Connection source, Question.PlanWindow plan) throws Exception {
    Feed feed = plan.table().feed();
    Sight sight = sight(source, feed, plan.last(), plan.seen());
    if (plan.identity().otherThan(sight.identity())) {
      return new Answer.Recreated(sight.identity());
    }
    Observed seen = sight.observed();
    Optional<Window> next = feed.nextWindow(source, plan.last(), seen, settleMillis);
    if (next.isEmpty()) {
      return new Answer.NothingSettled(seen, feed.clockMillis(source));
    }
    Answer.WindowPlanned planned = planned(source, feed, next.get(), seen);
    // The window's end is fixed: a row of it that has a new column was written after the column
    // came, so that it is seen now.
    Look look =
        planned.chunks().isEmpty() ? Look.NOTHING : look(source, plan.table(), plan.arity());
    return look.refused() != null
        ? look.refused()
        : new Answer.WindowPlanned(planned.window(), planned.chunks(), seen, look.revision());
  }

  private Answer lookAgain(Connection source, Question.LookAgain again) throws Exception {
    Feed feed = again.table().feed();
    // Where another incarnation is read anew, nothing of the one before may be open then: the next
    // window sees it.
    boolean readAnew =
        feed.snapshot() == Snapshot.MOVING && spec.onHistoryLost() == OnHistoryLost.SNAPSHOT;
    if (!readAnew) {
      Identity now = feed.identity(source);
      if (again.identity().otherThan(now)) {
        return new Answer.Recreated(now);
      }
    }
    Look look = look(source, again.table(), again.arity());
    return look.refused() != null ? look.refused() : new Answer.Fits(look.revision());
  }

  /** Whether tables may be stopped one by one, so that the lake says why. */
  boolean stopsTables() {
    return lake.schemaKeeper().isPresent();
  }

  /** Says in the lake why a table is stopped. */
  void stopped(TablePlan table, Problem problem) throws Exception {
    Optional<SchemaKeeper> keeper = lake.schemaKeeper();
    if (keeper.isPresent()) {
      keeper.get().stopped(table, problem.text());
    }
  }

  /** Says in the lake that a table is not stopped any more. */
  void goesOn(TablePlan table) throws Exception {
    Optional<SchemaKeeper> keeper = lake.schemaKeeper();
    if (keeper.isPresent()) {
      keeper.get().stopped(table, "");
    }
  }

  /** What came of looking at the columns of a table: at most one of the two is not null. */
  private record Look(FeedRevision revision, Answer.Refused refused) {
    private static final Look NOTHING = new Look(null, null);
  }

  /** Looks at the columns, and makes the lake follow before anything is read with new ones. */
  private Look look(Connection source, TablePlan table, int arity) throws Exception {
    Optional<SchemaKeeper> keeper = lake.schemaKeeper();
    if (keeper.isEmpty()) {
      return Look.NOTHING;
    }
    if (table.spec().feed() == FeedKind.RECORDS) {
      // The spec declares the columns of records: there is no table that could be asked for others.
      keeper.get().stopped(table, "");
      return Look.NOTHING;
    }
    SchemaChange change = SchemaChange.of(source, spec, table.spec(), table.feed());
    if (change instanceof SchemaChange.Refused refused) {
      return refused(keeper.get(), table, refused.problem());
    }
    if (change instanceof SchemaChange.Followed followed) {
      ChangeLayout layout = followed.feed().layout();
      int next = Math.max(arity + 1, layout.storedColumns().size());
      Optional<Problem> problem = keeper.get().follow(table, layout, next);
      if (problem.isPresent()) {
        return refused(keeper.get(), table, problem.get());
      }
      keeper.get().stopped(table, "");
      LOG.info("Following the columns of {}: {}", table.name(), followed.what());
      return new Look(FeedRevision.of(generation, next, followed.feed()), null);
    }
    keeper.get().stopped(table, "");
    return Look.NOTHING;
  }

  private static Look refused(SchemaKeeper keeper, TablePlan table, Problem problem)
      throws Exception {
    keeper.stopped(table, problem.text());
    return new Look(null, new Answer.Refused(problem));
  }

  /** The window, or as much of it as the source can read at once. Nothing of it is frozen yet. */
  private Answer.WindowPlanned planned(Connection source, Feed feed, Window window, Observed seen)
      throws SQLException {
    Window tried = window;
    while (true) {
      try {
        return new Answer.WindowPlanned(
            tried, feed.chunks(source, tried, settings.chunkRows()), seen);
      } catch (SQLException e) {
        boolean split = SqlErrors.classify(e) == SqlErrors.Action.SPLIT;
        Optional<Window> narrower = split ? feed.narrower(tried) : Optional.empty();
        tried = narrower.orElseThrow(() -> e);
      }
    }
  }

  /**
   * @param seen what was seen before and still counts; null for nothing
   */
  private static Sight sight(Connection source, Feed feed, Position last, Observed seen)
      throws SQLException {
    return seen == null ? feed.look(source, last) : new Sight(feed.identity(source), seen);
  }

  /** Ends running questions from another thread, and lets go of everything. */
  @Override
  public void close() throws Exception {
    connections.close();
    lake.close();
  }
}
