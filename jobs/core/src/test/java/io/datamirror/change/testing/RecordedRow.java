package io.datamirror.change.testing;

import io.datamirror.change.RowWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Keeps the last row that was written, as objects. */
public final class RecordedRow implements RowWriter {

  private final Object[] values;

  /** A row of {@code columns} columns. */
  public RecordedRow(int columns) {
    this.values = new Object[columns];
  }

  /** A copy of the row as it is now; byte arrays appear as lists of their bytes. */
  public List<Object> values() {
    return Collections.unmodifiableList(Arrays.asList(values.clone()));
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
    values[column] = value;
  }

  @Override
  public void writeInt(int column, int value) {
    values[column] = value;
  }

  @Override
  public void writeLong(int column, long value) {
    values[column] = value;
  }

  @Override
  public void writeFloat(int column, float value) {
    values[column] = value;
  }

  @Override
  public void writeDouble(int column, double value) {
    values[column] = value;
  }

  @Override
  public void writeDecimal(int column, BigDecimal value) {
    values[column] = value;
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    Object[] copy = new Object[length];
    for (int i = 0; i < length; i++) {
      copy[i] = bytes[offset + i];
    }
    values[column] = List.of(copy);
  }
}
