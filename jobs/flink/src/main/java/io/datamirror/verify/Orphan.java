package io.datamirror.verify;

/**
 * A row that refers to a row that is not there.
 *
 * @param key its key as JSON
 * @param reference what it refers to, as JSON
 */
public record Orphan(String key, String reference) {

  // No JSON has it: there it is escaped.
  private static final char SEPARATOR = '\u0000';
  private static final int LONGEST_TEXT = 1 << 14;

  /** Both in one text, which is cut if it is very long; the same again after {@link #of}. */
  String text() {
    String text = key + SEPARATOR + reference;
    return text.substring(0, Math.min(text.length(), LONGEST_TEXT));
  }

  /** The orphan with this {@link #text}. */
  static Orphan of(String text) {
    int end = text.indexOf(SEPARATOR);
    return end < 0
        ? new Orphan(text, "")
        : new Orphan(text.substring(0, end), text.substring(end + 1));
  }
}
