package io.datamirror.feed;

import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what it is given: changes as their operation and row, by the place of the column. */
final class RecordCollector implements ChangeSink, RowWriter {

  private final List<String> changes = new ArrayList<>();
  private final List<byte[]> ranks = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final List<LedgerEntry> rejected = new ArrayList<>();
  private Map<Integer, Object> row = new TreeMap<>();

  /** The changes as text, such as {@code UPSERT {0=1, 1=a}}. */
  List<String> changes() {
    return changes;
  }

  List<byte[]> ranks() {
    return ranks;
  }

  List<Long> times() {
    return times;
  }

  List<LedgerEntry> rejected() {
    return rejected;
  }

  @Override
  public RowWriter row() {
    return this;
  }

  @Override
  public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
    changes.add(operation + " " + row);
    ranks.add(rank);
    times.add(timeMillis);
  }

  @Override
  public void reject(LedgerEntry entry) {
    rejected.add(entry);
  }

  @Override
  public void reset() {
    row = new TreeMap<>();
  }

  @Override
  public void writeNull(int column) {
    row.put(column, "null");
  }

  @Override
  public void writeBoolean(int column, boolean value) {
    row.put(column, value);
  }

  @Override
  public void writeInt(int column, int value) {
    row.put(column, value);
  }

  @Override
  public void writeLong(int column, long value) {
    row.put(column, value);
  }

  @Override
  public void writeFloat(int column, float value) {
    row.put(column, value);
  }

  @Override
  public void writeDouble(int column, double value) {
    row.put(column, value);
  }

  @Override
  public void writeDecimal(int column, BigDecimal value) {
    row.put(column, value);
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    row.put(
        column,
        new String(Arrays.copyOfRange(bytes, offset, offset + length), StandardCharsets.UTF_8));
  }
}
