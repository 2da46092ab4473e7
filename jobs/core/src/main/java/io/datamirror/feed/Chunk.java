package io.datamirror.feed;

import java.io.Serializable;
import java.util.Objects;

/**
 * A part of a window, or of a snapshot of the base table, that one reader reads.
 *
 * @param part what is read
 * @param from the exclusive lower bound in the feed's words; empty for none
 * @param to the inclusive upper bound in the feed's words; empty for none
 */
public record Chunk(Part part, String from, String to) implements Serializable {

  /** What a chunk is part of. */
  public enum Part {
    CHANGES,
    SNAPSHOT
  }

  public Chunk {
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
  }
}
