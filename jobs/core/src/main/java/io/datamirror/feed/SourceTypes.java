package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.sql.Dialect;
import java.sql.Types;
import java.util.Locale;

/**
 * What the types of the sources become.
 *
 * <p>Whole numbers up to 32 bits become int, 64 bits long; REAL float, other floats double; exact
 * numbers decimal of the same precision and scale, up to 38 digits; all kinds of text, UUID, JSON
 * and enumerations string; dates, times and time stamps themselves; all kinds of bytes binary.
 * Everything else, also an exact number without a stated precision, needs a cast.
 */
final class SourceTypes {

  private SourceTypes() {}

  /** How to read {@code column}. */
  static Reading of(Dialect dialect, SourceColumn column) {
    return switch (dialect.family()) {
      case H2 -> h2(column);
      case POSTGRESQL -> postgresql(column);
      case ORACLE, SQL_SERVER, MYSQL, OTHER -> standard(column);
    };
  }

  private static Reading h2(SourceColumn column) {
    String type = column.typeName().toUpperCase(Locale.ROOT);
    if (type.equals("UUID") || type.equals("JSON") || type.startsWith("ENUM")) {
      return Reading.of(Getter.TEXT, Kind.STRING);
    }
    return type.equals("DECFLOAT") ? Reading.needsCast(Getter.DECIMAL) : standard(column);
  }

  private static Reading postgresql(SourceColumn column) {
    return switch (column.typeName()) {
      case "bool" -> Reading.of(Getter.BOOLEAN, Kind.BOOLEAN);
      case "timestamptz" -> Reading.of(Getter.TIMESTAMP_WITH_ZONE, Kind.TIMESTAMP_WITH_ZONE);
      case "uuid", "json", "jsonb", "citext" -> Reading.of(Getter.TEXT, Kind.STRING);
      // The driver calls money a double, and loses cents; timetz a time, and loses the zone.
      case "bit", "money", "timetz" -> Reading.needsCast(Getter.TEXT);
      default -> standard(column);
    };
  }

  private static Reading standard(SourceColumn column) {
    return switch (column.jdbcType()) {
      case Types.BOOLEAN -> Reading.of(Getter.BOOLEAN, Kind.BOOLEAN);
      // Of several bits a driver makes one truth value.
      case Types.BIT ->
          column.precision() > 1
              ? Reading.needsCast(Getter.TEXT)
              : Reading.of(Getter.BOOLEAN, Kind.BOOLEAN);
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> Reading.of(Getter.INT, Kind.INT);
      case Types.BIGINT -> Reading.of(Getter.LONG, Kind.LONG);
      case Types.REAL -> Reading.of(Getter.FLOAT, Kind.FLOAT);
      case Types.FLOAT, Types.DOUBLE -> Reading.of(Getter.DOUBLE, Kind.DOUBLE);
      case Types.DECIMAL, Types.NUMERIC -> decimal(column);
      case Types.CHAR, Types.NCHAR -> Reading.of(Getter.PADDED_TEXT, Kind.STRING);
      case Types.VARCHAR,
          Types.LONGVARCHAR,
          Types.NVARCHAR,
          Types.LONGNVARCHAR,
          Types.CLOB,
          Types.NCLOB ->
          Reading.of(Getter.TEXT, Kind.STRING);
      case Types.DATE -> Reading.of(Getter.DATE, Kind.DATE);
      case Types.TIME -> Reading.of(Getter.TIME, Kind.TIME);
      case Types.TIMESTAMP -> Reading.of(Getter.TIMESTAMP, Kind.TIMESTAMP);
      case Types.TIMESTAMP_WITH_TIMEZONE ->
          Reading.of(Getter.TIMESTAMP_WITH_ZONE, Kind.TIMESTAMP_WITH_ZONE);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
          Reading.of(Getter.BINARY, Kind.BINARY);
      default -> Reading.needsCast(Getter.TEXT);
    };
  }

  private static Reading decimal(SourceColumn column) {
    int precision = column.precision();
    int scale = column.scale();
    boolean fits =
        precision >= 1 && precision <= ColumnType.MAX_PRECISION && scale >= 0 && scale <= precision;
    return fits
        ? new Reading(Getter.DECIMAL, ColumnType.decimal(precision, scale))
        : Reading.needsCast(Getter.DECIMAL);
  }
}
