package io.datamirror.change;

import io.datamirror.change.ColumnType.Kind;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;

/**
 * Makes a change out of the values of one row: writes the stored columns on, and works out the key,
 * the rank and the time as they pass.
 *
 * <p>Columns are numbered as in {@link ChangeLayout#columns} and are written in that order, each at
 * most once. The same values give the same key and rank, wherever they come from: a feed, a replay,
 * or the lake. One thread at a time; no allocation but the rank and the key identity.
 */
public final class ChangeAssembler implements RowWriter {

  private static final int MICROS_PER_MILLI = 1_000;
  private static final long MILLIS_PER_DAY = 86_400_000L;

  private final ChangeLayout layout;
  private final int table;
  private final RowWriter row;
  private final int[] storedAt;
  private final Kind[] kinds;
  private final OrderedBytes[] encoded;
  private final OrderedBytes key = new OrderedBytes();
  private final OrderedBytes rank = new OrderedBytes();
  private final ContentHash content = new ContentHash();
  private final BitSet written = new BitSet();
  private long timeMillis;

  /**
   * @param layout where the parts stand
   * @param row where the stored columns go, numbered as in {@link ChangeLayout#storedColumns}
   */
  public ChangeAssembler(ChangeLayout layout, RowWriter row) {
    this.layout = layout;
    this.table = layout.tableNumber();
    this.row = row;
    this.storedAt = layout.storedPositions();
    this.kinds = layout.columns().stream().map(c -> c.type().kind()).toArray(Kind[]::new);
    this.encoded = new OrderedBytes[layout.columns().size()];
    layout.key().forEach(this::encode);
    layout.version().forEach(this::encode);
    if (layout.order() >= 0) {
      encode(layout.order());
    }
  }

  private void encode(int column) {
    if (encoded[column] == null) {
      encoded[column] = new OrderedBytes();
    }
  }

  @Override
  public void reset() {
    row.reset();
    content.clear();
    written.clear();
    timeMillis = Long.MIN_VALUE;
  }

  /** Whether a key column is null. */
  public boolean keyMissing() {
    return missing(layout.key());
  }

  /** Whether a version column is null. */
  public boolean versionMissing() {
    return missing(layout.version());
  }

  /** Whether {@code column} is null. */
  public boolean missing(int column) {
    return !written.get(column);
  }

  /** The key of the row; every key column has been written. */
  public KeyId key() {
    key.clear();
    for (int column : layout.key()) {
      key.append(encoded[column]);
    }
    return KeyId.of(table, key.bytes(), key.length());
  }

  /** The rank of the row as a change that asks for {@code operation}. */
  public byte[] rank(Operation operation) {
    rank.clear();
    for (int column : layout.version()) {
      appendOrNull(column);
    }
    if (layout.order() >= 0) {
      appendOrNull(layout.order());
    } else {
      rank.writeNull();
    }
    rank.writeByte(Rank.tieByte(operation, layout.tie()));
    rank.writeRaw(operation == Operation.DELETE ? 0 : content.value(), Long.BYTES);
    return rank.copy();
  }

  /** The value of the time column in epoch milliseconds, or {@link Long#MIN_VALUE}. */
  public long timeMillis() {
    return timeMillis;
  }

  private boolean missing(List<Integer> columns) {
    for (int column : columns) {
      if (!written.get(column)) {
        return true;
      }
    }
    return false;
  }

  private void appendOrNull(int column) {
    if (written.get(column)) {
      rank.append(encoded[column]);
    } else {
      rank.writeNull();
    }
  }

  @Override
  public void writeNull(int column) {
    if (storedAt[column] >= 0) {
      row.writeNull(storedAt[column]);
    }
  }

  @Override
  public void writeBoolean(int column, boolean value) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeBoolean(value);
    }
    if (storedAt[column] >= 0) {
      content.addLong(storedAt[column], value ? 1 : 0);
      row.writeBoolean(storedAt[column], value);
    }
  }

  @Override
  public void writeInt(int column, int value) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeInt(value);
    }
    if (column == layout.time() && kind(column) == Kind.DATE) {
      timeMillis = value * MILLIS_PER_DAY;
    }
    if (storedAt[column] >= 0) {
      content.addLong(storedAt[column], value);
      row.writeInt(storedAt[column], value);
    }
  }

  @Override
  public void writeLong(int column, long value) {
    // The lake's rows hold times of day to the millisecond: key, rank and hash are of what can be
    // read back, or a restart from the lake would see other keys.
    long kept = kind(column) == Kind.TIME ? value - value % MICROS_PER_MILLI : value;
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeLong(kept);
    }
    if (column == layout.time()) {
      timeMillis = kind(column) == Kind.LONG ? value : Math.floorDiv(value, MICROS_PER_MILLI);
    }
    if (storedAt[column] >= 0) {
      content.addLong(storedAt[column], kept);
      row.writeLong(storedAt[column], kept);
    }
  }

  @Override
  public void writeFloat(int column, float value) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeDouble(value);
    }
    if (storedAt[column] >= 0) {
      content.addLong(storedAt[column], Float.floatToIntBits(value));
      row.writeFloat(storedAt[column], value);
    }
  }

  @Override
  public void writeDouble(int column, double value) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeDouble(value);
    }
    if (storedAt[column] >= 0) {
      content.addLong(storedAt[column], Double.doubleToLongBits(value));
      row.writeDouble(storedAt[column], value);
    }
  }

  @Override
  public void writeDecimal(int column, BigDecimal value) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeDecimal(value);
    }
    if (storedAt[column] >= 0) {
      content.addDecimal(storedAt[column], value);
      row.writeDecimal(storedAt[column], value);
    }
  }

  @Override
  public void writeUnscaled(int column, long unscaled, int scale) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeUnscaled(unscaled);
    }
    if (storedAt[column] >= 0) {
      content.addUnscaled(storedAt[column], unscaled);
      row.writeUnscaled(storedAt[column], unscaled, scale);
    }
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    written.set(column);
    if (encoded[column] != null) {
      encoded[column].clear();
      encoded[column].writeBytes(bytes, offset, length);
    }
    if (storedAt[column] >= 0) {
      content.addBytes(storedAt[column], bytes, offset, length);
      row.writeBytes(storedAt[column], bytes, offset, length);
    }
  }

  private Kind kind(int column) {
    return kinds[column];
  }
}
