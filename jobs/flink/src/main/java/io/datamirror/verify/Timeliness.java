package io.datamirror.verify;

/** Whether something of a key may have come too late to count. */
enum Timeliness {
  IN_TIME,

  /** A delete that may be forgotten: an older change after it may be taken for the first one. */
  FORGOTTEN,

  /** A change was late, and is in the ledger instead of the table. */
  LATE
}
