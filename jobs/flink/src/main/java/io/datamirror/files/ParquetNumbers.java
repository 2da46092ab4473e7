package io.datamirror.files;

import io.datamirror.record.BadRecord;
import io.datamirror.record.CountedTime;
import io.datamirror.record.SourceRecord;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.iceberg.shaded.org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.iceberg.shaded.org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.iceberg.shaded.org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.iceberg.shaded.org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.iceberg.shaded.org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.iceberg.shaded.org.apache.parquet.schema.PrimitiveType;
import org.apache.iceberg.shaded.org.apache.parquet.schema.Type;

/**
 * What whole numbers in a Parquet file mean where Iceberg, which has fewer types, takes them for
 * other numbers or refuses them: those without a sign, and times that are counted. They are read as
 * what stands in the file, so that one that means nothing is a bad value and not a broken file.
 */
final class ParquetNumbers {

  private ParquetNumbers() {}

  /** What the numbers of one column mean. */
  interface Meaning {
    /** The value of a record. */
    Object value(long number);
  }

  /** What the numbers of a column mean; empty if Iceberg reads them as they are meant. */
  static Optional<Meaning> meaning(Type column) {
    LogicalTypeAnnotation type = column.isPrimitive() ? column.getLogicalTypeAnnotation() : null;
    if (type instanceof IntLogicalTypeAnnotation whole && !whole.isSigned()) {
      return Optional.of(
          whole.getBitWidth() == Long.SIZE
              ? ParquetNumbers::unsigned
              : number -> Integer.toUnsignedLong((int) number));
    }
    if (type instanceof TimeLogicalTypeAnnotation time) {
      CountedTime unit = ofDay(time.getUnit());
      return Optional.of(number -> timeOfDay(unit, number));
    }
    if (type instanceof TimestampLogicalTypeAnnotation time) {
      CountedTime unit = sinceEpoch(time.getUnit());
      return Optional.of(
          time.isAdjustedToUTC()
              ? number -> timestamp(unit, number).atOffset(ZoneOffset.UTC)
              : number -> timestamp(unit, number));
    }
    return Optional.empty();
  }

  /** The column as plain numbers. */
  static Type plain(Type column) {
    PrimitiveType typed = column.asPrimitiveType();
    PrimitiveType plain =
        new PrimitiveType(typed.getRepetition(), typed.getPrimitiveTypeName(), typed.getName());
    return typed.getId() == null ? plain : plain.withId(typed.getId().intValue());
  }

  private static Number unsigned(long number) {
    return number >= 0 ? number : new BigDecimal(Long.toUnsignedString(number));
  }

  private static Object timeOfDay(CountedTime unit, long number) {
    try {
      return unit.value(number);
    } catch (BadRecord e) {
      return new SourceRecord.NoValue(Long.toString(number), "it is no time of a day");
    }
  }

  private static LocalDateTime timestamp(CountedTime unit, long number) {
    try {
      return (LocalDateTime) unit.value(number);
    } catch (BadRecord e) {
      throw new IllegalStateException("Java has years for every number of milliseconds", e);
    }
  }

  private static CountedTime ofDay(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> CountedTime.MILLIS_OF_DAY;
      case MICROS -> CountedTime.MICROS_OF_DAY;
      case NANOS -> CountedTime.NANOS_OF_DAY;
    };
  }

  private static CountedTime sinceEpoch(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> CountedTime.MILLIS;
      case MICROS -> CountedTime.MICROS;
      case NANOS -> CountedTime.NANOS;
    };
  }
}
