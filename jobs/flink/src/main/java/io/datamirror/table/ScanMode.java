package io.datamirror.table;

/** What a scan gives. */
enum ScanMode {
  /** Every change that wins, at once: upserts and deletes. */
  CHANGELOG,
  /** The rows that are left when all changes were read: batch knows no deletes. */
  ROWS
}
