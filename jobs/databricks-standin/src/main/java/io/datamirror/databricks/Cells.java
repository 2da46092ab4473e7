package io.datamirror.databricks;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;

/** Types and values of Spark as the service writes them into JSON. */
final class Cells {

  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

  private Cells() {}

  static Answer.Column column(StructField field) {
    DataType type = field.dataType();
    String text = type.sql();
    if (type instanceof DecimalType decimal) {
      return new Answer.Column(field.name(), "DECIMAL", text, decimal.precision(), decimal.scale());
    }
    return new Answer.Column(field.name(), typeName(type), text, 0, 0);
  }

  private static String typeName(DataType type) {
    String name = type.sql().toUpperCase(Locale.ROOT);
    if (name.startsWith("INTERVAL")) {
      return "INTERVAL";
    }
    return switch (name) {
      case "TINYINT" -> "BYTE";
      case "SMALLINT" -> "SHORT";
      case "BIGINT" -> "LONG";
      case "VOID" -> "NULL";
      default -> nested(type) ? type.typeName().toUpperCase(Locale.ROOT) : name;
    };
  }

  /** Whether values of the type travel as JSON. */
  static boolean nested(DataType type) {
    return type instanceof ArrayType
        || type instanceof MapType
        || type instanceof StructType
        || type instanceof VariantType;
  }

  static String text(Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Timestamp time) {
      return instant(time.toInstant());
    }
    if (value instanceof Instant time) {
      return instant(time);
    }
    return value instanceof LocalDateTime time ? DATE_TIME.format(time) : value.toString();
  }

  private static String instant(Instant time) {
    return DATE_TIME.format(time.atOffset(ZoneOffset.UTC)) + "Z";
  }
}
