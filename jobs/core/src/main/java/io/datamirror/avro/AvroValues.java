package io.datamirror.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datamirror.record.SourceRecord;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of Avro as records have them: what is nested becomes the text of JSON. */
final class AvroValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  private AvroValues() {}

  /** The values of a row by column. */
  static Map<String, Object> columns(Map<?, ?> row) {
    Map<String, Object> columns = new LinkedHashMap<>();
    row.forEach((name, value) -> columns.put((String) name, column(value)));
    return columns;
  }

  private static Object column(Object value) {
    return value instanceof Map || value instanceof List
        ? new SourceRecord.Nested(json(value).toString())
        : value;
  }

  /** What JSON has no word for, such as a time or what is no number, is text there. */
  private static JsonNode json(Object value) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof Map<?, ?> row) {
      ObjectNode object = JSON.objectNode();
      row.forEach((name, field) -> object.set((String) name, json(field)));
      return object;
    }
    if (value instanceof List<?> items) {
      var array = JSON.arrayNode();
      items.forEach(item -> array.add(json(item)));
      return array;
    }
    if (value instanceof Boolean known) {
      return JSON.booleanNode(known);
    }
    if (value instanceof byte[] bytes) {
      return JSON.binaryNode(bytes);
    }
    return value instanceof Number number ? number(number) : JSON.textNode(value.toString());
  }

  private static JsonNode number(Number value) {
    if (value instanceof Double wide) {
      return Double.isFinite(wide) ? JSON.numberNode(wide) : JSON.textNode(wide.toString());
    }
    return value instanceof BigDecimal decimal
        ? JSON.textNode(text(decimal))
        : value instanceof Float narrow
            ? JSON.numberNode(narrow)
            : JSON.numberNode(value.longValue());
  }

  /** An exponent of a few digits may stand for a gigabyte of zeros. */
  private static String text(BigDecimal number) {
    boolean huge = Math.abs((long) number.scale()) > 400;
    return huge ? number.toString() : number.toPlainString();
  }
}
