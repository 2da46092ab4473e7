package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.error.ErrorCode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the table of types in the reference, through Snowflake's own driver. */
class SnowflakeTypesTest extends WarehouseTypesContract {

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

  static Stream<String> withoutCounterpart() {
    return Stream.of("VECTOR(FLOAT, 3)", "DECFLOAT(38)", "FILE");
  }

  @Override
  WarehouseTables warehouse() throws Exception {
    return new SnowflakeTables();
  }

  @Override
  String page() {
    return "snowflake.md";
  }

  @ParameterizedTest
  @ValueSource(strings = {"GEOGRAPHY", "GEOMETRY"})
  void whatSnowflakeItselfHasNoChangesForIsRefused(String type) throws Exception {
    assertThat(refusal(type)).isEqualTo(ErrorCode.NO_CHANGE_FEED);
    assertThat(reference()).contains("`" + type + "`");
  }

  @Test
  void nanosecondsAreNotCutUnlessASpecSaysSo() throws Exception {
    LocalDateTime fine = LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1_001);
    Collected whole = read("TIMESTAMP_NTZ(9)", "TIMESTAMP(9)", fine, "");
    assertThat(whole.rejected()).hasSize(2);
    assertThat(whole.values("V")).containsExactly(null, null);

    String cast = "columns: { cast: { V: timestamp } }";
    Collected cut = read("TIMESTAMP_NTZ(9)", "TIMESTAMP(9)", fine, cast);
    assertThat(cut.values("V")).containsExactly(MICROS_2024 + 1, null, MICROS_2024 + 1, null);
  }
}
