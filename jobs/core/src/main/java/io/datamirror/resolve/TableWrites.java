package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;

/**
 * Receives what the resolver decides: at most one row write and one tombstone write of a key
 * between two flushes.
 *
 * @param <R> a row with its stored columns; of a delete, at least the key columns
 */
public interface TableWrites<R> {

  /**
   * Of a table at most so many rows are inserted, and at most so many removed, until the next
   * flush. Only some kinds of flush say so, and of some tables.
   */
  void expect(int table, int rows);

  /** The encoded partition where {@code row} belongs. */
  byte[] partition(int table, R row);

  /** Adds a row whose key is not in the table. */
  void insert(int table, R row, byte[] partition);

  /** Removes the row of {@code row}'s key from the partition where it is. */
  void remove(int table, R row, byte[] partition);

  /**
   * Keeps a tombstone.
   *
   * @param row of the delete
   */
  void bury(KeyId key, R row, byte[] rank, long timeMillis);

  /** Removes the tombstone of a key. */
  void unbury(KeyId key);

  /**
   * No row of a table is inserted or removed any more in this flush: what is held open for them may
   * be let go. Only some kinds of flush say so.
   */
  void complete(int table);

  /** Writes a ledger entry that was made before, by the reader of the change. */
  void record(LedgerEntry entry);

  /**
   * Writes a ledger entry for a change that is well-formed.
   *
   * @param rank of the change; its version and order can be read from the row
   */
  void record(int table, LedgerReason reason, R row, long timeMillis, String error);
}
