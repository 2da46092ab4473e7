package io.datamirror.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * The type of a column as the mirror sees it: what a source type becomes and what the lake stores.
 *
 * @param kind the family of values
 * @param precision digits of a {@link Kind#DECIMAL}, at most 38; 0 for every other kind
 * @param scale digits after the point of a {@link Kind#DECIMAL}; 0 for every other kind
 */
public record ColumnType(Kind kind, int precision, int scale) implements Serializable {

  /** The families of values; the comment of each says how {@link RowWriter} receives it. */
  public enum Kind {
    /** By {@link RowWriter#writeBoolean}. */
    BOOLEAN,
    /** By {@link RowWriter#writeInt}. */
    INT,
    /** By {@link RowWriter#writeLong}. */
    LONG,
    /** By {@link RowWriter#writeFloat}. */
    FLOAT,
    /** By {@link RowWriter#writeDouble}. */
    DOUBLE,
    /** By {@link RowWriter#writeDecimal} with exactly the scale of the column. */
    DECIMAL,
    /** By {@link RowWriter#writeInt}: days since 1970-01-01. */
    DATE,
    /** By {@link RowWriter#writeLong}: microseconds since midnight; stored to the millisecond. */
    TIME,
    /** By {@link RowWriter#writeLong}: microseconds since 1970-01-01T00:00, no zone. */
    TIMESTAMP,
    /** By {@link RowWriter#writeLong}: microseconds since 1970-01-01T00:00Z. */
    TIMESTAMP_WITH_ZONE,
    /** By {@link RowWriter#writeBytes}: UTF-8. */
    STRING,
    /** By {@link RowWriter#writeBytes}. */
    BINARY
  }

  /** The most digits that a decimal may have. */
  public static final int MAX_PRECISION = 38;

  public ColumnType {
    Objects.requireNonNull(kind, "kind");
    if (kind == Kind.DECIMAL) {
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        throw new IllegalArgumentException("decimal(" + precision + ", " + scale + ")");
      }
    } else if (precision != 0 || scale != 0) {
      throw new IllegalArgumentException(kind + " has neither precision nor scale");
    }
  }

  /** A type that needs no parameters. */
  public static ColumnType of(Kind kind) {
    return new ColumnType(kind, 0, 0);
  }

  /** A decimal of {@code precision} digits, {@code scale} of them after the point. */
  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(Kind.DECIMAL, precision, scale);
  }

  /** Whether values of this type may identify a row: floating point may not. */
  public boolean keyable() {
    return kind != Kind.FLOAT && kind != Kind.DOUBLE;
  }

  /**
   * Whether every value of this type is one of {@code other}, by the rules of Iceberg, and keeps
   * its hash as part of a row. So a float does not widen: as a double it would hash otherwise.
   */
  public boolean widensTo(ColumnType other) {
    return switch (kind) {
      case INT -> other.kind == Kind.LONG;
      case DECIMAL ->
          other.kind == Kind.DECIMAL && other.scale == scale && other.precision > precision;
      case LONG,
          BOOLEAN,
          FLOAT,
          DOUBLE,
          DATE,
          TIME,
          TIMESTAMP,
          TIMESTAMP_WITH_ZONE,
          STRING,
          BINARY ->
          false;
    };
  }

  /** Whether values of this type have an order that a version can rely on. */
  public boolean ordered() {
    return switch (kind) {
      case INT, LONG, DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, STRING, DOUBLE, FLOAT ->
          true;
      case BOOLEAN, BINARY -> false;
    };
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    return kind == Kind.DECIMAL ? name + "(" + precision + ", " + scale + ")" : name;
  }
}
