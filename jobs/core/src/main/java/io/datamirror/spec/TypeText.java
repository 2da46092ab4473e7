package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Column types as they stand in a spec, in Iceberg's words. */
final class TypeText {
  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*([0-9]{1,2})\\s*,\\s*([0-9]{1,2})\\s*\\)");
  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("boolean", Kind.BOOLEAN);
    KINDS.put("int", Kind.INT);
    KINDS.put("long", Kind.LONG);
    KINDS.put("float", Kind.FLOAT);
    KINDS.put("double", Kind.DOUBLE);
    KINDS.put("date", Kind.DATE);
    KINDS.put("time", Kind.TIME);
    KINDS.put("timestamp", Kind.TIMESTAMP);
    KINDS.put("timestamptz", Kind.TIMESTAMP_WITH_ZONE);
    KINDS.put("string", Kind.STRING);
    KINDS.put("binary", Kind.BINARY);
  }

  private TypeText() {}

  static MappingType<ColumnType> mapping() {
    return new MappingType<>(
        "{ column: type }", SpecSchema.object("type", "string", "minLength", 1), TypeText::read);
  }

  private static ColumnType read(String text, Where where) {
    Kind kind = KINDS.get(text);
    if (kind != null) {
      return ColumnType.of(kind);
    }
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      if (precision >= 1 && precision <= ColumnType.MAX_PRECISION && scale <= precision) {
        return ColumnType.decimal(precision, scale);
      }
    }
    where.report(
        ErrorCode.BAD_VALUE, Shown.value(text) + " is not a type", "Write one of " + names() + ".");
    return null;
  }

  /** A type as it stands in a spec. */
  static String text(ColumnType type) {
    if (type.kind() == Kind.DECIMAL) {
      return "decimal(" + type.precision() + ", " + type.scale() + ")";
    }
    return KINDS.entrySet().stream()
        .filter(entry -> entry.getValue() == type.kind())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /** All types, for people. */
  static String names() {
    return String.join(", ", KINDS.keySet()) + " or decimal(precision, scale)";
  }
}
