package io.datamirror.lake;

import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.data.writer.BinaryRowWriter;

/**
 * Writes the stored columns of a change into a binary row. One thread at a time.
 *
 * <p>Times of day are kept as milliseconds, timestamps to the microsecond, decimals as their column
 * says: the form that the lake's writers take.
 */
public final class RowBuffer implements RowWriter {

  /** Rows are seldom larger; a larger one makes the buffer grow for good. */
  private static final int FIRST_BYTES = 512;

  private static final int MICROS_PER_MILLI = 1_000;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int MICROSECONDS = 6;

  private final ColumnType[] types;
  private final BinaryRowData row;
  private final BinaryRowWriter writer;
  private int next;

  /**
   * @param columns the stored columns, in order
   */
  public RowBuffer(List<Column> columns) {
    this(columns, columns.size());
  }

  /**
   * @param columns the stored columns, in order
   * @param arity how many columns the rows have; those behind the stored ones are null
   */
  public RowBuffer(List<Column> columns, int arity) {
    this.types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
    this.row = new BinaryRowData(arity);
    this.writer = new BinaryRowWriter(row, FIRST_BYTES);
  }

  /** The row written since {@link #reset}; columns that were not written are null. */
  public BinaryRowData take() {
    nullsUpTo(row.getArity());
    writer.complete();
    return row.copy();
  }

  @Override
  public void reset() {
    writer.reset();
    next = 0;
  }

  @Override
  public void writeNull(int column) {
    nullsUpTo(column + 1);
  }

  @Override
  public void writeBoolean(int column, boolean value) {
    reach(column);
    writer.writeBoolean(column, value);
  }

  @Override
  public void writeInt(int column, int value) {
    reach(column);
    writer.writeInt(column, value);
  }

  @Override
  public void writeLong(int column, long value) {
    reach(column);
    switch (types[column].kind()) {
      case TIME -> writer.writeInt(column, (int) (value / MICROS_PER_MILLI));
      case TIMESTAMP, TIMESTAMP_WITH_ZONE ->
          writer.writeTimestamp(column, timestamp(value), MICROSECONDS);
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL, DATE, STRING, BINARY ->
          writer.writeLong(column, value);
    }
  }

  @Override
  public void writeFloat(int column, float value) {
    reach(column);
    writer.writeFloat(column, value);
  }

  @Override
  public void writeDouble(int column, double value) {
    reach(column);
    writer.writeDouble(column, value);
  }

  @Override
  public void writeDecimal(int column, BigDecimal value) {
    reach(column);
    ColumnType type = types[column];
    DecimalData decimal = DecimalData.fromBigDecimal(value, type.precision(), type.scale());
    writer.writeDecimal(column, decimal, type.precision());
  }

  @Override
  public void writeUnscaled(int column, long unscaled, int scale) {
    if (DecimalData.isCompact(types[column].precision())) {
      reach(column);
      writer.writeLong(column, unscaled);
    } else {
      writeDecimal(column, BigDecimal.valueOf(unscaled, scale));
    }
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    reach(column);
    boolean whole = offset == 0 && length == bytes.length;
    if (whole) {
      // A binary row keeps text and bytes alike.
      writer.writeBinary(column, bytes);
    } else if (types[column].kind() == ColumnType.Kind.STRING) {
      writer.writeString(column, BinaryStringData.fromBytes(bytes, offset, length));
    } else {
      writer.writeBinary(column, Arrays.copyOfRange(bytes, offset, offset + length));
    }
  }

  static TimestampData timestamp(long micros) {
    long millis = Math.floorDiv(micros, MICROS_PER_MILLI);
    int rest = (int) Math.floorMod(micros, (long) MICROS_PER_MILLI);
    return TimestampData.fromEpochMillis(millis, rest * NANOS_PER_MICRO);
  }

  static long micros(TimestampData timestamp) {
    return timestamp.getMillisecond() * MICROS_PER_MILLI
        + timestamp.getNanoOfMillisecond() / NANOS_PER_MICRO;
  }

  private void reach(int column) {
    nullsUpTo(column);
    next = column + 1;
  }

  private void nullsUpTo(int end) {
    for (; next < end; next++) {
      writer.setNullAt(next);
    }
  }
}
