package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class H2TypesTest {

  private static final String TABLE =
      "CREATE TABLE T (\"seq\" BIGINT, \"id\" INT, \"v\" INT, B BOOLEAN, TI TINYINT, SI SMALLINT,"
          + " I INT, L BIGINT, R REAL, D DOUBLE PRECISION, N NUMERIC(10, 2), CH CHAR(5), VC"
          + " VARCHAR(9), CL CLOB, U UUID, J JSON, E ENUM('red', 'blue'), DT DATE, TM TIME(3), TS"
          + " TIMESTAMP, TZ TIMESTAMP WITH TIME ZONE, BI BINARY(2), VB VARBINARY(9), BL BLOB)";

  private static Map<String, Object> only(Collected collected) {
    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.rows()).hasSize(1);
    Map<String, Object> row = new LinkedHashMap<>(collected.rows().get(0));
    row.keySet().removeAll(List.of("seq", "id", "v"));
    return row;
  }

  private static long micros(String timestamp) {
    LocalDateTime value = LocalDateTime.parse(timestamp);
    return value.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + value.get(ChronoField.MICRO_OF_SECOND);
  }

  @Test
  void every_type_has_its_counterpart() throws SQLException {
    try (H2 h2 =
        new H2(
            TABLE,
            "INSERT INTO T VALUES (1, 1, 1, TRUE, -128, 32767, -2147483648, 9223372036854775807,"
                + " 1.5, -2.5, 12345678.90, 'ab', 'cdé', 'long', "
                + " '00000000-0000-0000-0000-00000000000A', JSON '{\"a\": 1}', 'blue', DATE"
                + " '2024-02-29', TIME '23:59:58.123', TIMESTAMP '2024-03-31 02:30:00.123456',"
                + " TIMESTAMP WITH TIME ZONE '2024-03-31 02:30:00+02:00', X'0A0B', X'FF00',"
                + " X'CAFE')")) {
      Feed feed = Reads.resolve(h2.connection(), Specs.changeTable("PUBLIC.T").build());
      Map<String, Object> row = only(Reads.all(h2.connection(), feed));

      Map<String, Object> expected = new LinkedHashMap<>();
      expected.put("B", true);
      expected.put("TI", -128);
      expected.put("SI", 32767);
      expected.put("I", Integer.MIN_VALUE);
      expected.put("L", Long.MAX_VALUE);
      expected.put("R", 1.5f);
      expected.put("D", -2.5);
      expected.put("N", new BigDecimal("12345678.90"));
      expected.put("CH", "ab");
      expected.put("VC", "cdé");
      expected.put("CL", "long");
      expected.put("U", "00000000-0000-0000-0000-00000000000a");
      expected.put("J", "{\"a\":1}");
      expected.put("E", "blue");
      expected.put("DT", (int) LocalDate.of(2024, 2, 29).toEpochDay());
      expected.put("TM", ((23 * 60 + 59) * 60 + 58) * 1_000_000L + 123_000);
      expected.put("TS", micros("2024-03-31T02:30:00.123456"));
      expected.put("TZ", micros("2024-03-31T00:30:00"));
      expected.put("BI", "0a0b");
      expected.put("VB", "ff00");
      expected.put("BL", "cafe");
      assertThat(row).isEqualTo(expected);
      assertThat(feed.layout().columns())
          .filteredOn(column -> column.source().equals("N"))
          .extracting(Column::type)
          .containsExactly(ColumnType.decimal(10, 2));
    }
  }

  @Test
  void null_is_null_in_every_type() throws SQLException {
    try (H2 h2 = new H2(TABLE, "INSERT INTO T (\"seq\", \"id\", \"v\") VALUES (1, 1, 1)")) {
      Map<String, Object> row =
          only(Reads.all(h2.connection(), Specs.changeTable("PUBLIC.T").build()));

      assertThat(row).hasSize(21).containsValue(null);
      assertThat(row.values()).containsOnlyNulls();
    }
  }

  @Test
  void zeros_and_empty_values_are_not_null() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (\"seq\" BIGINT, \"id\" INT, \"v\" INT, R REAL, D DOUBLE PRECISION, S"
                + " VARCHAR, B VARBINARY)",
            "INSERT INTO T VALUES (0, 0, 0, 0, 0, '', X'')")) {
      Collected read = Reads.all(h2.connection(), Specs.changeTable("PUBLIC.T").build());

      assertThat(read.rows())
          .containsExactly(Map.of("seq", 0L, "id", 0, "v", 0, "R", 0f, "D", 0.0, "S", "", "B", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"})
  void the_zone_of_the_process_changes_nothing(String zone) throws SQLException {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      // 2:30 does not exist in New York on that day; Apia had no 30 December 2011.
      try (H2 h2 =
          new H2(
              "CREATE TABLE T (\"seq\" BIGINT, \"id\" INT, \"v\" INT, TS TIMESTAMP, DT DATE, TM"
                  + " TIME)",
              "INSERT INTO T VALUES (1, 1, 1, TIMESTAMP '2024-03-10 02:30:00', DATE '2011-12-30',"
                  + " TIME '02:30:00')")) {
        Map<String, Object> row =
            only(Reads.all(h2.connection(), Specs.changeTable("PUBLIC.T").build()));

        assertThat(row.get("TS")).isEqualTo(micros("2024-03-10T02:30:00"));
        assertThat(row.get("DT")).isEqualTo((int) LocalDate.of(2011, 12, 30).toEpochDay());
        assertThat(row.get("TM")).isEqualTo(150 * 60 * 1_000_000L);
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private static Object cast(String type, String value, ColumnType to) throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (\"seq\" BIGINT, \"id\" INT, \"v\" INT, X " + type + ")",
            "INSERT INTO T VALUES (1, 1, 1, " + value + ")")) {
      Collected read =
          Reads.all(h2.connection(), Specs.changeTable("PUBLIC.T").cast(Map.of("X", to)).build());
      return read.rejected().isEmpty() ? read.values("X").get(0) : read.rejected().get(0).error();
    }
  }

  @Test
  void casts_keep_the_value_or_say_why_not() throws SQLException {
    ColumnType integer = ColumnType.of(Kind.INT);
    ColumnType wide = ColumnType.of(Kind.LONG);
    ColumnType string = ColumnType.of(Kind.STRING);
    ColumnType truth = ColumnType.of(Kind.BOOLEAN);
    ColumnType timestamp = ColumnType.of(Kind.TIMESTAMP);
    ColumnType zoned = ColumnType.of(Kind.TIMESTAMP_WITH_ZONE);

    assertThat(cast("BIGINT", "2147483647", integer)).isEqualTo(Integer.MAX_VALUE);
    assertThat(cast("BIGINT", "2147483648", integer))
        .isEqualTo("X: it is not a whole number of 32 bits");
    assertThat(cast("NUMERIC(30, 1)", "9223372036854775807.0", wide)).isEqualTo(Long.MAX_VALUE);
    assertThat(cast("NUMERIC(30, 1)", "1.5", wide))
        .isEqualTo("X: it is not a whole number of 64 bits");
    assertThat(cast("VARCHAR", "' 42 '", integer)).isEqualTo(42);
    assertThat(cast("VARCHAR", "'1E999999999'", ColumnType.decimal(38, 0)))
        .isEqualTo("X: it has too many digits");
    assertThat(cast("VARCHAR", "'x'", ColumnType.decimal(38, 0)))
        .isEqualTo("X: it is not a number");
    assertThat(cast("NUMERIC", "123.000", ColumnType.decimal(5, 2)))
        .isEqualTo(new BigDecimal("123.00"));
    assertThat(cast("NUMERIC(9, 3)", "1.234", ColumnType.decimal(5, 2)))
        .isEqualTo("X: it has more than 2 digits after the point");
    assertThat(cast("NUMERIC(9, 0)", "12345", ColumnType.decimal(5, 2)))
        .isEqualTo("X: it has more digits than decimal(5, 2)");
    assertThat(cast("DOUBLE PRECISION", "1E300", ColumnType.of(Kind.FLOAT)))
        .isEqualTo("X: it is beyond the range of a float");
    assertThat(cast("BIGINT", "9007199254740993", ColumnType.of(Kind.DOUBLE)))
        .isEqualTo("X: it has more digits than a double keeps");
    assertThat(cast("BIGINT", "9007199254740992", ColumnType.of(Kind.DOUBLE)))
        .isEqualTo(9007199254740992.0);
    assertThat(cast("INT", "16777217", ColumnType.of(Kind.FLOAT)))
        .isEqualTo("X: it has more digits than a float keeps");
    assertThat(cast("VARCHAR", "'NaN'", ColumnType.of(Kind.DOUBLE))).isEqualTo(Double.NaN);
    assertThat(cast("REAL", "0.1", ColumnType.decimal(10, 2))).isEqualTo(new BigDecimal("0.10"));
    assertThat(cast("REAL", "0.1", string)).isEqualTo("0.1");
    assertThat(cast("REAL", "0.1", ColumnType.of(Kind.DOUBLE))).isEqualTo((double) 0.1f);
    assertThat(cast("REAL", "CAST('NaN' AS REAL)", ColumnType.of(Kind.DOUBLE)))
        .isEqualTo(Double.NaN);
    assertThat(cast("VARCHAR", "'-Infinity'", ColumnType.of(Kind.FLOAT)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(cast("INT", "1", truth)).isEqualTo(true);
    assertThat(cast("VARCHAR", "'F'", truth)).isEqualTo(false);
    assertThat(cast("INT", "2", truth)).isEqualTo("X: it is neither true nor false");
    assertThat(cast("NUMERIC(9, 3)", "1.500", string)).isEqualTo("1.500");
    assertThat(cast("INT ARRAY", "ARRAY[1, 2]", string)).isEqualTo("[1, 2]");
    assertThat(cast("VARBINARY", "X'c3a9'", string)).isEqualTo("é");
    assertThat(cast("VARBINARY", "X'c3'", string)).isEqualTo("X: its bytes are not UTF-8");
    assertThat(cast("VARCHAR", "'é'", ColumnType.of(Kind.BINARY))).isEqualTo("c3a9");
    assertThat(cast("DATE", "DATE '2024-03-31'", timestamp))
        .isEqualTo(micros("2024-03-31T00:00:00"));
    assertThat(cast("TIMESTAMP(9)", "TIMESTAMP '2024-03-31 01:00:00.123456789'", timestamp))
        .isEqualTo(micros("2024-03-31T01:00:00.123456"));
    assertThat(cast("VARCHAR", "'2024-03-31 01:00:00'", timestamp))
        .isEqualTo(micros("2024-03-31T01:00:00"));
    assertThat(cast("VARCHAR", "'2024-03-31T01:00:00+01:00'", zoned))
        .isEqualTo(micros("2024-03-31T00:00:00"));
    assertThat(cast("VARCHAR", "'yesterday'", zoned))
        .isEqualTo("X: it is not a time stamp with a zone");
    assertThat(cast("TIMESTAMP", "TIMESTAMP '2024-03-31 23:00:00'", ColumnType.of(Kind.DATE)))
        .isEqualTo((int) LocalDate.of(2024, 3, 31).toEpochDay());
    assertThat(cast("TIME(9)", "TIME '01:00:00.123456789'", ColumnType.of(Kind.TIME)))
        .isEqualTo(3_600_123_000L);
  }

  @Test
  void columns_are_stored_as_the_spec_says() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (\"seq\" BIGINT, \"id\" INT, \"v\" INT, A INT, B INT)",
            "INSERT INTO T VALUES (1, 2, 3, 4, 5)")) {
      Specs some = Specs.changeTable("PUBLIC.T").include("B", "v", "id").rename("B", "b2");

      assertThat(Reads.all(h2.connection(), some.build()).rows())
          .containsExactly(Map.of("b2", 5, "v", 3, "id", 2));
      assertThat(Reads.resolve(h2.connection(), some.build()).layout().storedColumns())
          .extracting(Column::name)
          .containsExactly("b2", "v", "id");
    }
  }
}
