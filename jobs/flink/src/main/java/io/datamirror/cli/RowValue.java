package io.datamirror.cli;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.Row;

/** Values of query results in the words of people and programs; null stays null. */
final class RowValue {
  /** Beyond these a number has so many zeros that the exponent is easier to read. */
  private static final double LEAST_PLAIN = 1e-9;

  private static final double GREATEST_PLAIN = 1e18;

  private RowValue() {}

  /** The value as text: numbers without an exponent where that is short, times in ISO 8601. */
  static String text(Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof Double || value instanceof Float) {
      return number((Number) value);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof LocalDateTime time) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }
    if (value instanceof LocalTime time) {
      return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof Map || value instanceof Object[] || value instanceof Row) {
      return Json.line(json(value));
    }
    return value.toString();
  }

  /** The shortest text that reads back as the same number: 13 and not 13.0, as SQL prints it. */
  private static String number(Number value) {
    double size = Math.abs(value.doubleValue());
    if (Double.isNaN(size) || Double.isInfinite(size)) {
      return value.toString();
    }
    if (size != 0 && (size < LEAST_PLAIN || size >= GREATEST_PLAIN)) {
      return value.toString();
    }
    BigDecimal exact = new BigDecimal(value.toString());
    String plain = exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    return plain.equals("0") && 1 / value.doubleValue() < 0 ? "-0" : plain;
  }

  /** The value as Jackson writes it: numbers and booleans as such, nested values nested. */
  static Object json(Object value) {
    if (value == null || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      boolean finite = Double.isFinite(number.doubleValue());
      return finite ? new BigDecimal(text(number)) : number.toString();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> members = new LinkedHashMap<>();
      map.forEach((key, member) -> members.put(text(key), json(member)));
      return members;
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(RowValue::json).toList();
    }
    return value instanceof Row row ? members(row) : text(value);
  }

  private static List<Object> members(Row row) {
    List<Object> members = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      members.add(json(row.getField(i)));
    }
    return members;
  }
}
