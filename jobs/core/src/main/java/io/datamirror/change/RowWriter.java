package io.datamirror.change;

import java.math.BigDecimal;

/**
 * Receives the values of one row, column by column, without an object per value.
 *
 * <p>Columns are written in ascending order, each at most once. Which method serves which type is
 * said at {@link ColumnType.Kind}. Byte arrays are read during the call only.
 */
public interface RowWriter {

  /** Begins a new row: all columns are null until they are written. */
  void reset();

  void writeNull(int column);

  void writeBoolean(int column, boolean value);

  void writeInt(int column, int value);

  void writeLong(int column, long value);

  void writeFloat(int column, float value);

  void writeDouble(int column, double value);

  /** Writes a decimal whose scale is already that of the column. */
  void writeDecimal(int column, BigDecimal value);

  /**
   * Writes a decimal as a whole number.
   *
   * @param unscaled the value times 10 to the power of {@code scale}
   * @param scale that of the column
   */
  default void writeUnscaled(int column, long unscaled, int scale) {
    writeDecimal(column, BigDecimal.valueOf(unscaled, scale));
  }

  void writeBytes(int column, byte[] bytes, int offset, int length);
}
