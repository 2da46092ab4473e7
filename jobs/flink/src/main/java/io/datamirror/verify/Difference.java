package io.datamirror.verify;

import java.util.Locale;

/**
 * A key whose row is not what it should be.
 *
 * @param key the key as a JSON object of lake columns
 */
public record Difference(String key, Kind kind) {

  /** What is wrong with the mirror's row. */
  public enum Kind {
    /** The source has a row and the mirror has none. */
    MISSING,
    /** The mirror has a row and the source has none. */
    EXTRA,
    /** Both have a row, with other content. */
    DIFFERENT,
    /** The mirror has more than one row. */
    DUPLICATE;

    /** The kind as users read it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
