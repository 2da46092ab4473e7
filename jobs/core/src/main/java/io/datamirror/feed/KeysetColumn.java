package io.datamirror.feed;

import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.SqlValue;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A column that rows are read in the order of, and its values as text.
 *
 * @param name its name in the source
 * @param kind the family of its values
 * @param nulls whether it holds null, and where null stands
 */
record KeysetColumn(Identifier name, Kind kind, Nulls nulls) implements Serializable {

  /** Where null stands in the order. */
  enum Nulls {
    /** There is none. */
    NONE,
    /** Behind every value; its text is empty. */
    LAST
  }

  /** A column that is never null. */
  KeysetColumn(Identifier name, Kind kind) {
    this(name, kind, Nulls.NONE);
  }

  /** Families of values, each with an order that this process and the database agree on. */
  enum Kind {
    LONG,
    DECIMAL,
    TIMESTAMP,
    /**
     * A time stamp in ticks of a third of a hundredth of a second, which a driver rounds to
     * milliseconds: SQL Server's datetime.
     */
    TICKS,
    TIMESTAMP_WITH_ZONE,
    /** Text compared character by character; its own text begins with a quote, never empty. */
    TEXT,
    /** A value that only the database orders; only its text is known here. */
    OPAQUE,
    /** A PostgreSQL transaction number. */
    TRANSACTION
  }

  private static final String TEXT_MARK = "'";
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final int NANOS_PER_MICRO = 1_000;

  /** Writes the column so that the database compares it as {@link #compare} does. */
  void write(SqlText.Builder sql) {
    sql.name(name);
    if (kind == Kind.TEXT && sql.dialect().family() == Dialect.Family.POSTGRESQL) {
      sql.text(" COLLATE \"C\"");
    }
  }

  /** Writes the value of {@code text} so that the database compares it as the column's own. */
  void writeValue(SqlText.Builder sql, String text) {
    if (kind == Kind.TICKS) {
      // The server would compare the tick's own fractions with the milliseconds that it is told as.
      sql.text("CAST(").value(value(text)).text(" AS datetime)");
    } else {
      sql.value(value(text));
    }
  }

  /** The value of {@code text}, to be bound. */
  SqlValue value(String text) {
    return switch (kind) {
      case LONG -> SqlValue.of(Long.parseLong(text));
      case DECIMAL -> SqlValue.of(new BigDecimal(text));
      case TIMESTAMP, TICKS -> SqlValue.of(LocalDateTime.parse(text));
      case TIMESTAMP_WITH_ZONE -> SqlValue.of(OffsetDateTime.parse(text));
      case TEXT, OPAQUE -> SqlValue.of(text.substring(TEXT_MARK.length()));
      case TRANSACTION -> SqlValue.of(Long.toUnsignedString(Long.parseUnsignedLong(text)));
    };
  }

  /** Whether {@code text} can be a value of this column. */
  boolean understands(String text) {
    if (text.isEmpty()) {
      return nulls == Nulls.LAST;
    }
    return switch (kind) {
      case TEXT, OPAQUE -> text.startsWith(TEXT_MARK);
      case LONG, DECIMAL, TIMESTAMP, TICKS, TIMESTAMP_WITH_ZONE, TRANSACTION -> parses(text);
    };
  }

  private boolean parses(String text) {
    try {
      return value(text) != null;
    } catch (DateTimeException | NumberFormatException e) {
      return false;
    }
  }

  /** The text of a value of kind {@link Kind#TEXT} or {@link Kind#OPAQUE}. */
  static String marked(String value) {
    return TEXT_MARK + value;
  }

  /** Which of two values, as text, is greater. */
  int compare(String left, String right, Dialect dialect) {
    return switch (kind) {
      case LONG -> Long.compare(Long.parseLong(left), Long.parseLong(right));
      case DECIMAL -> new BigDecimal(left).compareTo(new BigDecimal(right));
      case TIMESTAMP, TICKS -> LocalDateTime.parse(left).compareTo(LocalDateTime.parse(right));
      case TIMESTAMP_WITH_ZONE ->
          OffsetDateTime.parse(left).toInstant().compareTo(OffsetDateTime.parse(right).toInstant());
      case TEXT ->
          dialect.family() == Dialect.Family.POSTGRESQL
              ? TextOrder.byCodePoint(left, right)
              : left.compareTo(right);
      case TRANSACTION ->
          Long.compareUnsigned(Long.parseUnsignedLong(left), Long.parseUnsignedLong(right));
      case OPAQUE -> throw new IllegalStateException("only the database orders " + name);
    };
  }

  /** Whether a range of values can be cut into even parts. */
  boolean divisible() {
    return switch (kind) {
      case LONG, DECIMAL, TIMESTAMP, TICKS, TIMESTAMP_WITH_ZONE, TRANSACTION -> true;
      case TEXT, OPAQUE -> false;
    };
  }

  /** A number near the value of {@code text}; greater values have no smaller numbers. */
  BigInteger number(String text) {
    return switch (kind) {
      case LONG, TRANSACTION -> new BigInteger(text);
      case DECIMAL -> new BigDecimal(text).toBigInteger();
      case TIMESTAMP, TICKS -> micros(LocalDateTime.parse(text).atOffset(ZoneOffset.UTC));
      case TIMESTAMP_WITH_ZONE -> micros(OffsetDateTime.parse(text));
      case TEXT, OPAQUE -> throw new IllegalStateException(name + " has no numbers");
    };
  }

  /** The text of the value that {@code number} stands for. */
  String text(BigInteger number) {
    return switch (kind) {
      case LONG, TRANSACTION, DECIMAL -> number.toString();
      case TIMESTAMP, TICKS -> dateTime(number).toString();
      case TIMESTAMP_WITH_ZONE -> dateTime(number).atOffset(ZoneOffset.UTC).toString();
      case TEXT, OPAQUE -> throw new IllegalStateException(name + " has no numbers");
    };
  }

  /** Some value, for statements that are only shown. */
  String example() {
    return switch (kind) {
      case LONG, DECIMAL, TRANSACTION -> "0";
      case TIMESTAMP, TICKS -> "1970-01-01T00:00";
      case TIMESTAMP_WITH_ZONE -> "1970-01-01T00:00Z";
      case TEXT, OPAQUE -> TEXT_MARK;
    };
  }

  private static BigInteger micros(OffsetDateTime value) {
    return BigInteger.valueOf(value.toEpochSecond())
        .multiply(BigInteger.valueOf(MICROS_PER_SECOND))
        .add(BigInteger.valueOf(value.getNano() / NANOS_PER_MICRO));
  }

  private static LocalDateTime dateTime(BigInteger micros) {
    long seconds = floorDivide(micros);
    long rest =
        micros
            .subtract(BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(MICROS_PER_SECOND)))
            .longValueExact();
    return LocalDateTime.ofEpochSecond(seconds, (int) rest * NANOS_PER_MICRO, ZoneOffset.UTC);
  }

  private static long floorDivide(BigInteger micros) {
    BigInteger[] parts = micros.divideAndRemainder(BigInteger.valueOf(MICROS_PER_SECOND));
    long quotient = parts[0].longValueExact();
    return parts[1].signum() < 0 ? quotient - 1 : quotient;
  }
}
