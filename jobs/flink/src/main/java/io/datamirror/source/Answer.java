package io.datamirror.source;

import io.datamirror.error.Problem;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Window;
import java.util.List;

/** What came of a {@link Question}. */
sealed interface Answer {

  /** Where the table stands in the lake. */
  record InLake(LakeStart start) implements Answer {}

  /** As far as anybody can tell, nothing is gone of what came after what was read. */
  record Continues() implements Answer {}

  /** What a bounded run reads up to. */
  record TargetSeen(Observed target) implements Answer {}

  /**
   * What of the base table is to be read.
   *
   * @param upTo its {@code to} is the position whose changes are all contained in the base table
   * @param chunks empty when there is no base table
   * @param inLake what the lake holds of the table, in the words of the {@link RecallPlanner}
   * @param revision what the table is read with from now on; null when nothing changed
   */
  record SnapshotPlanned(
      Window upTo, List<Chunk> chunks, List<byte[]> inLake, FeedRevision revision)
      implements Answer {}

  /** The lake does not hold yet what was read. */
  record NotCommitted() implements Answer {}

  /** What was observed after the base table had been read. */
  record SnapshotEnded(Observed seen) implements Answer {}

  /**
   * The next window; without chunks when it has nothing to read.
   *
   * @param revision what the table is read with from now on; null when nothing changed
   */
  record WindowPlanned(Window window, List<Chunk> chunks, Observed seen, FeedRevision revision)
      implements Answer {
    WindowPlanned(Window window, List<Chunk> chunks, Observed seen) {
      this(window, chunks, seen, null);
    }
  }

  /** The columns of the source changed so that the table must not be read on. */
  record Refused(Problem problem) implements Answer {}

  /**
   * The columns of the source fit. Whatever was seen before may be of before they did.
   *
   * @param revision what the table is read with from now on; null when nothing changed
   */
  record Fits(FeedRevision revision) implements Answer {}

  /** Nothing more is settled, though the head was {@code seen} and the clock is now this. */
  record NothingSettled(Observed seen, long clockMillis) implements Answer {}

  /** The source table is not the one that was read before. */
  record Recreated(Identity now) implements Answer {}
}
