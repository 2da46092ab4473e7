package io.datamirror.change;

import java.math.BigDecimal;

/** Where the values of a row go of which only key, rank or digest are wanted. */
public class DiscardedRow implements RowWriter {

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
  public void writeUnscaled(int column, long unscaled, int scale) {}

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {}
}
