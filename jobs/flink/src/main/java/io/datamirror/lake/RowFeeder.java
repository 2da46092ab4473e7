package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * Gives the values of a row of the lake to a writer of changes, so that key, rank and time of the
 * row are those of the change that wrote it.
 */
public final class RowFeeder {

  private static final int MICROSECONDS = 6;
  private static final long MICROS_PER_MILLI = 1_000;

  private final List<Column> columns;
  private final int[] storedAt;

  /**
   * @param layout the layout of the table; the rows hold its stored columns in order
   */
  public RowFeeder(ChangeLayout layout) {
    this.columns = layout.columns();
    this.storedAt = layout.storedPositions();
  }

  /** Resets {@code target} and writes all stored columns of {@code row} into it. */
  public void feed(RowData row, RowWriter target) {
    target.reset();
    for (int column = 0; column < storedAt.length; column++) {
      int at = storedAt[column];
      if (at < 0) {
        continue;
      }
      if (row.isNullAt(at)) {
        target.writeNull(column);
      } else {
        feed(row, at, target, column);
      }
    }
  }

  private void feed(RowData row, int at, RowWriter target, int column) {
    ColumnType type = columns.get(column).type();
    switch (type.kind()) {
      case BOOLEAN -> target.writeBoolean(column, row.getBoolean(at));
      case INT, DATE -> target.writeInt(column, row.getInt(at));
      case LONG -> target.writeLong(column, row.getLong(at));
      case FLOAT -> target.writeFloat(column, row.getFloat(at));
      case DOUBLE -> target.writeDouble(column, row.getDouble(at));
      case DECIMAL ->
          target.writeDecimal(
              column, row.getDecimal(at, type.precision(), type.scale()).toBigDecimal());
      case TIME -> target.writeLong(column, row.getInt(at) * MICROS_PER_MILLI);
      case TIMESTAMP, TIMESTAMP_WITH_ZONE ->
          target.writeLong(column, RowBuffer.micros(row.getTimestamp(at, MICROSECONDS)));
      case STRING -> writeBytes(target, column, utf8(row.getString(at)));
      case BINARY -> writeBytes(target, column, row.getBinary(at));
    }
  }

  private static void writeBytes(RowWriter target, int column, byte[] bytes) {
    target.writeBytes(column, bytes, 0, bytes.length);
  }

  private static byte[] utf8(StringData text) {
    return text instanceof BinaryStringData binary ? binary.toBytes() : text.toBytes();
  }
}
