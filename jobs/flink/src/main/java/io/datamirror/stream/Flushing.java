package io.datamirror.stream;

/** When folded changes are judged and written, and when what was written is handed over. */
public enum Flushing {
  /** Before each barrier, at the end of input, and when the bundle is full: for streaming. */
  BY_EPOCH,
  /**
   * When the key changes, and handed over at the end: for sorted input, where state is kept for one
   * key at a time.
   */
  BY_KEY,
  /** Change by change, and handed over at once: for whoever waits for each of them. */
  EVERY_CHANGE,
  /** Like {@link #BY_KEY}, but handed over when the key changes too, and not before. */
  EVERY_KEY;

  /** Whether the input is sorted, so that a key that is left does not come back. */
  boolean sorted() {
    return this == BY_KEY || this == EVERY_KEY;
  }

  /** Whether what is written waits for nothing. */
  boolean atOnce() {
    return this == EVERY_CHANGE || this == EVERY_KEY;
  }
}
