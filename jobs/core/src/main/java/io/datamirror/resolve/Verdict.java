package io.datamirror.resolve;

/** What the ordering law says of a change, given what is remembered of its key. */
public enum Verdict {
  /** The key is not in the table: its row is added. */
  INSERT,
  /** The key's row is replaced. */
  REPLACE,
  /** The key's row is removed, and the deletion remembered. */
  REMOVE,
  /** The key has no row; the deletion is remembered, so that nothing older comes back. */
  BURY,
  /** The change wins, and the row is what it was: nothing is written. */
  NO_OP,
  /** The very change that was applied came once more. */
  DUPLICATE,
  /** A greater change was applied before. */
  SUPERSEDED
}
