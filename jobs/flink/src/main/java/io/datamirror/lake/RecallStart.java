package io.datamirror.lake;

import io.datamirror.feed.Identity;
import java.util.List;

/**
 * Where a table stands when a job starts without state, and what has to be recalled of it.
 *
 * @param position the position that it is complete to; empty for the beginning
 * @param identity the incarnation of its source that it holds; empty if nobody could tell
 * @param watermarkMillis the watermark that its keys were forgotten by, or {@link Long#MIN_VALUE}
 * @param tasks what has to be read before changes are applied, in parts that can be read side by
 *     side by {@link RecallReader}s
 */
public record RecallStart(
    String position, Identity identity, long watermarkMillis, List<byte[]> tasks) {

  public RecallStart {
    tasks = List.copyOf(tasks);
  }
}
