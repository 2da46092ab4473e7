package io.datamirror.files;

import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps changes as text: the operation, and the values with bars between. */
final class Rows implements ChangeSink, RowWriter {

  private final List<String> changes = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();
  private List<String> row = new ArrayList<>();

  List<String> changes() {
    return changes;
  }

  /** What was rejected: the reason, the error and the row. */
  List<String> rejected() {
    return rejected;
  }

  @Override
  public RowWriter row() {
    return this;
  }

  @Override
  public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
    changes.add(operation + " " + String.join("|", row));
  }

  @Override
  public void reject(LedgerEntry entry) {
    rejected.add(entry.reason().text() + " " + entry.error() + " " + entry.row());
  }

  @Override
  public void reset() {
    row = new ArrayList<>();
  }

  @Override
  public void writeNull(int column) {
    row.add("null");
  }

  @Override
  public void writeBoolean(int column, boolean value) {
    row.add(String.valueOf(value));
  }

  @Override
  public void writeInt(int column, int value) {
    row.add(String.valueOf(value));
  }

  @Override
  public void writeLong(int column, long value) {
    row.add(String.valueOf(value));
  }

  @Override
  public void writeFloat(int column, float value) {
    row.add(String.valueOf(value));
  }

  @Override
  public void writeDouble(int column, double value) {
    row.add(String.valueOf(value));
  }

  @Override
  public void writeDecimal(int column, BigDecimal value) {
    row.add(value.toPlainString());
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    row.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
  }
}
