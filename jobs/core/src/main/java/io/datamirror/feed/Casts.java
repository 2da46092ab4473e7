package io.datamirror.feed;

import io.datamirror.change.ColumnType.Kind;
import io.datamirror.feed.Reading.Getter;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Conversions that a spec asks for by {@code cast}. Numbers are converted only if nothing of them
 * is lost. A time stamp without a zone counts as UTC where a zone is asked for; casts to dates and
 * time stamps cut what is finer.
 */
final class Casts {

  private static final Set<Getter> NUMBERS =
      EnumSet.of(
          Getter.BOOLEAN, Getter.INT, Getter.LONG, Getter.FLOAT, Getter.DOUBLE, Getter.DECIMAL);
  private static final Set<Getter> TEXTS = EnumSet.of(Getter.TEXT, Getter.PADDED_TEXT);
  private static final Set<Getter> DAYS =
      EnumSet.of(Getter.DATE, Getter.TIMESTAMP, Getter.TIMESTAMP_WITH_ZONE);

  /** What a floating-point number may be besides a number, as Java and JSON libraries write it. */
  private static final Map<String, Double> NO_NUMBERS =
      Map.of(
          "NaN", Double.NaN,
          "Infinity", Double.POSITIVE_INFINITY,
          "-Infinity", Double.NEGATIVE_INFINITY);

  // Behind a time of day: in a date alone, a hyphen is none.
  private static final Pattern OFFSET = Pattern.compile("T.*(Z|[+-]\\d\\d(:\\d\\d)*)$");

  // Debezium writes dates and times of day with a zone behind them, always UTC.
  private static final Pattern DAY_IN_UTC = Pattern.compile("\\d{4}-\\d\\d-\\d\\dZ");

  private Casts() {}

  /** Whether values that are read as {@code getter} can become {@code kind} at all. */
  static boolean possible(Getter getter, Kind kind) {
    if (TEXTS.contains(getter)) {
      return true;
    }
    return switch (kind) {
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL -> NUMBERS.contains(getter);
      case DATE, TIMESTAMP, TIMESTAMP_WITH_ZONE -> DAYS.contains(getter);
      case TIME -> getter == Getter.TIME || getter == Getter.TIMESTAMP;
      case STRING -> true;
      case BINARY -> getter == Getter.BINARY;
    };
  }

  /**
   * Whether values of a type keep their order when they become {@code to}. Numbers and times as
   * text do not: 10 stands before 9. What is cut to its day or its time of day becomes equal.
   *
   * @param reading how the column is read without the cast
   */
  static boolean keepsOrder(Reading reading, Kind to) {
    Kind from = reading.type() == null ? null : reading.type().kind();
    return switch (to) {
      case STRING -> from == Kind.STRING || from == null && !NUMBERS.contains(reading.getter());
      case DATE -> from == Kind.DATE || from == Kind.STRING;
      case TIME -> from == Kind.TIME || from == Kind.STRING;
      case BOOLEAN -> from == Kind.BOOLEAN || from == Kind.STRING;
      case INT, LONG, FLOAT, DOUBLE, DECIMAL, TIMESTAMP, TIMESTAMP_WITH_ZONE, BINARY -> true;
    };
  }

  static boolean toBoolean(Object value) throws BadValue {
    if (value instanceof Boolean known) {
      return known;
    }
    String text = toText(value).trim().toLowerCase(Locale.ROOT);
    return switch (text) {
      case "true", "t", "1" -> true;
      case "false", "f", "0" -> false;
      default -> throw new BadValue("it is neither true nor false");
    };
  }

  static int toInt(Object value) throws BadValue {
    try {
      return toDecimal(value).intValueExact();
    } catch (ArithmeticException e) {
      throw new BadValue("it is not a whole number of 32 bits");
    }
  }

  static long toLong(Object value) throws BadValue {
    try {
      return toDecimal(value).longValueExact();
    } catch (ArithmeticException e) {
      throw new BadValue("it is not a whole number of 64 bits");
    }
  }

  static float toFloat(Object value) throws BadValue {
    double wide = toDouble(value);
    float narrow = (float) wide;
    if (Float.isInfinite(narrow) && !Double.isInfinite(wide)) {
      throw new BadValue("it is beyond the range of a float");
    }
    if (isWhole(value) && narrow != wide) {
      throw new BadValue("it has more digits than a float keeps");
    }
    return narrow;
  }

