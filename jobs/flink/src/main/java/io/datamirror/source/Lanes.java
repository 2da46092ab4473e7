package io.datamirror.source;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Feed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The times of a table whose changes come in lanes, see {@link Feed#lane}: it is as late as the
 * latest of them. A lane that says nothing for longer than the settling time holds nobody back, and
 * when all are silent the source's clock counts.
 *
 * <p>Times are those of the source's clock. Nothing is remembered over a restart, and a slow lane
 * may be silent just then: at first nothing is said, whoever was heard.
 */
final class Lanes {

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final long settleMillis;
  private final long listenMillis;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, String> laneOfSplit = new HashMap<>();
  private long firstMillis = UNKNOWN;

  private record Lane(long timeMillis, long heardMillis) {}

  /**
   * @param settleMillis how long a lane must be silent to hold nobody back
   * @param listenMillis how long nothing is said at first; 0 for a run that reads what is there
   *     now, and then ends
   */
  Lanes(long settleMillis, long listenMillis) {
    this.settleMillis = settleMillis;
    this.listenMillis = listenMillis;
  }

  /**
   * A window was planned; the chunks of the one before are read.
   *
   * @param laneOf see {@link Feed#lane}
   */
  void planned(Function<Chunk, Optional<String>> laneOf, List<ChunkSplit> splits) {
    laneOfSplit.clear();
    for (ChunkSplit split : splits) {
      if (split.chunk() != null) {
        laneOf.apply(split.chunk()).ifPresent(lane -> laneOfSplit.put(split.splitId(), lane));
      }
    }
  }

  /** A chunk was read of a window that was planned at {@code clockMillis}. */
  void read(Finished split, long clockMillis) {
    String lane = laneOfSplit.get(split.splitId());
    if (lane != null && split.maxTimeMillis() != UNKNOWN) {
      lanes.merge(
          lane,
          new Lane(split.maxTimeMillis(), clockMillis),
          (before, now) ->
              new Lane(Math.max(before.timeMillis(), now.timeMillis()), now.heardMillis()));
    }
  }

  /**
   * The time of the table at {@code clockMillis}, when everything planned was read; empty if it
   * cannot be told yet.
   */
  OptionalLong timeMillis(long clockMillis) {
    if (firstMillis == UNKNOWN) {
      firstMillis = clockMillis;
    }
    if (clockMillis - firstMillis < listenMillis) {
      return OptionalLong.empty();
    }
    OptionalLong least =
        lanes.values().stream()
            .filter(lane -> clockMillis - lane.heardMillis() <= settleMillis)
            .mapToLong(Lane::timeMillis)
            .min();
    boolean silent = least.isEmpty() && clockMillis - firstMillis > settleMillis;
    return silent ? OptionalLong.of(clockMillis - settleMillis) : least;
  }
}
