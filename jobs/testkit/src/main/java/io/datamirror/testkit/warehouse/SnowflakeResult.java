package io.datamirror.testkit.warehouse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Rows as Snowflake's server sends them: every cell a text. */
record SnowflakeResult(List<Map<String, Object>> columns, List<List<String>> rows) {

  SnowflakeResult {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /** A column that is described, of a length that suits every test. */
  static Map<String, Object> column(String name, String type, int precision, int scale) {
    return Map.of(
        "name",
        name,
        "type",
        type,
        "nullable",
        true,
        "length",
        16_777_216,
        "byteLength",
        16_777_216,
        "precision",
        precision,
        "scale",
        scale,
        "database",
        "",
        "schema",
        "",
        "table",
        "");
  }

  static List<Map<String, Object>> texts(String... names) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(column(name, "text", 0, 0));
    }
    return columns;
  }

  /** A row in which null may stand. */
  static List<String> row(String... cells) {
    List<String> row = new ArrayList<>();
    Collections.addAll(row, cells);
    return Collections.unmodifiableList(row);
  }
}
