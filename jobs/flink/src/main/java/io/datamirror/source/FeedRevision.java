package io.datamirror.source;

import io.datamirror.feed.Feed;
import io.datamirror.plan.TablePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.flink.util.InstantiationUtil;

/**
 * A feed that replaced the plan's, because the columns of the source changed while it was read.
 *
 * <p>Its bytes are for the job that made them, and for its restarts. A later start of the mirror,
 * perhaps of another release, never looks into them: it resolves the feed anew, and reads with that
 * what this one would have read.
 *
 * @param generation the start of the mirror that it belongs to
 * @param arity how many columns a row has that is read with it; no two revisions of a start have
 *     the same, so that a row says itself which of them it is of
 * @param bytes the feed
 */
public record FeedRevision(long generation, int arity, byte[] bytes) {

  public FeedRevision {
    Objects.requireNonNull(bytes, "bytes");
  }

  static FeedRevision of(long generation, int arity, Feed feed) throws IOException {
    return new FeedRevision(generation, arity, InstantiationUtil.serializeObject(feed));
  }

  /** The table as it is read with this. */
  TablePlan of(TablePlan plan) {
    try {
      Feed feed = InstantiationUtil.deserializeObject(bytes, FeedRevision.class.getClassLoader());
      return new TablePlan(plan.spec(), feed, plan.identity());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "a feed of this start of the mirror is of another release", e);
    }
  }
}
