package io.datamirror.feed;

import static java.time.temporal.ChronoField.NANO_OF_SECOND;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Dates and times as the numbers that the mirror keeps. Years 1 to 9999 exist, as in the SQL
 * standard; a database's infinity is outside. No default time zone takes part anywhere.
 */
final class Temporals {

  private static final int FIRST_YEAR = 1;
  private static final int LAST_YEAR = 9999;
  private static final long FIRST_SECOND =
      LocalDateTime.of(FIRST_YEAR, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private static final long LAST_SECOND =
      LocalDateTime.of(LAST_YEAR, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private Temporals() {}

  /** Days since 1970-01-01. */
  static int days(LocalDate value) throws BadValue {
    checkYear(value.getYear());
    return (int) value.toEpochDay();
  }

  /** Microseconds since midnight. The lake's times of day are whole milliseconds. */
  static long micros(LocalTime value) throws BadValue {
    if (value.get(NANO_OF_SECOND) % NANOS_PER_MILLI != 0) {
      throw new BadValue("it is finer than a millisecond; a cast to time cuts it, to string not");
    }
    return value.toNanoOfDay() / NANOS_PER_MICRO;
  }

  /** Microseconds since 1970-01-01T00:00. */
  static long micros(LocalDateTime value) throws BadValue {
    checkYear(value.getYear());
    checkNanos(value.get(NANO_OF_SECOND));
    return value.toEpochSecond(ZoneOffset.UTC) * MICROS_PER_SECOND
        + value.get(NANO_OF_SECOND) / NANOS_PER_MICRO;
  }

  /** Microseconds since 1970-01-01T00:00Z. */
  static long micros(OffsetDateTime value) throws BadValue {
    long second = value.toEpochSecond();
    // The last hours of 9999 in UTC are 10000 already in a session whose zone is ahead.
    if (second < FIRST_SECOND || second > LAST_SECOND) {
      checkYear(value.getYear());
    }
    checkNanos(value.get(NANO_OF_SECOND));
    return second * MICROS_PER_SECOND + value.get(NANO_OF_SECOND) / NANOS_PER_MICRO;
  }

  private static void checkYear(int year) throws BadValue {
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new BadValue("it is not between the years 1 and 9999");
    }
  }

  private static void checkNanos(int nanos) throws BadValue {
    if (nanos % NANOS_PER_MICRO != 0) {
      throw new BadValue("it is finer than a microsecond; a cast to its own type cuts it");
    }
  }
}
