package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.WireFormats.Format;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values from raw bytes against the same values from the driver's getters. */
class RawDecodingTest {

  private static Postgres postgres;

  @BeforeAll
  static void start() throws SQLException {
    postgres =
        new Postgres(
            "CREATE TABLE wild (seq bigserial, id int8, v numeric(18, 4), b bool, i2 int2, i4 int4,"
                + " i8 int8, f4 float4, f8 float8, n numeric(12, 2), wide numeric(30, 5), fine"
                + " numeric(18, 18), tx text, ch char(7), u uuid, d date, tm time, ts timestamp, tz"
                + " timestamptz, by bytea)");
  }

  @AfterAll
  static void close() throws SQLException {
    postgres.close();
  }

  private static void insert(String... values) throws SQLException {
    postgres.run(
        "TRUNCATE wild",
        "INSERT INTO wild (id, v, b, i2, i4, i8, f4, f8, n, wide, fine, tx, ch, u, d, tm, ts, tz,"
            + " by) VALUES "
            + String.join(", ", values));
  }

  private static void assertSame() throws SQLException {
    Collected raw = read(postgres.connection());
    try (Connection connection = postgres.connectForText()) {
      Collected byGetters = read(connection);
      assertThat(raw.changes()).isNotEmpty().isEqualTo(byGetters.changes());
      assertThat(raw.rejected().size()).isEqualTo(byGetters.rejected().size());
      for (int i = 0; i < raw.rejected().size(); i++) {
        assertThat(raw.rejected().get(i).error()).isEqualTo(byGetters.rejected().get(i).error());
      }
    }
  }

  private static Collected read(Connection connection) throws SQLException {
    return Reads.all(connection, Specs.changeTable("public.wild").build());
  }

  @Test
  void the_driver_sends_numbers_and_times_in_binary_and_tells_so() throws SQLException {
    insert("(1, 1)".replace(")", ", null".repeat(17) + ")"));
    SqlText query =
        SqlText.in(io.datamirror.sql.Dialect.of(postgres.connection()))
            .text("SELECT i4, i8, f8, n, ts, d, tx FROM wild")
            .build();
    try (Rows rows = query.query(postgres.connection())) {
      WireFormats formats = WireFormats.of(rows.row());
      for (int index = 1; index <= 6; index++) {
        assertThat(formats.at(index)).as("column " + index).isEqualTo(Format.BINARY);
      }
      assertThat(formats.at(7)).isEqualTo(Format.TEXT);
      assertThat(formats.at(0)).isEqualTo(Format.UNKNOWN);
    }
  }

  @Test
  void ordinary_values_nulls_and_limits_are_the_same_as_by_getters() throws SQLException {
    insert(
        "(1, 1.5, true, -32768, -2147483648, -9223372036854775808, 1.5, 2.5, -12.34, 1.00001,"
            + " 0.000000000000000001, 'a', 'b', '00000000-0000-0000-0000-00000000000a',"
            + " '2024-02-29', '00:00:00.001', '2024-02-29 23:59:59.999999', '2024-02-29"
            + " 23:59:59.999999+02', '\\x00ff')",
        "(2, 99999999999999.9999, false, 32767, 2147483647, 9223372036854775807, '-0', 'NaN',"
            + " 9999999999.99, -9999999999999999999999999.99999, 0.999999999999999999, '',"
            + " '  x  ', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '0001-01-01', '23:59:59.999',"
            + " '0001-01-01 00:00:00', '0001-01-01 00:00:00+00', '')",
        "(3, -99999999999999.9999, null, 0, 0, 0, 'Infinity', '-Infinity', 0, 0, 0,"
            + " 'tëxt € 𝄞 with all lengths of characters, and long', 'ü', null, '9999-12-31',"
            + " '12:00', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00', null)",
        "(4, 0.0001, true, 1, 1, 1, 0, 0, 10000, 100000000, 0.1000, 'trailing space ', '', null,"
            + " '1999-12-31', '00:00', '1999-12-31 23:59:59.999999', '2000-01-01 00:00:00+00',"
            + " null)",
        "(5, 10000, null, null, null, null, null, null, null, null, null, null, null, null, null,"
            + " null, null, null, null)");
    assertSame();
  }

  @Test
  void what_is_out_of_the_ordinary_is_refused_in_the_same_words() throws SQLException {
    String ordinary =
        "(%d, 1, true, 1, 1, 1, 1, 1, %s, 1, 0, 'a', 'b', null, %s, %s, %s, %s, null)";
    String day = "'2024-01-01'";
    String noon = "'12:00'";
    insert(
        ordinary.formatted(1, "1", day, noon, day, day),
        ordinary.formatted(2, "'NaN'", day, noon, day, day),
        ordinary.formatted(3, "1", "'infinity'", noon, day, day),
        ordinary.formatted(4, "1", "'-infinity'", noon, day, day),
        ordinary.formatted(5, "1", "'0001-12-31 BC'", noon, day, day),
        ordinary.formatted(6, "1", "'10000-01-01'", noon, day, day),
        ordinary.formatted(7, "1", day, "'12:00:00.000001'", day, day),
        ordinary.formatted(8, "1", day, noon, "'infinity'", day),
        ordinary.formatted(9, "1", day, noon, "'0001-12-31 23:59:59.999999 BC'", day),
        ordinary.formatted(10, "1", day, noon, day, "'-infinity'"),
        ordinary.formatted(11, "1", day, noon, day, "'10000-01-01 00:00:00+00'"));
    assertSame();
    assertThat(read(postgres.connection()).rejected()).hasSize(10);
  }

  @Test
  void random_numbers_and_times_are_the_same_as_by_getters() throws SQLException {
    postgres.run(
        "TRUNCATE wild",
        "SELECT setseed(0.42)",
        "INSERT INTO wild (id, v, n, wide, fine, f4, f8, d, ts, tz, tx, ch) SELECT g,"
            + " (random() - 0.5)::numeric * power(10::numeric, g % 14),"
            + " (random() - 0.5)::numeric * power(10::numeric, g % 10),"
            + " (random() - 0.5)::numeric * power(10::numeric, g % 25), random()::numeric,"
            + " random() * power(10, g % 30), random() * power(10, g % 300),"
            + " date '1600-01-01' + (random() * 300000)::int,"
            + " timestamp '1600-01-01' + random() * interval '400 years',"
            + " timestamptz '1600-01-01' + random() * interval '400 years',"
            + " repeat(chr((1 + random() * 50000)::int), g % 20), left(md5(g::text), g % 8)"
            + " FROM generate_series(1, 5000) g");
    assertSame();
  }
}
