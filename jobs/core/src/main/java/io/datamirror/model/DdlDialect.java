package io.datamirror.model;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whose DDL is read: what names mean that are not quoted, and what the types become. */
public enum DdlDialect {
  H2(Case.UPPER, Map.of()),
  POSTGRESQL(Case.LOWER, Map.of("JSON", Kind.STRING, "JSONB", Kind.STRING)),
  SNOWFLAKE(Case.UPPER, Map.of("TIMESTAMP_NTZ", Kind.TIMESTAMP, "DATETIME", Kind.TIMESTAMP)),
  DATABRICKS(
      Case.KEPT, Map.of("TIMESTAMP", Kind.TIMESTAMP_WITH_ZONE, "TIMESTAMP_NTZ", Kind.TIMESTAMP)),
  BIGQUERY(Case.KEPT, Map.of("TIMESTAMP", Kind.TIMESTAMP_WITH_ZONE, "DATETIME", Kind.TIMESTAMP));

  private enum Case {
    UPPER,
    LOWER,
    KEPT
  }

  private static final ColumnType WIDE_DECIMAL = ColumnType.decimal(38, 10);

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("BOOLEAN", Kind.BOOLEAN),
          Map.entry("BOOL", Kind.BOOLEAN),
          Map.entry("TINYINT", Kind.INT),
          Map.entry("SMALLINT", Kind.INT),
          Map.entry("INT", Kind.INT),
          Map.entry("INT2", Kind.INT),
          Map.entry("INT4", Kind.INT),
          Map.entry("INTEGER", Kind.INT),
          Map.entry("SERIAL", Kind.INT),
          Map.entry("BIGINT", Kind.LONG),
          Map.entry("INT8", Kind.LONG),
          Map.entry("INT64", Kind.LONG),
          Map.entry("LONG", Kind.LONG),
          Map.entry("BIGSERIAL", Kind.LONG),
          Map.entry("REAL", Kind.FLOAT),
          Map.entry("FLOAT4", Kind.FLOAT),
          Map.entry("DOUBLE", Kind.DOUBLE),
          Map.entry("DOUBLE PRECISION", Kind.DOUBLE),
          Map.entry("FLOAT", Kind.DOUBLE),
          Map.entry("FLOAT8", Kind.DOUBLE),
          Map.entry("FLOAT64", Kind.DOUBLE),
          Map.entry("DATE", Kind.DATE),
          Map.entry("TIME", Kind.TIME),
          Map.entry("TIMESTAMP", Kind.TIMESTAMP),
          Map.entry("TIMESTAMP WITHOUT TIME ZONE", Kind.TIMESTAMP),
          Map.entry("TIMESTAMP WITH TIME ZONE", Kind.TIMESTAMP_WITH_ZONE),
          Map.entry("TIMESTAMPTZ", Kind.TIMESTAMP_WITH_ZONE),
          Map.entry("TIMESTAMP_LTZ", Kind.TIMESTAMP_WITH_ZONE),
          Map.entry("TIMESTAMP_TZ", Kind.TIMESTAMP_WITH_ZONE),
          Map.entry("CHAR", Kind.STRING),
          Map.entry("CHARACTER", Kind.STRING),
          Map.entry("VARCHAR", Kind.STRING),
          Map.entry("CHARACTER VARYING", Kind.STRING),
          Map.entry("TEXT", Kind.STRING),
          Map.entry("STRING", Kind.STRING),
          Map.entry("CLOB", Kind.STRING),
          Map.entry("UUID", Kind.STRING),
          Map.entry("CITEXT", Kind.STRING),
          Map.entry("ENUM", Kind.STRING),
          Map.entry("JSON", Kind.STRING),
          Map.entry("BINARY", Kind.BINARY),
          Map.entry("VARBINARY", Kind.BINARY),
          Map.entry("BINARY VARYING", Kind.BINARY),
          Map.entry("BLOB", Kind.BINARY),
          Map.entry("BYTES", Kind.BINARY),
          Map.entry("BYTEA", Kind.BINARY));

  private static final List<String> DECIMALS = List.of("NUMERIC", "DECIMAL", "NUMBER", "DEC");

  private final Case letterCase;
  private final Map<String, Kind> own;

  DdlDialect(Case letterCase, Map<String, Kind> own) {
    this.letterCase = letterCase;
    this.own = own;
  }

  /** The name that the database keeps for a name as it is written. */
  String stored(String written) {
    for (String quote : new String[] {"\"", "`"}) {
      if (written.length() > 1 && written.startsWith(quote) && written.endsWith(quote)) {
        return written.substring(1, written.length() - 1).replace(quote + quote, quote);
      }
    }
    return switch (letterCase) {
      case UPPER -> written.toUpperCase(Locale.ROOT);
      case LOWER -> written.toLowerCase(Locale.ROOT);
      case KEPT -> written;
    };
  }

  /**
   * What the values of a type become; empty when only a cast can say.
   *
   * @param name in upper case, without its parameters
   */
  Optional<ColumnType> type(String name, List<Integer> parameters) {
    if (DECIMALS.contains(name)) {
      return decimal(parameters);
    }
    return Optional.ofNullable(own.getOrDefault(name, KINDS.get(name))).map(ColumnType::of);
  }

  private Optional<ColumnType> decimal(List<Integer> parameters) {
    if (parameters.isEmpty()) {
      return switch (this) {
        case SNOWFLAKE -> Optional.of(ColumnType.decimal(38, 0));
        case BIGQUERY -> Optional.of(ColumnType.decimal(38, 9));
        case DATABRICKS -> Optional.of(ColumnType.decimal(10, 0));
        case H2, POSTGRESQL -> Optional.empty();
      };
    }
    int precision = parameters.get(0);
    int scale = parameters.size() > 1 ? parameters.get(1) : 0;
    boolean fits =
        precision >= 1 && precision <= ColumnType.MAX_PRECISION && scale >= 0 && scale <= precision;
    return fits ? Optional.of(ColumnType.decimal(precision, scale)) : Optional.empty();
  }

  /** The cast that is offered for a type that needs one. */
  static ColumnType cast(String name) {
    return DECIMALS.contains(name) ? WIDE_DECIMAL : ColumnType.of(Kind.STRING);
  }
}
