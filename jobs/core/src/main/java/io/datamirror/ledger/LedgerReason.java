package io.datamirror.ledger;

import java.util.Locale;

/**
 * Why something stands in the ledger: a change that is not in its table, or what became of a row.
 */
public enum LedgerReason {
  /** Its key was forgotten before it came. */
  LATE,
  /** Another upsert of the same key, version and order has other content. */
  CONFLICT,
  /** A key column is null. */
  NULL_KEY,
  /** A version column is null. */
  NULL_VERSION,
  /** The timestamp descriptor is null where forgetting or the key needs it. */
  NULL_TIME,
  /** The operation is neither upsert nor delete. */
  UNKNOWN_OPERATION,
  /** A value does not fit its column, or a required column is null. */
  BAD_VALUE,
  /** It is in its table, and refers to a row that is not in another. */
  ORPHAN,
  /**
   * It was an orphan: now the row that it refers to is there, or it is gone or refers elsewhere.
   */
  ORPHAN_ENDED,
  /** It is not in its format: the row says where it stands and holds its bytes. */
  UNREADABLE;

  /** The reason as it stands in the ledger table, such as {@code null-key}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
