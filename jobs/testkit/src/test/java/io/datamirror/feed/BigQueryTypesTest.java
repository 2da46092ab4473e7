package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.ProblemsException;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the table of types in the reference. */
class BigQueryTypesTest {

  private static final Path REFERENCE =
      Path.of(System.getProperty("user.dir")).resolve("../../docs/reference/bigquery.md");
  private static final long MICROS_2024 = 1_704_067_200_000_000L;

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

  @ParameterizedTest
  @MethodSource("types")
  void aValueArrivesWhole(
      String type, String engineType, Object value, String becomes, Object expected)
      throws Exception {
    try (BigQueryTables warehouse = new BigQueryTables()) {
      VersionedTable table = table(warehouse, type, engineType);
      Feed feed = warehouse.resolve("");
      Collected read = new Collected(feed.layout());
      Mirroring mirror = new Mirroring(feed, 0, 100);
      table.commit(
          writer -> {
            writer.insert(1, value);
            writer.insert(2, null);
          });
      warehouse.clock.addAndGet(10_000);
      Reads.read(
          warehouse.connection(), feed, mirror.plan(warehouse.connection()).orElseThrow(), read);
      table.commit(
          writer -> {
            writer.insert(3, value);
            writer.insert(4, null);
          });
      warehouse.clock.addAndGet(10_000);
      Reads.read(
          warehouse.connection(), feed, mirror.plan(warehouse.connection()).orElseThrow(), read);
      assertThat(read.rejected()).isEmpty();
      assertThat(read.values("V")).containsExactly(expected, null, expected, null);
    }
    assertThat(Files.readString(REFERENCE)).contains("| `" + type + "` | " + becomes + " |");
  }

  private static VersionedTable table(BigQueryTables warehouse, String type, String engineType)
      throws Exception {
    return warehouse
        .service
        .tables()
        .create(
            "ITEMS",
            List.of(
                new Column("ID", "INT64", "BIGINT", false),
                new Column("V", type, engineType, true)),
            List.of("ID"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BIGNUMERIC", "GEOGRAPHY", "INTERVAL", "RANGE<DATE>"})
  void whatHasNoCounterpartIsRefusedByName(String type) throws Exception {
    try (BigQueryTables warehouse = new BigQueryTables()) {
      table(warehouse, type, "VARCHAR");
      assertThatThrownBy(() -> warehouse.resolve(""))
          .isInstanceOfSatisfying(
              ProblemsException.class,
              error ->
                  assertThat(error.problems().get(0).code())
                      .isEqualTo(ErrorCode.UNSUPPORTED_COLUMN_TYPE));
    }
    assertThat(Files.readString(REFERENCE)).contains("`" + type + "`");
  }
}
