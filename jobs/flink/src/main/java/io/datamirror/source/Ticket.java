package io.datamirror.source;

import io.datamirror.feed.Chunk;
import java.io.Serializable;

/**
 * A split that a reader has.
 *
 * @param splitId its id
 * @param table the table's name in the lake
 * @param kind what it reads
 * @param holdMillis the table's watermark may not pass this until it is read
 */
public record Ticket(String splitId, String table, Kind kind, long holdMillis)
    implements Serializable {

  /** What a split reads. */
  public enum Kind {
    RECALL,
    SNAPSHOT,
    CHANGES
  }

  static Ticket of(MirrorSplit split) {
    return new Ticket(split.splitId(), split.table(), kind(split), split.holdMillis());
  }

  private static Kind kind(MirrorSplit split) {
    if (split instanceof RecallSplit) {
      return Kind.RECALL;
    }
    if (split instanceof SweepSplit) {
      return Kind.SNAPSHOT;
    }
    Chunk chunk = ((ChunkSplit) split).chunk();
    return chunk != null && chunk.part() == Chunk.Part.SNAPSHOT ? Kind.SNAPSHOT : Kind.CHANGES;
  }
}
