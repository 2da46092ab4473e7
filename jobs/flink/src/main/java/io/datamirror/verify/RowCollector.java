package io.datamirror.verify;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Puts every change that a reader delivers into buckets. A rejected change has no row: it is left.
 */
final class RowCollector implements ChangeSink {
  private final ChangeLayout layout;
  private final Buckets buckets;
  private final KeyText key;
  private final TooLate tooLate;
  private long rejected;

  RowCollector(ChangeLayout layout, Buckets buckets, TooLate tooLate) {
    this.layout = layout;
    this.buckets = buckets;
    this.tooLate = tooLate;
    this.key = new KeyText(layout);
  }

  @Override
  public RowWriter row() {
    return key;
  }

  @Override
  public void change(Operation operation, KeyId id, byte[] rank, long timeMillis) {
    boolean present = operation == Operation.UPSERT;
    try {
      Timeliness timeliness = tooLate.of(key, operation, timeMillis);
      buckets.add(new Entry(id, rank, present, Rank.contentHash(rank), key.json(), timeliness));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void reject(LedgerEntry entry) {
    rejected++;
  }

  /** What the changes look like. */
  ChangeLayout layout() {
    return layout;
  }

  /** How many changes could not be applied. */
  long rejected() {
    return rejected;
  }
}
