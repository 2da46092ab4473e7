package io.datamirror.table;

import java.util.Objects;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.types.RowKind;
import org.apache.flink.types.variant.Variant;

/**
 * The first columns of a stored row, and metadata behind them, without copying any of it.
 *
 * <p>Time stamps are stored to the microsecond, whatever precision was declared for them: they are
 * cut when they are asked for.
 */
final class ResolvedRow implements RowData {

  private static final int STORED_PRECISION = 6;
  private static final int NANO_DIGITS = 9;

  private final BinaryRowData row;
  private final int columns;
  private final Object[] metadata;
  private RowKind kind;

  /**
   * @param columns how many of the row's columns come first
   * @param metadata in Flink's internal form; not copied
   */
  ResolvedRow(RowKind kind, BinaryRowData row, int columns, Object[] metadata) {
    this.kind = kind;
    this.row = row;
    this.columns = columns;
    this.metadata = metadata;
  }

  @Override
  public int getArity() {
    return columns + metadata.length;
  }

  @Override
  public RowKind getRowKind() {
    return kind;
  }

  @Override
  public void setRowKind(RowKind changed) {
    kind = changed;
  }

  @Override
  public boolean isNullAt(int at) {
    return at < columns ? row.isNullAt(at) : metadata[at - columns] == null;
  }

  @Override
  public boolean getBoolean(int at) {
    return row.getBoolean(stored(at));
  }

  @Override
  public byte getByte(int at) {
    throw none("TINYINT");
  }

  @Override
  public short getShort(int at) {
    throw none("SMALLINT");
  }

  @Override
  public int getInt(int at) {
    return row.getInt(stored(at));
  }

  @Override
  public long getLong(int at) {
    return row.getLong(stored(at));
  }

  @Override
  public float getFloat(int at) {
    return row.getFloat(stored(at));
  }

  @Override
  public double getDouble(int at) {
    return row.getDouble(stored(at));
  }

  @Override
  public StringData getString(int at) {
    return at < columns ? row.getString(at) : (StringData) metadata[at - columns];
  }

  @Override
  public DecimalData getDecimal(int at, int precision, int scale) {
    return row.getDecimal(stored(at), precision, scale);
  }

  @Override
  public TimestampData getTimestamp(int at, int precision) {
    return at < columns
        ? cut(row.getTimestamp(at, STORED_PRECISION), precision)
        : (TimestampData) metadata[at - columns];
  }

  private static TimestampData cut(TimestampData stored, int precision) {
    if (precision >= STORED_PRECISION) {
      return stored;
    }
    long step = 1;
    for (int digit = precision; digit < NANO_DIGITS; digit++) {
      step *= 10;
    }
    long millis = stored.getMillisecond();
    long second = Math.floorDiv(millis, 1_000L);
    long nanos = Math.floorMod(millis, 1_000L) * 1_000_000L + stored.getNanoOfMillisecond();
    long kept = nanos - nanos % step;
    return TimestampData.fromEpochMillis(
        second * 1_000 + kept / 1_000_000, (int) (kept % 1_000_000));
  }

  @Override
  public byte[] getBinary(int at) {
    return row.getBinary(stored(at));
  }

  @Override
  public <T> RawValueData<T> getRawValue(int at) {
    throw none("RAW");
  }

  @Override
  public ArrayData getArray(int at) {
    throw none("ARRAY");
  }

  @Override
  public MapData getMap(int at) {
    throw none("MAP");
  }

  @Override
  public RowData getRow(int at, int fields) {
    throw none("ROW");
  }

  @Override
  public Variant getVariant(int at) {
    throw none("VARIANT");
  }

  private int stored(int at) {
    return Objects.checkIndex(at, columns);
  }

  private static IllegalStateException none(String type) {
    return new IllegalStateException("no column of a source is of type " + type);
  }
}
