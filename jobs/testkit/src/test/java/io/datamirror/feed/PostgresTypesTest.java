package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.ledger.LedgerEntry;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresTypesTest {

  private static Postgres postgres;

  @BeforeAll
  static void start() throws SQLException {
    postgres = new Postgres("CREATE TYPE mood AS ENUM ('sad', 'glad')");
  }

  @AfterAll
  static void close() throws SQLException {
    postgres.close();
  }

  private static long micros(String timestamp) {
    LocalDateTime value = LocalDateTime.parse(timestamp);
    return value.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + value.get(ChronoField.MICRO_OF_SECOND);
  }

  @Test
  void every_type_has_its_counterpart() throws SQLException {
    postgres.run(
        "CREATE TABLE types (seq bigserial, id int, v int, b bool, i2 int2, i4 int4, i8 int8, f4"
            + " float4, f8 float8, n numeric(38, 6), tx text, vc varchar(9), ch char(5), u uuid, j"
            + " json, jb jsonb, e mood, d date, tm time(3), ts timestamp, tz timestamptz, by"
            + " bytea)",
        "INSERT INTO types VALUES (1, 1, 1, true, -32768, 2147483647, -9223372036854775808, 1.5,"
            + " 'NaN', 12345678901234567890123456789012.123456, 'té', 'v', 'ab',"
            + " '00000000-0000-0000-0000-00000000000A', '{\"a\":  1}', '{\"a\":  1}', 'glad',"
            + " '2024-02-29', '23:59:58.123', '2024-03-31 02:30:00.123456', '2024-03-31"
            + " 02:30:00+02', '\\x00ff')");

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("seq", 1L);
    expected.put("id", 1);
    expected.put("v", 1);
    expected.put("b", true);
    expected.put("i2", -32768);
    expected.put("i4", Integer.MAX_VALUE);
    expected.put("i8", Long.MIN_VALUE);
    expected.put("f4", 1.5f);
    expected.put("f8", Double.NaN);
    expected.put("n", new BigDecimal("12345678901234567890123456789012.123456"));
    expected.put("tx", "té");
    expected.put("vc", "v");
    expected.put("ch", "ab");
    expected.put("u", "00000000-0000-0000-0000-00000000000a");
    expected.put("j", "{\"a\":  1}");
    expected.put("jb", "{\"a\": 1}");
    expected.put("e", "glad");
    expected.put("d", (int) LocalDate.of(2024, 2, 29).toEpochDay());
    expected.put("tm", ((23 * 60 + 59) * 60 + 58) * 1_000_000L + 123_000);
    expected.put("ts", micros("2024-03-31T02:30:00.123456"));
    expected.put("tz", micros("2024-03-31T00:30:00"));
    expected.put("by", "00ff");
    assertThat(Reads.all(postgres.connection(), Specs.changeTable("public.types").build()).rows())
        .containsExactly(expected);
  }

  @Test
  void types_without_a_counterpart_have_a_way_out() throws SQLException {
    postgres.run(
        "CREATE DOMAIN positive AS int",
        "CREATE TABLE odd (seq int, id int, v int, n numeric, wide numeric(60, 2), neg numeric(5,"
            + " -2), m money, bits bit(3), arr int[], iv interval, x xid8, ip inet, tmz timetz, dm"
            + " positive)",
        "INSERT INTO odd VALUES (1, 1, 1, 1.5, 2.5, 1200, 3.25, B'101', '{1,2}', '1 day', '7',"
            + " '10.0.0.1', '10:00+02', 9)");
    Specs spec = Specs.changeTable("public.odd");

    ProblemsException thrown =
        Assertions.catchThrowableOfType(
            ProblemsException.class, () -> Reads.resolve(postgres.connection(), spec.build()));
    Map<String, ColumnType> casts = new LinkedHashMap<>();
    ColumnType string = ColumnType.of(Kind.STRING);
    casts.put("n", ColumnType.decimal(10, 2));
    casts.put("wide", ColumnType.decimal(38, 2));
    casts.put("neg", ColumnType.of(Kind.LONG));
    for (String name : List.of("m", "bits", "arr", "iv", "x", "ip", "tmz")) {
      casts.put(name, string);
    }
    casts.put("dm", ColumnType.of(Kind.INT));
    Collected read = Reads.all(postgres.connection(), spec.cast(casts).build());

    assertThat(thrown.problems())
        .extracting(Problem::path)
        .containsExactly(
            "mirrored.n",
            "mirrored.wide",
            "mirrored.neg",
            "mirrored.m",
            "mirrored.bits",
            "mirrored.arr",
            "mirrored.iv",
            "mirrored.x",
            "mirrored.ip",
            "mirrored.tmz",
            "mirrored.dm");
    assertThat(read.rejected()).isEmpty();
    assertThat(read.rows().get(0))
        .containsEntry("n", new BigDecimal("1.50"))
        .containsEntry("wide", new BigDecimal("2.50"))
        .containsEntry("neg", 1200L)
        .containsEntry("m", "$3.25")
        .containsEntry("bits", "101")
        .containsEntry("arr", "{1,2}")
        .containsEntry("iv", "1 day")
        .containsEntry("x", "7")
        .containsEntry("ip", "10.0.0.1")
        .containsEntry("tmz", "10:00:00+02")
        .containsEntry("dm", 9);
  }

  @Test
  void what_only_postgresql_can_hold_is_refused_row_by_row() throws SQLException {
    postgres.run(
        "CREATE TABLE edge (seq int, id int, v int, n numeric(9, 2), d date, ts timestamp, tz"
            + " timestamptz, tm time)",
        "INSERT INTO edge VALUES (1, 1, 1, 'NaN', NULL, NULL, NULL, NULL)",
        "INSERT INTO edge VALUES (2, 2, 1, NULL, 'infinity', NULL, NULL, NULL)",
        "INSERT INTO edge VALUES (3, 3, 1, NULL, NULL, '-infinity', NULL, NULL)",
        "INSERT INTO edge VALUES (4, 4, 1, NULL, NULL, NULL, 'infinity', NULL)",
        "INSERT INTO edge VALUES (5, 5, 1, NULL, NULL, NULL, NULL, '24:00')",
        "INSERT INTO edge VALUES (6, 6, 1, NULL, '0044-03-15 BC', NULL, NULL, NULL)",
        "INSERT INTO edge VALUES (7, 7, 1, 1, '9999-12-31', '0001-01-01', '9999-12-31 00:00Z',"
            + " '00:00')");

    Collected read = Reads.all(postgres.connection(), Specs.changeTable("public.edge").build());

    assertThat(read.values("id")).containsExactly(7);
    assertThat(read.rejected())
        .extracting(LedgerEntry::error)
        .containsExactly(
            "n: it cannot be read as decimal(9, 2)",
            "d: it is not between the years 1 and 9999",
            "ts: it is not between the years 1 and 9999",
            "tz: it is not between the years 1 and 9999",
            "tm: it is finer than a millisecond; a cast to time cuts it, to string not",
            "d: it is not between the years 1 and 9999");
    assertThat(read.rejected().get(0).row())
        .isEqualTo(
            "{\"seq\":1,\"id\":1,\"v\":1,\"n\":\"NaN\",\"d\":null,\"ts\":null,\"tz\":null,"
                + "\"tm\":null}");
  }

  @Test
  void a_recreated_table_is_another_one() throws SQLException {
    postgres.run("CREATE TABLE again (seq int, id int, v int)");
    Feed feed = Reads.resolve(postgres.connection(), Specs.changeTable("public.again").build());
    Identity first = feed.identity(postgres.connection());
    postgres.run("ALTER TABLE again ADD COLUMN extra int");
    Identity altered = feed.identity(postgres.connection());
    postgres.run("DROP TABLE again", "CREATE TABLE again (seq int, id int, v int)");

    assertThat(altered).isEqualTo(first);
    assertThat(feed.identity(postgres.connection())).isNotEqualTo(first);
    assertThat(first.text()).matches("\\d+");
  }

  @Test
  void text_cursors_are_compared_by_characters() throws SQLException {
    postgres.run(
        "CREATE TABLE texts (seq text, id int, v int)",
        "INSERT INTO texts VALUES ('b', 1, 1), ('B', 2, 1), ('🦉', 3, 1), ('～', 4, 1)");
    Feed feed = Reads.resolve(postgres.connection(), Specs.changeTable("public.texts").build());

    assertThat(Reads.all(postgres.connection(), feed).values("id")).containsExactly(2, 1, 4, 3);
    assertThat(feed.compare(new Position("'🦉"), new Position("'～"))).isPositive();
  }
}
