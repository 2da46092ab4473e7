package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import io.datamirror.feed.Reading.Getter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** Reads a value in its own form and writes it in the one that the spec asks for. */
final class CastDecoder implements ColumnDecoder {

  private final Getter getter;
  private final ColumnType type;
  private final Utf8 utf8 = new Utf8();

  CastDecoder(Getter getter, ColumnType type) {
    this.getter = getter;
    this.type = type;
  }

  @Override
  public void decode(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    Object value = read(row, index);
    if (value == null) {
      to.writeNull(column);
    } else {
      write(value, to, column);
    }
  }

  private Object read(ResultSet row, int index) throws SQLException {
    return switch (getter) {
      case BOOLEAN -> {
        boolean value = row.getBoolean(index);
        yield row.wasNull() ? null : value;
      }
      case INT, LONG -> {
        long value = row.getLong(index);
        yield row.wasNull() ? null : BigDecimal.valueOf(value);
      }
      case FLOAT, DOUBLE -> {
        double value = row.getDouble(index);
        yield row.wasNull() ? null : value;
      }
      case DECIMAL -> row.getBigDecimal(index);
      case DATE -> row.getObject(index, LocalDate.class);
      case TIME -> row.getObject(index, LocalTime.class);
      case TIMESTAMP -> row.getObject(index, LocalDateTime.class);
      case TIMESTAMP_WITH_ZONE -> row.getObject(index, OffsetDateTime.class);
      case TEXT -> row.getString(index);
      case PADDED_TEXT -> {
        String value = row.getString(index);
        yield value == null ? null : Decoders.withoutPadding(value);
      }
      case BINARY -> row.getBytes(index);
    };
  }

  private void write(Object value, RowWriter to, int column) throws BadValue {
    switch (type.kind()) {
      case BOOLEAN -> to.writeBoolean(column, Casts.toBoolean(value));
      case INT -> to.writeInt(column, Casts.toInt(value));
      case LONG -> to.writeLong(column, Casts.toLong(value));
      case FLOAT -> to.writeFloat(column, Casts.toFloat(value));
      case DOUBLE -> to.writeDouble(column, Casts.toDouble(value));
      case DECIMAL -> to.writeDecimal(column, Decoders.fit(Casts.toDecimal(value), type));
      case DATE -> to.writeInt(column, Temporals.days(Casts.toDate(value)));
      case TIME -> to.writeLong(column, Temporals.micros(Casts.toTime(value)));
      case TIMESTAMP -> to.writeLong(column, Temporals.micros(Casts.toTimestamp(value)));
      case TIMESTAMP_WITH_ZONE ->
          to.writeLong(column, Temporals.micros(Casts.toTimestampWithZone(value)));
      case STRING -> {
        utf8.encode(Casts.toText(value));
        to.writeBytes(column, utf8.bytes(), 0, utf8.length());
      }
      case BINARY -> {
        byte[] bytes =
            value instanceof byte[] binary
                ? binary
                : Casts.toText(value).getBytes(StandardCharsets.UTF_8);
        to.writeBytes(column, bytes, 0, bytes.length);
      }
    }
  }
}
