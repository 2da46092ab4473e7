package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import java.nio.charset.StandardCharsets;

/** Writes values of any form as the type that the spec asks for, see {@link Casts}. */
final class ValueWriter {

  private final ColumnType type;
  private final Utf8 utf8 = new Utf8();

  ValueWriter(ColumnType type) {
    this.type = type;
  }

  /**
   * Writes a value, which is not null.
   *
   * @throws BadValue if it does not fit
   */
  void write(Object value, RowWriter to, int column) throws BadValue {
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
