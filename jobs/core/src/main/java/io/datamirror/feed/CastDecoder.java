package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import io.datamirror.feed.Reading.Getter;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** Reads a value in its own form and writes it in the one that the spec asks for. */
final class CastDecoder implements ColumnDecoder {

  private final Getter getter;
  private final ValueWriter writer;

  CastDecoder(Getter getter, ColumnType type) {
    this.getter = getter;
    this.writer = new ValueWriter(type);
  }

  @Override
  public void decode(ResultSet row, int index, RowWriter to, int column)
      throws SQLException, BadValue {
    Object value = read(row, index);
    if (value == null) {
      to.writeNull(column);
    } else {
      writer.write(value, to, column);
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
      case FLOAT -> {
        // As a double it would have digits that nobody wrote.
        float value = row.getFloat(index);
        yield row.wasNull() ? null : value;
      }
      case DOUBLE -> {
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
}
