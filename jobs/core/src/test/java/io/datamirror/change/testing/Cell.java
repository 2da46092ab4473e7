package io.datamirror.change.testing;

import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value of a column and how values of that column compare, as the law's text says it: written
 * without a look at how the product encodes them.
 *
 * @param type the column's type
 * @param value null, or the value in the natural Java class of the type; text is a {@code String}
 */
public record Cell(ColumnType type, Object value) implements Comparable<Cell> {

  /** Writes the value, or null, as {@code column} of {@code row}. */
  public void write(RowWriter row, int column) {
    if (value == null) {
      row.writeNull(column);
      return;
    }
    switch (type.kind()) {
      case BOOLEAN -> row.writeBoolean(column, (boolean) value);
      case INT, DATE -> row.writeInt(column, (int) value);
      case LONG, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE -> row.writeLong(column, (long) value);
      case FLOAT -> row.writeFloat(column, (float) value);
      case DOUBLE -> row.writeDouble(column, (double) value);
      case DECIMAL -> row.writeDecimal(column, (BigDecimal) value);
      case STRING, BINARY -> row.writeBytes(column, bytes(), 0, bytes().length);
    }
  }

  private byte[] bytes() {
    return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
  }

  /** Null first; then by value, where the two zeros are one and NaN is above all numbers. */
  @Override
  public int compareTo(Cell other) {
    if (value == null || other.value == null) {
      return Boolean.compare(value != null, other.value != null);
    }
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.compare((boolean) value, (boolean) other.value);
      case INT, DATE -> Integer.compare((int) value, (int) other.value);
      case LONG, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE ->
          Long.compare((long) value, (long) other.value);
      case FLOAT, DOUBLE -> compareFloating(number(), other.number());
      case DECIMAL -> ((BigDecimal) value).compareTo((BigDecimal) other.value);
      case STRING -> compareCodePoints((String) value, (String) other.value);
      case BINARY -> Arrays.compareUnsigned((byte[]) value, (byte[]) other.value);
    };
  }

  private double number() {
    return ((Number) value).doubleValue();
  }

  private static int compareFloating(double left, double right) {
    if (Double.isNaN(left) || Double.isNaN(right)) {
      return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
    }
    if (left < right) {
      return -1;
    }
    return left > right ? 1 : 0;
  }

  private static int compareCodePoints(String left, String right) {
    return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
  }

  /** Two cells are equal when the values compare as equal: it is the order that counts. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Cell that && type.equals(that.type) && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
