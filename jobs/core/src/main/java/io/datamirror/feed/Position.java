package io.datamirror.feed;

import java.io.Serializable;
import java.util.Objects;

/**
 * A place in a source table's history of changes, in the words of its feed.
 *
 * <p>Only the feed can say what the text means and which of two positions is later. The text is
 * stable: it is kept in checkpoints and in the lake.
 *
 * @param text the feed's own text; {@link #BEGINNING} stands before every change
 */
public record Position(String text) implements Serializable {

  /** Before the first change. */
  public static final Position BEGINNING = new Position("");

  public Position {
    Objects.requireNonNull(text, "text");
  }

  /** Whether this is before every change. */
  public boolean beginning() {
    return text.isEmpty();
  }

  @Override
  public String toString() {
    return text;
  }
}
