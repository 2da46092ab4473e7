package io.datamirror.feed;

import io.datamirror.change.ChangeSink;
import io.datamirror.change.DiscardedRow;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;

/** Counts what a feed delivers and keeps nothing of it. */
final class Tally extends DiscardedRow implements ChangeSink {

  long changes;
  long rejected;
  long bytes;

  @Override
  public RowWriter row() {
    return this;
  }

  @Override
  public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
    changes++;
  }

  @Override
  public void reject(LedgerEntry entry) {
    rejected++;
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    this.bytes += length;
  }
}
