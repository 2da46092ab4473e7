package io.datamirror.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.apache.flink.table.data.RowData;

/**
 * Rows of the lake as the ledger shows them: JSON objects of source columns, binary in base64,
 * decimals, dates and times as text.
 */
public final class RowJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MICROSECONDS = 6;
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final List<Column> columns;
  private final int[] all;
  private final int[] key;
  private final List<Integer> version;
  private final int order;

  public RowJson(ChangeLayout layout) {
    int[] storedAt = layout.storedPositions();
    this.columns = layout.storedColumns();
    this.all = java.util.stream.IntStream.range(0, columns.size()).toArray();
    this.key = layout.storedKey().stream().mapToInt(Integer::intValue).toArray();
    this.version = new ArrayList<>();
    layout.version().forEach(column -> version.add(storedAt[column]));
    this.order = layout.order() < 0 ? -1 : storedAt[layout.order()];
  }

  /** The whole row. */
  String row(RowData row) {
    return object(row, all);
  }

  /** Its key columns. */
  String key(RowData row) {
    return object(row, key);
  }

  /** Its version as text, columns separated by commas; null when the row does not hold it. */
  public String version(RowData row) {
    if (version.isEmpty() || version.contains(-1)) {
      return null;
    }
    StringJoiner text = new StringJoiner(", ");
    version.forEach(column -> text.add(String.valueOf(text(row, column))));
    return text.toString();
  }

  /** Its order as text; null when the row does not hold it. */
  public String order(RowData row) {
    return order < 0 ? null : text(row, order);
  }

  private String object(RowData row, int[] members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (int member : members) {
        json.writeFieldName(columns.get(member).source());
        write(json, row, member);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private void write(JsonGenerator json, RowData row, int at) throws IOException {
    if (row.isNullAt(at)) {
      json.writeNull();
      return;
    }
    switch (columns.get(at).type().kind()) {
      case BOOLEAN -> json.writeBoolean(row.getBoolean(at));
      case INT -> json.writeNumber(row.getInt(at));
      case LONG -> json.writeNumber(row.getLong(at));
      case FLOAT -> json.writeNumber(row.getFloat(at));
      case DOUBLE -> json.writeNumber(row.getDouble(at));
      case BINARY -> json.writeBinary(row.getBinary(at));
      case DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, STRING ->
          json.writeString(text(row, at));
    }
  }

  private String text(RowData row, int at) {
    if (row.isNullAt(at)) {
      return null;
    }
    ColumnType type = columns.get(at).type();
    return switch (type.kind()) {
      case BOOLEAN -> String.valueOf(row.getBoolean(at));
      case INT -> String.valueOf(row.getInt(at));
      case LONG -> String.valueOf(row.getLong(at));
      case FLOAT -> String.valueOf(row.getFloat(at));
      case DOUBLE -> String.valueOf(row.getDouble(at));
      case DECIMAL ->
          row.getDecimal(at, type.precision(), type.scale()).toBigDecimal().toPlainString();
      case DATE -> LocalDate.ofEpochDay(row.getInt(at)).toString();
      case TIME -> LocalTime.ofNanoOfDay(row.getInt(at) * NANOS_PER_MILLI).toString();
      case TIMESTAMP -> row.getTimestamp(at, MICROSECONDS).toLocalDateTime().toString();
      case TIMESTAMP_WITH_ZONE -> instant(row, at).toString();
      case STRING -> row.getString(at).toString();
      case BINARY -> java.util.Base64.getEncoder().encodeToString(row.getBinary(at));
    };
  }

  private static Instant instant(RowData row, int at) {
    return row.getTimestamp(at, MICROSECONDS).toInstant();
  }
}
