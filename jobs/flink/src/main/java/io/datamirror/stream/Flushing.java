package io.datamirror.stream;

/** When folded changes are judged and written. */
public enum Flushing {
  /** Before each barrier, at the end of input, and when the bundle is full: for streaming. */
  BY_EPOCH,
  /** When the key changes: for sorted input, where state is kept for one key at a time. */
  BY_KEY
}
