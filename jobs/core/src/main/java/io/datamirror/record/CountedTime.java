package io.datamirror.record;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Dates and times that are written as numbers, by Debezium, Kafka Connect and Avro. */
public enum CountedTime {
  /** Days since 1970-01-01. */
  DAYS(0),
  /** Since midnight. */
  MILLIS_OF_DAY(1_000_000),
  /** Since midnight. */
  MICROS_OF_DAY(1_000),
  /** Since midnight. */
  NANOS_OF_DAY(1),
  /** Since 1970-01-01T00:00. */
  MILLIS(1_000_000),
  /** Since 1970-01-01T00:00. */
  MICROS(1_000),
  /** Since 1970-01-01T00:00. */
  NANOS(1);

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final long unitNanos;

  CountedTime(long unitNanos) {
    this.unitNanos = unitNanos;
  }

  /** What Debezium and Kafka Connect mean by the name of a type; null if it is no time. */
  public static CountedTime ofConnect(String type) {
    return switch (type) {
      case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" -> DAYS;
      case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" -> MILLIS_OF_DAY;
      case "io.debezium.time.MicroTime" -> MICROS_OF_DAY;
      case "io.debezium.time.NanoTime" -> NANOS_OF_DAY;
      case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" -> MILLIS;
      case "io.debezium.time.MicroTimestamp" -> MICROS;
      case "io.debezium.time.NanoTimestamp" -> NANOS;
      default -> null;
    };
  }

  /**
   * The date or time of a number: a {@link LocalDate}, {@link LocalTime} or {@link LocalDateTime}.
   *
   * @throws BadRecord if there is none
   */
  public Object value(long count) throws BadRecord {
    try {
      return switch (this) {
        case DAYS -> LocalDate.ofEpochDay(count);
        case MILLIS_OF_DAY, MICROS_OF_DAY, NANOS_OF_DAY ->
            LocalTime.ofNanoOfDay(Math.multiplyExact(count, unitNanos));
        case MILLIS, MICROS, NANOS -> timestamp(count);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new BadRecord("a date or a time in it is out of range");
    }
  }

  private LocalDateTime timestamp(long count) {
    long perSecond = NANOS_PER_SECOND / unitNanos;
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(count, perSecond),
        (int) (Math.floorMod(count, perSecond) * unitNanos),
        ZoneOffset.UTC);
  }
}
