package io.datamirror.source;

import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.plan.TablePlan;

/** The table as it is read now: with the feed of its plan, or with one that replaced it. */
final class RevisedPlan {

  private TablePlan plan;
  private FeedRevision revision;

  /**
   * @param revision what the plan's feed was replaced by; null if it was not
   */
  RevisedPlan(TablePlan plan, FeedRevision revision) {
    this.plan = plan;
    follow(revision);
  }

  /**
   * The table is read with this from now on.
   *
   * @param changed null when nothing changed
   */
  void follow(FeedRevision changed) {
    if (changed != null) {
      revision = changed;
      plan = changed.of(plan);
    }
  }

  TablePlan plan() {
    return plan;
  }

  Feed feed() {
    return plan.feed();
  }

  /** What the plan's feed was replaced by; null if it was not. */
  FeedRevision revision() {
    return revision;
  }

  /** How many columns a row has that is read now. */
  int arity() {
    return revision == null ? plan.layout().storedColumns().size() : revision.arity();
  }

  /** Whether the base table goes on changing while it is read, so that it is of no one moment. */
  boolean moving() {
    return feed().snapshot() == Snapshot.MOVING;
  }
}
