package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the table of types in the reference, through Snowflake's own driver. */
class SnowflakeTypesTest {

  private static final Path REFERENCE =
      Path.of(System.getProperty("user.dir")).resolve("../../docs/reference/snowflake.md");
  private static final long MICROS_2024 = 1_704_067_200_000_000L;

  static Stream<Arguments> types() {
    return Stream.of(
        arguments("NUMBER(9,0)", "NUMERIC(9)", 999_999_999, "int", 999_999_999),
        arguments("NUMBER(18,0)", "NUMERIC(18)", 10L << 50, "long", 10L << 50),
        arguments(
            "NUMBER(38,0)",
            "NUMERIC(38)",
            new BigDecimal("9".repeat(38)),
            "decimal(38, 0)",
            new BigDecimal("9".repeat(38))),
        arguments(
            "NUMBER(12,4)",
            "NUMERIC(12,4)",
            new BigDecimal("-1.5"),
            "decimal(12, 4)",
            new BigDecimal("-1.5000")),
        arguments("FLOAT", "DOUBLE PRECISION", 0.1, "double", 0.1),
        arguments("VARCHAR(16777216)", "VARCHAR", "žluťoučký \n", "string", "žluťoučký \n"),
        arguments("BOOLEAN", "BOOLEAN", true, "boolean", true),
        arguments("BINARY(8388608)", "VARBINARY", new byte[] {0, -1, 7}, "binary", "00ff07"),
        arguments("DATE", "DATE", LocalDate.of(1969, 12, 31), "date", -1),
        arguments("TIME(9)", "TIME(9)", LocalTime.of(1, 0, 0, 5_000_000), "time", 3_600_005_000L),
        arguments(
            "TIMESTAMP_NTZ(9)",
            "TIMESTAMP(9)",
            LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1_000),
            "timestamp",
            MICROS_2024 + 1),
        arguments(
            "TIMESTAMP_LTZ(9)",
            "TIMESTAMP(9) WITH TIME ZONE",
            OffsetDateTime.parse("2024-01-01T02:00:00+02:00"),
            "timestamp with zone",
            MICROS_2024),
        arguments(
            "TIMESTAMP_TZ(9)",
            "TIMESTAMP(9) WITH TIME ZONE",
            OffsetDateTime.parse("2023-12-31T19:00:00-05:00"),
            "timestamp with zone",
            MICROS_2024),
        arguments("VARIANT", "VARCHAR", "{\"a\":1}", "string", "{\"a\":1}"),
        arguments("OBJECT", "VARCHAR", "{\"b\":[]}", "string", "{\"b\":[]}"),
        arguments("ARRAY", "VARCHAR", "[1,null]", "string", "[1,null]"));
  }

  @ParameterizedTest
  @MethodSource("types")
  void aValueArrivesWhole(
      String type, String engineType, Object value, String becomes, Object expected)
      throws Exception {
    try (SnowflakeTables warehouse = new SnowflakeTables()) {
      Collected read = read(warehouse, type, engineType, value, "");
      assertThat(read.rejected()).isEmpty();
      assertThat(read.values("V")).containsExactly(expected, null, expected, null);
    }
    assertThat(Files.readString(REFERENCE)).contains("| `" + type + "` | " + becomes + " |");
  }

  /** The value and null, in the snapshot and then in the changes. */
  private static Collected read(
      SnowflakeTables warehouse, String type, String engineType, Object value, String keys)
      throws Exception {
    VersionedTable table = table(warehouse, type, engineType);
    table.commit(
        writer -> {
          writer.insert(1, value);
          writer.insert(2, null);
        });
    Feed feed = warehouse.resolve(keys);
    Collected read = new Collected(feed.layout());
    Mirroring mirror = new Mirroring(feed, 0, 100);
    warehouse.clock.addAndGet(100);
    Reads.read(
        warehouse.connection(), feed, mirror.plan(warehouse.connection()).orElseThrow(), read);
    warehouse.clock.addAndGet(100);
    table.commit(
        writer -> {
          writer.insert(3, value);
          writer.insert(4, null);
        });
    warehouse.clock.addAndGet(100);
    Reads.read(
        warehouse.connection(), feed, mirror.plan(warehouse.connection()).orElseThrow(), read);
    return read;
  }

  private static VersionedTable table(SnowflakeTables warehouse, String type, String engineType)
      throws Exception {
    return warehouse
        .server
        .tables()
        .create(
            "ITEMS",
            List.of(
                new Column("ID", "NUMBER(9,0)", "NUMERIC(9)", false),
                new Column("V", type, engineType, true)),
            List.of("ID"));
  }

  @ParameterizedTest
  @CsvSource({"VECTOR(FLOAT, 3)", "DECFLOAT(38)", "FILE"})
  void whatHasNoCounterpartIsRefusedByName(String type) throws Exception {
    try (SnowflakeTables warehouse = new SnowflakeTables()) {
      table(warehouse, type, "VARCHAR");
      assertThat(problem(warehouse)).isEqualTo(ErrorCode.UNSUPPORTED_COLUMN_TYPE);
    }
    assertThat(Files.readString(REFERENCE)).contains("`" + type.replaceAll("\\(.*", "") + "`");
  }

  @ParameterizedTest
  @CsvSource({"GEOGRAPHY", "GEOMETRY"})
  void whatSnowflakeItselfHasNoChangesForIsRefused(String type) throws Exception {
    try (SnowflakeTables warehouse = new SnowflakeTables()) {
      table(warehouse, type, "VARCHAR");
      assertThat(problem(warehouse)).isEqualTo(ErrorCode.NO_CHANGE_FEED);
    }
    assertThat(Files.readString(REFERENCE)).contains("`" + type + "`");
  }

  private static ErrorCode problem(SnowflakeTables warehouse) {
    Map<String, Problem> found = new HashMap<>();
    assertThatThrownBy(() -> warehouse.resolve(""))
        .isInstanceOfSatisfying(
            ProblemsException.class, error -> found.put("first", error.problems().get(0)));
    return found.get("first").code();
  }

  @Test
  void nanosecondsAreNotCutUnlessASpecSaysSo() throws Exception {
    LocalDateTime fine = LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1_001);
    try (SnowflakeTables warehouse = new SnowflakeTables()) {
      Collected read = read(warehouse, "TIMESTAMP_NTZ(9)", "TIMESTAMP(9)", fine, "");
      assertThat(read.rejected()).hasSize(2);
      assertThat(read.values("V")).containsExactly(null, null);
    }
    try (SnowflakeTables warehouse = new SnowflakeTables()) {
      Collected read =
          read(
              warehouse,
              "TIMESTAMP_NTZ(9)",
              "TIMESTAMP(9)",
              fine,
              "columns: { cast: { V: timestamp } }");
      assertThat(read.values("V")).containsExactly(MICROS_2024 + 1, null, MICROS_2024 + 1, null);
    }
  }
}
