package io.datamirror.feed;

import io.datamirror.change.BigEndian;
import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.feed.WireFormats.Format;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Takes the value of a column from the bytes that came over the wire, without an object in between.
 *
 * <p>What is out of the ordinary (infinities, years before the first, digits that do not fit, bytes
 * that are no UTF-8) is left to the getter, which says what is wrong with it. So every value is
 * judged in one place, and both ways give the same.
 */
final class RawDecoder implements ColumnDecoder {

  /** From 1970-01-01 to 2000-01-01, where PostgreSQL's time begins. */
  private static final int EPOCH_DAYS = 10_957;

  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long EPOCH_MICROS = EPOCH_DAYS * MICROS_PER_DAY;
  // The years 1 to 9999, see Temporals.
  private static final int FIRST_DAY = -719_162;
  private static final int LAST_DAY = 2_932_896;
  private static final int MICROS_PER_MILLI = 1_000;

  private final Getter getter;
  private final ColumnType type;
  private final ColumnDecoder otherwise;

  private RawDecoder(Getter getter, ColumnType type, ColumnDecoder otherwise) {
    this.getter = getter;
    this.type = type;
    this.otherwise = otherwise;
  }

  /**
   * A decoder of raw bytes where they have a meaning, else {@code otherwise}.
   *
   * @param otherwise the decoder by the getter
   */
  static ColumnDecoder of(Reading reading, Format format, ColumnDecoder otherwise) {
    boolean raw =
        switch (format) {
          case UNKNOWN -> false;
          // The driver asks for booleans as text.
          case TEXT -> isText(reading.getter()) || reading.getter() == Getter.BOOLEAN;
          case BINARY -> !isText(reading.getter()) && fits(reading);
        };
    return raw ? new RawDecoder(reading.getter(), reading.type(), otherwise) : otherwise;
  }

  private static boolean isText(Getter getter) {
    return getter == Getter.TEXT || getter == Getter.PADDED_TEXT;
  }

  private static boolean fits(Reading reading) {
    return switch (reading.getter()) {
      case DECIMAL -> reading.type().precision() <= RawDecimal.MOST_DIGITS;
      // The getter gives the same bytes.
      case BINARY -> false;
      case BOOLEAN,
          INT,
          LONG,
          FLOAT,
          DOUBLE,
          DATE,
          TIME,
          TIMESTAMP,
          TIMESTAMP_WITH_ZONE,
          TEXT,
          PADDED_TEXT ->
          true;
    };
  }

  @Override
  public void decode(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    byte[] bytes = row.getBytes(index);
    if (bytes == null) {
      to.writeNull(column);
    } else if (!write(bytes, to, column)) {
      otherwise.decode(row, index, to, column);
    }
  }

  /** Writes an ordinary value; false, and nothing written, for any other. */
  private boolean write(byte[] bytes, RowWriter to, int column) {
    return switch (getter) {
      case BOOLEAN -> writeBoolean(bytes, to, column);
      case INT -> writeInt(bytes, to, column);
      case LONG -> writeLong(bytes, to, column);
      case FLOAT -> writeFloat(bytes, to, column);
      case DOUBLE -> writeDouble(bytes, to, column);
      case DECIMAL -> writeDecimal(bytes, to, column);
      case DATE -> writeDate(bytes, to, column);
      case TIME -> writeTime(bytes, to, column);
      case TIMESTAMP, TIMESTAMP_WITH_ZONE -> writeTimestamp(bytes, to, column);
      case TEXT -> writeText(bytes, bytes.length, to, column);
      case PADDED_TEXT -> writeText(bytes, withoutPadding(bytes), to, column);
      case BINARY -> false;
    };
  }

  private static boolean writeBoolean(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != 1) {
      return false;
    }
    switch (bytes[0]) {
      case 0, 'f' -> to.writeBoolean(column, false);
      case 1, 't' -> to.writeBoolean(column, true);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean writeInt(byte[] bytes, RowWriter to, int column) {
    if (bytes.length == Integer.BYTES) {
      to.writeInt(column, (int) BigEndian.INT.get(bytes, 0));
      return true;
    }
    if (bytes.length == Short.BYTES) {
      to.writeInt(column, (short) BigEndian.SHORT.get(bytes, 0));
      return true;
    }
    return false;
  }

  private static boolean writeLong(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != Long.BYTES) {
      return false;
    }
    to.writeLong(column, (long) BigEndian.LONG.get(bytes, 0));
    return true;
  }

  private static boolean writeFloat(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != Float.BYTES) {
      return false;
    }
    to.writeFloat(column, Float.intBitsToFloat((int) BigEndian.INT.get(bytes, 0)));
    return true;
  }

  private static boolean writeDouble(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != Double.BYTES) {
      return false;
    }
    to.writeDouble(column, Double.longBitsToDouble((long) BigEndian.LONG.get(bytes, 0)));
    return true;
  }

  private boolean writeDecimal(byte[] bytes, RowWriter to, int column) {
    long unscaled = RawDecimal.unscaled(bytes, type.precision(), type.scale());
    if (unscaled == RawDecimal.NONE) {
      return false;
    }
    to.writeUnscaled(column, unscaled, type.scale());
    return true;
  }

  private static boolean writeDate(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != Integer.BYTES) {
      return false;
    }
    long days = (long) (int) BigEndian.INT.get(bytes, 0) + EPOCH_DAYS;
    if (days < FIRST_DAY || days > LAST_DAY) {
      return false;
    }
    to.writeInt(column, (int) days);
    return true;
  }

  private static boolean writeTime(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != Long.BYTES) {
      return false;
    }
    long micros = (long) BigEndian.LONG.get(bytes, 0);
    if (micros < 0 || micros >= MICROS_PER_DAY || micros % MICROS_PER_MILLI != 0) {
      return false;
    }
    to.writeLong(column, micros);
    return true;
  }

  private static boolean writeTimestamp(byte[] bytes, RowWriter to, int column) {
    if (bytes.length != Long.BYTES) {
      return false;
    }
    long micros = (long) BigEndian.LONG.get(bytes, 0);
    if (micros < FIRST_DAY * MICROS_PER_DAY - EPOCH_MICROS
        || micros >= (LAST_DAY + 1) * MICROS_PER_DAY - EPOCH_MICROS) {
      return false;
    }
    to.writeLong(column, micros + EPOCH_MICROS);
    return true;
  }

  private static boolean writeText(byte[] bytes, int length, RowWriter to, int column) {
    if (!Utf8.valid(bytes, length)) {
      return false;
    }
    to.writeBytes(column, bytes, 0, length);
    return true;
  }

  private static int withoutPadding(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == ' ') {
      end--;
    }
    return end;
  }
}
