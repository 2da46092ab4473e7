package io.datamirror.avro;

import io.datamirror.record.NestedJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of Avro as records have them: what is nested becomes the text of JSON. */
final class AvroValues {

  private AvroValues() {}

  /** The values of a row by column. */
  static Map<String, Object> columns(Map<?, ?> row) {
    Map<String, Object> columns = new LinkedHashMap<>();
    row.forEach((name, value) -> columns.put((String) name, column(value)));
    return columns;
  }

  private static Object column(Object value) {
    return value instanceof Map || value instanceof List ? NestedJson.of(value) : value;
  }
}
