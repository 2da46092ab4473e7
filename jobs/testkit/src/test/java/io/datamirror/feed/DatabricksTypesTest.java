package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.ColumnsSpec;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each row of the table in docs/reference/databricks.md, through the real driver. */
class DatabricksTypesTest {

  private static Delta delta;

  @BeforeAll
  static void start() throws SQLException {
    delta = new Delta("types");
  }

  @AfterAll
  static void close() throws SQLException {
    delta.close();
  }

  private static long micros(String time) {
    OffsetDateTime epoch = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    return ChronoUnit.MICROS.between(epoch, OffsetDateTime.parse(time));
  }

  @Test
  void every_type_has_its_counterpart_in_the_snapshot_and_in_the_changes() throws SQLException {
    delta.create(
        "all_types",
        "id BIGINT NOT NULL, bo BOOLEAN, ti TINYINT, sm SMALLINT, i INT, f FLOAT, d DOUBLE, de"
            + " DECIMAL(38,6), st STRING, vc VARCHAR(9), ch CHAR(5), bi BINARY, da DATE, ts"
            + " TIMESTAMP, tn TIMESTAMP_NTZ, ar ARRAY<INT>, ma MAP<STRING,INT>, sr"
            + " STRUCT<a:INT,b:STRING>, va VARIANT");
    Feed feed = delta.feed("all_types", "id");
    Position before = delta.start(feed);
    delta.run(
        "INSERT INTO "
            + delta.name("all_types")
            + " SELECT 9223372036854775807, true, -128, -32768, 2147483647, 1.5, CAST('NaN' AS"
            + " DOUBLE), CAST('12345678901234567890123456789012.123456' AS DECIMAL(38,6)), 'té\\'s"
            + " \\\\ \\n', 'v', 'ab', X'00ff', DATE'2024-02-29', TIMESTAMP'2024-10-27"
            + " 00:30:00.123456Z', TIMESTAMP_NTZ'2024-03-31 02:30:00.5', array(1, null), map('k',"
            + " 1), named_struct('a', CAST(null AS INT), 'b', 'q'), parse_json('{\"a\":  [1]}')");

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("id", Long.MAX_VALUE);
    expected.put("bo", true);
    expected.put("ti", -128);
    expected.put("sm", -32768);
    expected.put("i", Integer.MAX_VALUE);
    expected.put("f", 1.5f);
    expected.put("d", Double.NaN);
    expected.put("de", new BigDecimal("12345678901234567890123456789012.123456"));
    expected.put("st", "té's \\ \n");
    expected.put("vc", "v");
    expected.put("ch", "ab   ");
    expected.put("bi", "00ff");
    expected.put("da", (int) LocalDate.of(2024, 2, 29).toEpochDay());
    expected.put("ts", micros("2024-10-27T00:30:00.123456Z"));
    expected.put("tn", micros("2024-03-31T02:30:00.5Z"));
    expected.put("ar", "[1,null]");
    expected.put("ma", "{\"k\":1}");
    expected.put("sr", "{\"a\":null,\"b\":\"q\"}");
    expected.put("va", "{\"a\":[1]}");
    assertThat(delta.changes(feed, before).rows()).containsExactly(expected);
    assertThat(delta.snapshot(feed, delta.start(feed)).rows()).containsExactly(expected);
  }

  @Test
  void null_is_null_of_every_type() throws SQLException {
    delta.create(
        "nulls",
        "id BIGINT NOT NULL, bo BOOLEAN, i INT, f FLOAT, d DOUBLE, de DECIMAL(10,2), st STRING, ch"
            + " CHAR(5), bi BINARY, da DATE, ts TIMESTAMP, tn TIMESTAMP_NTZ, ar ARRAY<INT>, ma"
            + " MAP<STRING,INT>, sr STRUCT<a:INT>, va VARIANT");
    delta.run("INSERT INTO " + delta.name("nulls") + " (id) VALUES (1)");
    Feed feed = delta.feed("nulls", "id");

    Map<String, Object> row = delta.snapshot(feed, delta.start(feed)).rows().get(0);

    assertThat(row.remove("id")).isEqualTo(1L);
    assertThat(row).hasSize(15).allSatisfy((name, value) -> assertThat(value).isNull());
  }

