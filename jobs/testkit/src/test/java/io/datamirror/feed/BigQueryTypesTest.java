package io.datamirror.feed;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Every row of the table of types in the reference. */
class BigQueryTypesTest extends WarehouseTypesContract {

  static Stream<Arguments> types() {
    return Stream.of(
        arguments("INT64", "BIGINT", Long.MIN_VALUE, "long", Long.MIN_VALUE),
        arguments("FLOAT64", "DOUBLE PRECISION", 0.1, "double", 0.1),
        arguments(
            "NUMERIC",
            "NUMERIC(38, 9)",
            new BigDecimal("1.5"),
            "decimal(38, 9)",
            new BigDecimal("1.500000000")),
        arguments(
            "NUMERIC(10, 2)",
            "NUMERIC(10, 2)",
            new BigDecimal("-1.50"),
            "decimal(10, 2)",
            new BigDecimal("-1.50")),
        arguments(
            "BIGNUMERIC(38, 10)",
            "NUMERIC(38, 10)",
            new BigDecimal("0.0000000001"),
            "decimal(38, 10)",
            new BigDecimal("0.0000000001")),
        arguments("BOOL", "BOOLEAN", false, "boolean", false),
        arguments("STRING", "VARCHAR", "žluťoučký", "string", "žluťoučký"),
        arguments("BYTES", "VARBINARY", new byte[] {0, -1}, "binary", "00ff"),
        arguments("DATE", "DATE", LocalDate.of(1969, 12, 31), "date", -1),
        arguments("TIME", "TIME(6)", LocalTime.of(1, 0, 0, 5_000_000), "time", 3_600_005_000L),
        arguments(
            "DATETIME",
            "TIMESTAMP(6)",
            LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1_000),
            "timestamp",
            MICROS_2024 + 1),
        arguments(
            "TIMESTAMP",
            "TIMESTAMP(6) WITH TIME ZONE",
            OffsetDateTime.parse("2024-01-01T02:00:00+02:00"),
            "timestamp with zone",
            MICROS_2024),
        arguments("JSON", "VARCHAR", "{\"a\":1}", "string", "{\"a\":1}"),
        arguments("ARRAY<INT64>", "VARCHAR", "[1,2]", "string", "[1,2]"),
        arguments("STRUCT<a INT64>", "VARCHAR", "{\"a\":1}", "string", "{\"a\":1}"));
  }

  static Stream<String> withoutCounterpart() {
    return Stream.of("BIGNUMERIC", "GEOGRAPHY", "INTERVAL", "RANGE<DATE>");
  }

  @Override
  WarehouseTables warehouse() throws Exception {
    return new BigQueryTables();
  }

  @Override
  String page() {
    return "bigquery.md";
  }
}
