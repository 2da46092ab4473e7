package io.datamirror.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What is nested in a record of a format that has types, as JSON. */
public final class NestedJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  private NestedJson() {}

  /**
   * The text of a map, whose keys become names, or of a list; what they hold is such a one again,
   * or a value of a {@link SourceRecord}. Bytes are base64.
   */
  public static SourceRecord.Nested of(Object value) {
    return new SourceRecord.Nested(json(value).toString());
  }

  /** What JSON has no word for, such as a time or what is no number, is text there. */
  private static JsonNode json(Object value) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof Map<?, ?> row) {
      ObjectNode object = JSON.objectNode();
      row.forEach((name, field) -> object.set(name.toString(), json(field)));
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
