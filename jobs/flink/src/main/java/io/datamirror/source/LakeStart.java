package io.datamirror.source;

import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the lake says of a table when a mirror starts without state.
 *
 * @param position up to where the table is complete; empty when it never was
 * @param identity the incarnation of the source that the table holds; empty if nobody could tell
 * @param watermarkMillis the watermark that its keys were forgotten by, or {@link Long#MIN_VALUE}
 * @param recall what has to be read of the lake before changes are applied, cut into parts that can
 *     be read side by side; empty when the lake holds nothing of the table
 */
public record LakeStart(
    Optional<Position> position, Identity identity, long watermarkMillis, List<byte[]> recall) {

  /** A table that is not in the lake, or is empty there. */
  public static final LakeStart NOTHING =
      new LakeStart(Optional.empty(), Identity.UNKNOWN, Long.MIN_VALUE, List.of());

  public LakeStart {
    Objects.requireNonNull(position, "position");
    recall = List.copyOf(recall);
  }
}