  @Test
  void times_are_exact_from_the_first_year_to_the_last_in_any_zone() throws SQLException {
    delta.create("times", "id INT NOT NULL, da DATE, ts TIMESTAMP, tn TIMESTAMP_NTZ");
    delta.run(
        "INSERT INTO "
            + delta.name("times")
            + " VALUES (1, DATE'0001-01-01', TIMESTAMP'0001-01-01 00:00:00Z',"
            + " TIMESTAMP_NTZ'0001-01-01 00:00:00'), (2, DATE'9999-12-31', TIMESTAMP'9999-12-31"
            + " 23:59:59.999999Z', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999')");
    Feed feed = delta.feed("times", "id");

    for (String zone : List.of("UTC", "Europe/Berlin", "America/St_Johns")) {
      try (var statement = delta.connection().createStatement()) {
        statement.execute("SET TIME ZONE '" + zone + "'");
      }
      Collected rows = delta.snapshot(feed, delta.start(feed));
      assertThat(rows.rejected()).as(zone).isEmpty();
      assertThat(rows.values("ts"))
          .as(zone)
          .containsExactly(micros("0001-01-01T00:00:00Z"), micros("9999-12-31T23:59:59.999999Z"));
      assertThat(rows.values("tn")).as(zone).isEqualTo(rows.values("ts"));
      assertThat(rows.values("da"))
          .as(zone)
          .containsExactly(
              (int) LocalDate.of(1, 1, 1).toEpochDay(),
              (int) LocalDate.of(9999, 12, 31).toEpochDay());
    }
    delta.run("SET TIME ZONE 'UTC'");
  }

  @Test
  void values_can_be_cast() throws SQLException {
    delta.create("casts", "id BIGINT NOT NULL, ts TIMESTAMP, sr STRUCT<a:INT>, de DECIMAL(4,1)");
    delta.run(
        "INSERT INTO "
            + delta.name("casts")
            + " VALUES (7, TIMESTAMP'2024-10-27 00:30:00Z', named_struct('a', 1), 2.0)");
    ColumnsSpec columns =
        new ColumnsSpec(
            List.of(),
            List.of(),
            Map.of(),
            Map.of(
                "id", ColumnType.of(Kind.STRING),
                "ts", ColumnType.of(Kind.DATE),
                "de", ColumnType.of(Kind.INT)));
    Feed feed = delta.feed(delta.spec("casts", columns, "id"));

    assertThat(delta.snapshot(feed, delta.start(feed)).rows())
        .containsExactly(
            Map.of(
                "id",
                "7",
                "ts",
                (int) LocalDate.of(2024, 10, 27).toEpochDay(),
                "sr",
                "{\"a\":1}",
                "de",
                2));
  }

  @Test
  void a_column_may_be_called_like_the_heading_of_what_follows_the_columns() {
    assertThat(DatabricksTypes.describesColumn("# of items", "int")).isTrue();
    assertThat(DatabricksTypes.describesColumn("data_type", "data_type")).isTrue();
    assertThat(DatabricksTypes.describesColumn("# Partition Information", "")).isFalse();
    assertThat(DatabricksTypes.describesColumn("# Partition Information", null)).isFalse();
    assertThat(DatabricksTypes.describesColumn("# col_name", "data_type")).isFalse();
    assertThat(DatabricksTypes.describesColumn("", "")).isFalse();
    assertThat(DatabricksTypes.describesColumn(null, null)).isFalse();
  }

  @Test
  void what_has_no_counterpart_needs_a_cast() {
    for (String type :
        List.of("interval day to second", "void", "geography(4326)", "geometry(0)", "object")) {
      Reading reading = DatabricksTypes.reading(DatabricksTypes.column("c", type, true));
      assertThat(reading.type()).as(type).isNull();
    }
  }

  @Test
  void a_float_is_no_key() {
    delta.create("float_key", "id FLOAT, v INT");

    ProblemsException problems =
        catchThrowableOfType(ProblemsException.class, () -> delta.feed("float_key", "id"));

    assertThat(problems.problems())
        .extracting(Problem::toString)
        .first()
        .asString()
        .contains("MIRROR-1022");
  }

  @Test
  void a_table_that_has_the_feeds_own_columns_cannot_be_mirrored() {
    delta.run("CREATE TABLE " + delta.name("own") + " (id INT, _change_type STRING) USING delta");

    ProblemsException problems =
        catchThrowableOfType(ProblemsException.class, () -> delta.feed("own", "id"));

    assertThat(problems.problems())
        .extracting(Problem::toString)
        .first()
        .asString()
        .contains("it has a column _change_type, which the feed has for itself");
  }
}
