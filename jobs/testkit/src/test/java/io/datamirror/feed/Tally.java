package io.datamirror.feed;

import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.math.BigDecimal;

/** Counts what a feed delivers and keeps nothing of it. */
final class Tally implements ChangeSink, RowWriter {

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
  public void reset() {}

  @Override
  public void writeNull(int column) {}

  @Override
  public void writeBoolean(int column, boolean value) {}

  @Override
  public void writeInt(int column, int value) {}

  @Override
  public void writeLong(int column, long value) {}

  @Override
  public void writeFloat(int column, float value) {}

  @Override
  public void writeDouble(int column, double value) {}

  @Override
  public void writeDecimal(int column, BigDecimal value) {}

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    this.bytes += length;
  }
}
