package io.datamirror.source;

import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import io.datamirror.plan.TablePlan;
import io.datamirror.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Answers the schedule's questions by asking the lake and the source. It keeps nothing but its
 * connection: every answer follows from the question and from what is there.
 */
final class Planning implements AutoCloseable {

  private final SourceSettings settings;
  private final long settleMillis;
  private final RecallPlanner lake;
  private final HeldConnection connection;
  private volatile boolean asking;

  Planning(
      SourceSettings settings, long settleMillis, RecallPlanner lake, HeldConnection connection) {
    this.settings = settings;
    this.settleMillis = settleMillis;
    this.lake = lake;
    this.connection = connection;
  }

  /** Blocks for as long as the source takes. After a failure the next call connects again. */
  Answer answer(Question question) throws Exception {
    if (question instanceof Question.AskLake ask) {
      return new Answer.InLake(lake.start(ask.table()));
    }
    asking = true;
    try {
      return ask(connection.get(), question);
    } catch (SQLException | RuntimeException e) {
      connection.drop();
      throw e;
    } finally {
      asking = false;
    }
  }

  private Answer ask(Connection source, Question question) throws Exception {
    Feed feed = question.table().feed();
    if (question instanceof Question.SeeTarget see) {
      Optional<Identity> other = otherIdentity(source, see.table(), see.identity());
      return other.isPresent()
          ? new Answer.Recreated(other.get())
          : new Answer.TargetSeen(observe(source, feed, see.last()));
    }
    if (question instanceof Question.EndSnapshot end) {
      return new Answer.SnapshotEnded(observe(source, feed, end.last()));
    }
    if (question instanceof Question.PlanSnapshot plan) {
      return planSnapshot(source, plan);
    }
    if (question instanceof Question.PlanWindow plan) {
      return planWindow(source, plan);
    }
    throw new IllegalStateException("not for the source: " + question);
  }

  private Answer planSnapshot(Connection source, Question.PlanSnapshot plan) throws Exception {
    Feed feed = plan.table().feed();
    Optional<Identity> other = otherIdentity(source, plan.table(), plan.identity());
    if (other.isPresent()) {
      return new Answer.Recreated(other.get());
    }
    List<byte[]> inLake = List.of();
    if (feed.snapshot() == Snapshot.MOVING) {
      LakeStart start = lake.start(plan.table());
      if (plan.readTo() != null
          && !plan.readTo().equals(start.position().orElse(Position.BEGINNING))) {
        return new Answer.NotCommitted();
      }
      inLake = start.recall();
    }
    Observed seen = plan.seen() == null ? observe(source, feed, Position.BEGINNING) : plan.seen();
    Optional<Window> before = feed.nextWindow(source, Position.BEGINNING, seen, settleMillis);
    if (before.isEmpty() && !seen.head().beginning()) {
      long clockMillis = feed.clockMillis(source);
      boolean pinned = feed.snapshot() == Snapshot.PINNED;
      if (pinned || clockMillis < seen.clockMillis() + settleMillis) {
        return new Answer.NothingSettled(seen, clockMillis);
      }
    }
    Window upTo =
        before.orElse(new Window(Position.BEGINNING, Position.BEGINNING, seen.clockMillis()));
    return new Answer.SnapshotPlanned(
        upTo, feed.snapshotChunks(source, upTo.to(), settings.chunkRows()), inLake);
  }

  private Answer planWindow(Connection source, Question.PlanWindow plan) throws SQLException {
    Feed feed = plan.table().feed();
    Optional<Identity> other = otherIdentity(source, plan.table(), plan.identity());
    if (other.isPresent()) {
      return new Answer.Recreated(other.get());
    }
    Observed seen = plan.seen() == null ? observe(source, feed, plan.last()) : plan.seen();
    Optional<Window> next = feed.nextWindow(source, plan.last(), seen, settleMillis);
    return next.isPresent()
        ? planned(source, feed, next.get(), seen)
        : new Answer.NothingSettled(seen, feed.clockMillis(source));
  }

  /** The window, or as much of it as the source can read at once. Nothing of it is frozen yet. */
  private Answer planned(Connection source, Feed feed, Window window, Observed seen)
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

  private static Optional<Identity> otherIdentity(
      Connection source, TablePlan table, Identity known) throws SQLException {
    Identity now = table.feed().identity(source);
    boolean comparable = !known.text().isEmpty() && !now.text().isEmpty();
    return comparable && !known.equals(now) ? Optional.of(now) : Optional.empty();
  }

  /** The clock is asked first: whatever was committed by then stands at the head or before it. */
  private static Observed observe(Connection source, Feed feed, Position last) throws SQLException {
    long clockMillis = feed.clockMillis(source);
    return new Observed(feed.head(source, last), clockMillis);
  }

  /** Ends a running question from another thread, and lets go of everything. */
  @Override
  public void close() throws Exception {
    if (asking) {
      connection.abort();
    } else {
      connection.close();
    }
    lake.close();
  }
}
