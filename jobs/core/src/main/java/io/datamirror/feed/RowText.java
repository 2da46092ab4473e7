package io.datamirror.feed;

import io.datamirror.feed.Reading.Getter;
import io.datamirror.sql.SqlErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

/**
 * Shows a row that cannot be applied: what the driver gives, as text, whatever is wrong with it.
 */
final class RowText {

  private final RowPlan plan;
  private final int[] indexes;
  private final int operationIndex;

  RowText(RowPlan plan) {
    this.plan = plan;
    this.indexes = new int[plan.columns().size()];
    int next = 1;
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = plan.columns().get(i) == null ? 0 : next++;
    }
    this.operationIndex = plan.operation() == null ? 0 : next;
  }

  /** The place of a column of the layout in the rows, from 1; 0 if it is not read. */
  int index(int column) {
    return indexes[column];
  }

  /** The place of the operation, from 1; 0 if there is none. */
  int operationIndex() {
    return operationIndex;
  }

  /** The row as a JSON object of source columns. */
  String row(ResultSet row) throws SQLException {
    JsonText json = new JsonText();
    for (int i = 0; i < indexes.length; i++) {
      if (indexes[i] > 0) {
        append(json, row, i);
      }
    }
    if (operationIndex > 0) {
      string(json.name(plan.operation().name()), row, operationIndex);
    }
    return json.end();
  }

  /** Some columns of the row as a JSON object. */
  String object(ResultSet row, List<Integer> columns) throws SQLException {
    JsonText json = new JsonText();
    for (int column : columns) {
      append(json, row, column);
    }
    return json.end();
  }

  /** Some columns of the row as text with commas between; null if all of them are null. */
  String text(ResultSet row, List<Integer> columns) throws SQLException {
    StringJoiner text = new StringJoiner(", ");
    boolean any = false;
    for (int column : columns) {
      String value = indexes[column] == 0 ? null : value(row, indexes[column]);
      any |= value != null;
      text.add(value == null ? "null" : value);
    }
    return any ? text.toString() : null;
  }

  private void append(JsonText json, ResultSet row, int column) throws SQLException {
    json.name(plan.layout().columns().get(column).source());
    int index = indexes[column];
    if (index == 0) {
      json.nothing();
      return;
    }
    Getter getter = plan.columns().get(column).getter();
    switch (getter) {
      case BOOLEAN, INT, LONG, DECIMAL -> {
        String value = value(row, index);
        if (value == null) {
          json.nothing();
        } else {
          json.plain(getter == Getter.BOOLEAN ? truth(value) : value);
        }
      }
      case BINARY -> {
        byte[] bytes = row.getBytes(index);
        if (bytes == null) {
          json.nothing();
        } else {
          json.string(Base64.getEncoder().encodeToString(bytes));
        }
      }
      case FLOAT, DOUBLE, DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, TEXT, PADDED_TEXT ->
          string(json, row, index);
    }
  }

  private static String truth(String value) {
    return switch (value) {
      case "t", "1", "TRUE" -> "true";
      case "f", "0", "FALSE" -> "false";
      default -> value;
    };
  }

  private static void string(JsonText json, ResultSet row, int index) throws SQLException {
    String value = value(row, index);
    if (value == null) {
      json.nothing();
    } else {
      json.string(value);
    }
  }

  private static String value(ResultSet row, int index) throws SQLException {
    try {
      return row.getString(index);
    } catch (SQLException e) {
      if (!SqlErrors.aboutData(e)) {
        throw e;
      }
      // Not even text, for example bytes that are no UTF-8: then its bytes.
      byte[] bytes = row.getBytes(index);
      return "base64:" + Base64.getEncoder().encodeToString(bytes);
    }
  }
}
