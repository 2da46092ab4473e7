package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import io.datamirror.feed.WireFormats.Format;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** Makes decoders. Numbers travel without an object each. */
final class Decoders {

  private Decoders() {}

  /**
   * The decoder of a column that is read as {@code reading} and becomes {@code type}.
   *
   * @param format what came over the wire
   */
  static ColumnDecoder of(Reading reading, ColumnType type, Format format) {
    return type.equals(reading.type())
        ? RawDecoder.of(reading, format, direct(reading))
        : new CastDecoder(reading.getter(), type);
  }

  private static ColumnDecoder direct(Reading reading) {
    return switch (reading.getter()) {
      case BOOLEAN -> Decoders::decodeBoolean;
      case INT -> Decoders::decodeInt;
      case LONG -> Decoders::decodeLong;
      case FLOAT -> Decoders::decodeFloat;
      case DOUBLE -> Decoders::decodeDouble;
      case DECIMAL -> decimal(reading.type());
      case DATE -> Decoders::decodeDate;
      case TIME -> Decoders::decodeTime;
      case TIMESTAMP -> Decoders::decodeTimestamp;
      case TIMESTAMP_WITH_ZONE -> Decoders::decodeTimestampWithZone;
      case TEXT -> ofText(reading.type());
      case PADDED_TEXT -> text(Padding.CUT);
      case BINARY -> Decoders::decodeBinary;
    };
  }

  /**
   * What is asked for as text, and is not cast, is text or a time in ISO form, to the last digit.
   */
  private static ColumnDecoder ofText(ColumnType type) {
    return switch (type.kind()) {
      case STRING -> text(Padding.KEPT);
      case DATE ->
          (row, index, to, column) -> {
            String value = row.getString(index);
            if (value == null) {
              to.writeNull(column);
            } else {
              to.writeInt(column, Temporals.days(LocalDate.parse(value)));
            }
          };
      case TIME -> temporal(value -> Temporals.micros(LocalTime.parse(value)));
      case TIMESTAMP -> temporal(value -> Temporals.micros(LocalDateTime.parse(value)));
      case TIMESTAMP_WITH_ZONE -> temporal(value -> Temporals.micros(OffsetDateTime.parse(value)));
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL, BINARY ->
          throw new IllegalArgumentException("text does not become " + type + " without a cast");
    };
  }

  private interface Micros {
    long of(String text) throws BadValue;
  }

  private static ColumnDecoder temporal(Micros micros) {
    return (row, index, to, column) -> {
      String value = row.getString(index);
      if (value == null) {
        to.writeNull(column);
      } else {
        to.writeLong(column, micros.of(value));
      }
    };
  }

  private static void decodeBoolean(ResultSet row, int index, RowWriter to, int column)
      throws SQLException {
    boolean value = row.getBoolean(index);
    if (row.wasNull()) {
      to.writeNull(column);
    } else {
      to.writeBoolean(column, value);
    }
  }

  private static void decodeInt(ResultSet row, int index, RowWriter to, int column)
      throws SQLException {
    int value = row.getInt(index);
    if (value == 0 && row.wasNull()) {
      to.writeNull(column);
    } else {
      to.writeInt(column, value);
    }
  }

  private static void decodeLong(ResultSet row, int index, RowWriter to, int column)
      throws SQLException {
    long value = row.getLong(index);
    if (value == 0 && row.wasNull()) {
      to.writeNull(column);
    } else {
      to.writeLong(column, value);
    }
  }

  private static void decodeFloat(ResultSet row, int index, RowWriter to, int column)
      throws SQLException {
    float value = row.getFloat(index);
    if (row.wasNull()) {
      to.writeNull(column);
    } else {
      to.writeFloat(column, value);
    }
  }

  private static void decodeDouble(ResultSet row, int index, RowWriter to, int column)
      throws SQLException {
    double value = row.getDouble(index);
    if (row.wasNull()) {
      to.writeNull(column);
    } else {
      to.writeDouble(column, value);
    }
  }

  private static ColumnDecoder decimal(ColumnType type) {
    return (row, index, to, column) -> {
      BigDecimal value = row.getBigDecimal(index);
      if (value == null) {
        to.writeNull(column);
      } else {
        to.writeDecimal(column, fit(value, type));
      }
    };
  }

  /**
   * The same number with the scale of {@code type}. It is judged before it is written out: an
   * exponent of a few digits may stand for a gigabyte of zeros.
   */
  static BigDecimal fit(BigDecimal value, ColumnType type) throws BadValue {
    if (value.signum() == 0) {
      return BigDecimal.valueOf(0, type.scale());
    }
    BigDecimal cut = value.scale() > type.scale() ? cut(value, type) : value;
    if ((long) cut.precision() - cut.scale() > type.precision() - type.scale()) {
      throw new BadValue("it has more digits than " + type);
    }
    return cut.setScale(type.scale(), RoundingMode.UNNECESSARY);
  }

  /** Without zeros that the type has no place for. */
  private static BigDecimal cut(BigDecimal value, ColumnType type) throws BadValue {
    if ((long) value.scale() - type.scale() >= value.precision()) {
      throw tooFine(type);
    }
    try {
      return value.setScale(type.scale(), RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw tooFine(type);
    }
  }

  private static BadValue tooFine(ColumnType type) {
    return new BadValue("it has more than " + type.scale() + " digits after the point");
  }

  private static void decodeDate(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    LocalDate value = row.getObject(index, LocalDate.class);
    if (value == null) {
      to.writeNull(column);
    } else {
      to.writeInt(column, Temporals.days(value));
    }
  }

  private static void decodeTime(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    LocalTime value = row.getObject(index, LocalTime.class);
    if (value == null) {
      to.writeNull(column);
    } else {
      to.writeLong(column, Temporals.micros(value));
    }
  }

  private static void decodeTimestamp(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    LocalDateTime value = row.getObject(index, LocalDateTime.class);
    if (value == null) {
      to.writeNull(column);
    } else {
      to.writeLong(column, Temporals.micros(value));
    }
  }

  private static void decodeTimestampWithZone(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    OffsetDateTime value = row.getObject(index, OffsetDateTime.class);
    if (value == null) {
      to.writeNull(column);
    } else {
      to.writeLong(column, Temporals.micros(value));
    }
  }

  /** What to do with spaces at the end. */
  private enum Padding {
    KEPT,
    CUT
  }

  private static ColumnDecoder text(Padding padding) {
    Utf8 utf8 = new Utf8();
    return (row, index, to, column) -> {
      String value = row.getString(index);
      if (value == null) {
        to.writeNull(column);
      } else {
        utf8.encode(padding == Padding.CUT ? withoutPadding(value) : value);
        to.writeBytes(column, utf8.bytes(), 0, utf8.length());
      }
    };
  }

  static String withoutPadding(String value) {
    int end = value.length();
    while (end > 0 && value.charAt(end - 1) == ' ') {
      end--;
    }
    return value.substring(0, end);
  }

  private static void decodeBinary(ResultSet row, int index, RowWriter to, int column)
      throws SQLException {
    byte[] value = row.getBytes(index);
    if (value == null) {
      to.writeNull(column);
    } else {
      to.writeBytes(column, value, 0, value.length);
    }
  }
}
