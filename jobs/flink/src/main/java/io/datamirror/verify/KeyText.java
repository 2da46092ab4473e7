package io.datamirror.verify;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.RowWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

/** Catches the key columns of a row as they are written, and says the key as JSON. */
final class KeyText implements RowWriter {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final List<Column> stored;
  private final List<Integer> key;
  private final boolean[] wanted;
  private final Object[] values;

  KeyText(ChangeLayout layout) {
    this.stored = layout.storedColumns();
    this.key = layout.storedKey();
    this.wanted = new boolean[stored.size()];
    this.values = new Object[stored.size()];
    key.forEach(column -> wanted[column] = true);
  }

  /** The key of the row that was written last, such as {@code {"id":7}}. */
  String json() {
    StringBuilder json = new StringBuilder("{");
    for (int column : key) {
      json.append(json.length() > 1 ? "," : "");
      JsonText.append(json, stored.get(column).name());
      json.append(':');
      append(json, stored.get(column).type(), values[column]);
    }
    return json.append('}').toString();
  }

  /** The same key in the words of the ledger: columns of the source, decimals as text. */
  String ledgerJson() {
    StringBuilder json = new StringBuilder("{");
    for (int column : key) {
      json.append(json.length() > 1 ? "," : "");
      JsonText.append(json, stored.get(column).source());
      json.append(':');
      if (values[column] instanceof BigDecimal decimal) {
        JsonText.append(json, decimal.toPlainString());
      } else {
        append(json, stored.get(column).type(), values[column]);
      }
    }
    return json.append('}').toString();
  }

  private static void append(StringBuilder json, ColumnType type, Object value) {
    if (value == null) {
      json.append("null");
      return;
    }
    switch (type.kind()) {
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> json.append(value);
      case DECIMAL -> json.append(((BigDecimal) value).toPlainString());
      case DATE -> JsonText.append(json, LocalDate.ofEpochDay((Integer) value).toString());
      case TIME -> JsonText.append(json, LocalTime.ofNanoOfDay((Long) value * 1_000).toString());
      case TIMESTAMP -> JsonText.append(json, localTime((Long) value).toString());
      case TIMESTAMP_WITH_ZONE -> JsonText.append(json, instant((Long) value).toString());
      case STRING -> JsonText.append(json, new String((byte[]) value, StandardCharsets.UTF_8));
      case BINARY -> JsonText.append(json, Base64.getEncoder().encodeToString((byte[]) value));
    }
  }

  private static LocalDateTime localTime(long micros) {
    return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  private void keep(int column, Object value) {
    if (wanted[column]) {
      values[column] = value;
    }
  }

  @Override
  public void reset() {
    key.forEach(column -> values[column] = null);
  }

  @Override
  public void writeNull(int column) {
    keep(column, null);
  }

  @Override
  public void writeBoolean(int column, boolean value) {
    if (wanted[column]) {
      values[column] = value;
    }
  }

  @Override
  public void writeInt(int column, int value) {
    if (wanted[column]) {
      values[column] = value;
    }
  }

  @Override
  public void writeLong(int column, long value) {
    if (wanted[column]) {
      values[column] = value;
    }
  }

  @Override
  public void writeFloat(int column, float value) {
    if (wanted[column]) {
      values[column] = value;
    }
  }

  @Override
  public void writeDouble(int column, double value) {
    if (wanted[column]) {
      values[column] = value;
    }
  }

  @Override
  public void writeDecimal(int column, BigDecimal value) {
    keep(column, value);
  }

  @Override
  public void writeBytes(int column, byte[] bytes, int offset, int length) {
    if (wanted[column]) {
      byte[] copy = new byte[length];
      System.arraycopy(bytes, offset, copy, 0, length);
      values[column] = copy;
    }
  }
}
