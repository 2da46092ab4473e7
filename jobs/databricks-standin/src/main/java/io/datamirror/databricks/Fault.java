package io.datamirror.databricks;

/** What the warehouse can be told to do to the next requests. */
public enum Fault {
  /** A statement is answered 429: too many requests. */
  THROTTLED,
  /** A statement is answered 503: temporarily unavailable. */
  UNAVAILABLE,
  /** A statement's connection is closed without an answer. */
  DROPPED_STATEMENT,
  /** The connection is closed when the second portion of a result is asked for. */
  DROPPED_CHUNK,
  /** The token is no longer good. */
  EXPIRED_TOKEN,
  /** A statement that reads changes fails with an error of the test's choice. */
  FAILED_CHANGES
}