  static double toDouble(Object value) throws BadValue {
    if (value instanceof Double known) {
      return known;
    }
    if (value instanceof Float known) {
      return known;
    }
    if (value instanceof String text && NO_NUMBERS.containsKey(text.trim())) {
      return NO_NUMBERS.get(text.trim());
    }
    BigDecimal exact = toDecimal(value);
    double result = exact.doubleValue();
    if (Double.isInfinite(result)) {
      throw new BadValue("it is beyond the range of a double");
    }
    if (isWhole(value) && new BigDecimal(result).compareTo(exact) != 0) {
      throw new BadValue("it has more digits than a double keeps");
    }
    return result;
  }

  /** Of a type without digits after the point; text and other decimals are rounded by nature. */
  private static boolean isWhole(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof BigDecimal decimal && decimal.scale() <= 0;
  }

  static BigDecimal toDecimal(Object value) throws BadValue {
    if (value instanceof BigDecimal known) {
      return known;
    }
    if (value instanceof Boolean known) {
      return known ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    try {
      return value instanceof Double known
          ? BigDecimal.valueOf(known)
          : shortened(new BigDecimal(toText(value).trim()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new BadValue("it is not a number");
    }
  }

  /** A text such as 1E1000000000 would become a gigabyte of zeros when its scale is changed. */
  private static BigDecimal shortened(BigDecimal number) throws BadValue {
    BigDecimal plain = number.stripTrailingZeros();
    if (Math.abs((long) plain.scale()) > 400 || plain.precision() > 400) {
      throw new BadValue("it has too many digits");
    }
    return plain;
  }

  static LocalDate toDate(Object value) throws BadValue {
    if (value instanceof LocalDate known) {
      return known;
    }
    boolean zoned = value instanceof String text && DAY_IN_UTC.matcher(text.trim()).matches();
    return toTimestamp(zoned ? withoutZone(value.toString().trim()) : value).toLocalDate();
  }

  static LocalTime toTime(Object value) throws BadValue {
    if (value instanceof LocalTime known) {
      return known.truncatedTo(ChronoUnit.MILLIS);
    }
    if (value instanceof LocalDateTime known) {
      return known.toLocalTime().truncatedTo(ChronoUnit.MILLIS);
    }
    try {
      return LocalTime.parse(withoutZone(toText(value).trim())).truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      throw new BadValue("it is not a time");
    }
  }

  private static String withoutZone(String text) {
    return text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
  }

  static LocalDateTime toTimestamp(Object value) throws BadValue {
    if (value instanceof LocalDateTime known) {
      return known.truncatedTo(ChronoUnit.MICROS);
    }
    if (value instanceof LocalDate known) {
      return known.atStartOfDay();
    }
    if (value instanceof OffsetDateTime known) {
      return utc(known);
    }
    String text = iso(value);
    if (OFFSET.matcher(text).find()) {
      return utc(toTimestampWithZone(value));
    }
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay()
          : LocalDateTime.parse(text).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw new BadValue("it is not a time stamp");
    }
  }

  static OffsetDateTime toTimestampWithZone(Object value) throws BadValue {
    if (value instanceof OffsetDateTime known) {
      return known.truncatedTo(ChronoUnit.MICROS);
    }
    if (value instanceof String) {
      try {
        return OffsetDateTime.parse(iso(value)).truncatedTo(ChronoUnit.MICROS);
      } catch (DateTimeException e) {
        throw new BadValue("it is not a time stamp with a zone");
      }
    }
    return toTimestamp(value).atOffset(ZoneOffset.UTC);
  }

  private static LocalDateTime utc(OffsetDateTime value) throws BadValue {
    try {
      return value
          .withOffsetSameInstant(ZoneOffset.UTC)
          .toLocalDateTime()
          .truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw new BadValue("it is not between the years 1 and 9999");
    }
  }

  private static String iso(Object value) throws BadValue {
    return toText(value).trim().replace(' ', 'T');
  }

  /** Bytes become text only if they are UTF-8. */
  static String toText(Object value) throws BadValue {
    if (value instanceof byte[] bytes) {
      return Utf8.decode(bytes);
    }
    if (value instanceof BigDecimal number) {
      boolean huge = Math.abs((long) number.scale()) > 400;
      return huge ? number.toString() : number.toPlainString();
    }
    return value.toString();
  }
}
