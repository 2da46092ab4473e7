package io.datamirror.demo;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The real history of the demo's tables as records, for tests of sources that hold records. */
public final class DemoRecords {

  private DemoRecords() {}

  /** The changes of a table in an order: column to value, null where the field is empty. */
  public static List<Map<String, Object>> changes(DemoTable table, DemoOrder order) {
    List<Map<String, Object>> records = new ArrayList<>();
    try (DemoFile file = table.changes()) {
      List<String> header = file.header();
      Iterator<String[]> changes = order.of(table, file);
      while (changes.hasNext()) {
        records.add(record(header, changes.next()));
      }
    }
    return records;
  }

  private static Map<String, Object> record(List<String> header, String[] fields) {
    Map<String, Object> record = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i++) {
      record.put(header.get(i), value(header.get(i), fields[i]));
    }
    return record;
  }

  private static Object value(String column, String field) {
    return switch (column) {
      case "_change_request_type", "_commit_timestamp" -> field;
      case "_commit_version" -> Long.valueOf(field);
      default -> DemoType.ofColumn(column).value(field);
    };
  }

  /** The schema of a table's changes in Avro, in which everything but the version may be null. */
  public static String avroSchema(DemoTable table) {
    try (DemoFile file = table.changes()) {
      return file.header().stream()
          .map(column -> "{\"name\": \"" + column + "\", \"type\": " + avroType(column) + "}")
          .collect(
              Collectors.joining(
                  ", ", "{\"type\": \"record\", \"name\": \"Change\", \"fields\": [", "]}"));
    }
  }

  private static String avroType(String column) {
    if (column.equals("_commit_version")) {
      return "\"long\"";
    }
    return switch (DemoType.ofColumn(column)) {
      case WHOLE -> "[\"null\", \"int\"]";
      case NUMBER -> "[\"null\", \"double\"]";
      case TEXT -> "[\"null\", \"string\"]";
    };
  }

  /** The table as it stands in a spec, without its source. */
  public static String spec(DemoTable table) {
    return """
          - name: %s
            primary-key: [id]
            version: [_commit_version]
            timestamp: _commit_timestamp
            columns: { exclude: [_commit_timestamp] }
            schema: { %s }
        """
        .formatted(table.lakeName(), schema(table));
  }

  private static String schema(DemoTable table) {
    try (DemoFile file = table.changes()) {
      return file.header().stream()
          .filter(column -> !column.equals("_change_request_type"))
          .map(column -> column + ": " + type(column))
          .collect(Collectors.joining(", "));
    }
  }

  private static String type(String column) {
    return switch (column) {
      case "_commit_timestamp" -> "timestamptz";
      case "_commit_version" -> "long";
      default ->
          switch (DemoType.ofColumn(column)) {
            case WHOLE -> "int";
            case NUMBER -> "double";
            case TEXT -> "string";
          };
    };
  }
}
