package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the ordering law makes of everything that was delivered: per key, the greatest rank. */
final class Fold implements ChangeSink {

  private record Known(byte[] rank, List<String> row) {}

  private final Map<KeyId, Known> known = new HashMap<>();
  private final List<LedgerEntry> rejected = new ArrayList<>();
  private final Row row;
  private int conflicts;
  private int changes;

  Fold(ChangeLayout layout) {
    row = new Row(layout.storedColumns().size());
  }

  /** The rows that are there, in no order. */
  List<List<String>> rows() {
    return known.values().stream().map(Known::row).filter(found -> found != null).toList();
  }

  List<LedgerEntry> rejected() {
    return rejected;
  }

  int conflicts() {
    return conflicts;
  }

  int changes() {
    return changes;
  }

  /** Takes over what another one knows: the order does not matter. */
  void takeAll(Fold other) {
    other.known.forEach(
        (key, theirs) -> {
          Known mine = known.get(key);
          if (mine == null || Rank.compare(theirs.rank(), mine.rank()) > 0) {
            known.put(key, theirs);
          }
        });
    rejected.addAll(other.rejected);
    conflicts += other.conflicts;
    changes += other.changes;
  }

  @Override
  public RowWriter row() {
    return row;
  }

  @Override
  public synchronized void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
    changes++;
    Known before = known.get(key);
    if (before != null && Rank.conflicting(rank, before.rank())) {
      conflicts++;
    }
    if (before == null || Rank.compare(rank, before.rank()) > 0) {
      List<String> kept =
          operation == Operation.DELETE ? null : new ArrayList<>(Arrays.asList(row.values));
      known.put(key, new Known(rank, kept));
    }
  }

  @Override
  public void reject(LedgerEntry entry) {
    rejected.add(entry);
  }

  private static final class Row implements RowWriter {
    private final String[] values;

    Row(int columns) {
      values = new String[columns];
    }

    @Override
    public void reset() {
      Arrays.fill(values, null);
    }

    @Override
    public void writeNull(int column) {
      values[column] = null;
    }

    @Override
    public void writeBoolean(int column, boolean value) {
      values[column] = Boolean.toString(value);
    }

    @Override
    public void writeInt(int column, int value) {
      values[column] = Integer.toString(value);
    }

    @Override
    public void writeLong(int column, long value) {
      values[column] = Long.toString(value);
    }

    @Override
    public void writeFloat(int column, float value) {
      values[column] = Float.toString(value);
    }

    @Override
    public void writeDouble(int column, double value) {
      values[column] = Double.toString(value);
    }

    @Override
    public void writeDecimal(int column, BigDecimal value) {
      values[column] = value.toPlainString();
    }

    @Override
    public void writeBytes(int column, byte[] bytes, int offset, int length) {
      values[column] = new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
  }
}
