package io.datamirror.change;

import io.datamirror.ledger.LedgerEntry;

/** Receives changes, one after the other, from whoever reads them. */
public interface ChangeSink {

  /** Where the stored columns of the change being read are written; the same object every time. */
  RowWriter row();

  /**
   * The row just written is complete and is a change.
   *
   * @param operation what it asks for; the row of a delete may hold its key columns only
   * @param key whose row it is
   * @param rank its rank under the ordering law, see {@link Rank}; owned by the receiver
   * @param timeMillis its time in epoch milliseconds, or {@link Long#MIN_VALUE} when it has none
   */
  void change(Operation operation, KeyId key, byte[] rank, long timeMillis);

  /** The change just read cannot be applied; what was written of its row is void. */
  void reject(LedgerEntry entry);
}
