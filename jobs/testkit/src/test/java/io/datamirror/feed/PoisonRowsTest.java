package io.datamirror.feed;

import static io.datamirror.feed.OtherDatabase.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.exceptions.DataReadException;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** At the feed: each kind of poison among good rows, and what becomes of it. */
class PoisonRowsTest {

  private static final String COLUMNS = "\"seq\" BIGINT, \"id\" INT, \"v\" INT";

  /** A table with one poisoned row between two good ones; {@code X} has type and values. */
  private static Collected read(Specs spec, String type, String good, String poison)
      throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (" + COLUMNS + ", X " + type + ")",
            "INSERT INTO T VALUES (1, 1, 1, " + good + ")",
            "INSERT INTO T VALUES (2, 2, 1, " + poison + ")",
            "INSERT INTO T VALUES (3, 3, 1, " + good + ")")) {
      return Reads.all(h2.connection(), spec.build());
    }
  }

  private static Specs spec() {
    return Specs.changeTable("PUBLIC.T");
  }

  private static Specs castTo(ColumnType type) {
    return spec().cast(Map.of("X", type));
  }

  private static LedgerEntry onlyPoison(Collected collected) {
    assertThat(collected.values("id")).containsExactly(1, 3);
    assertThat(collected.rejected()).hasSize(1);
    return collected.rejected().get(0);
  }

  private static void assertBadValue(Collected collected, String error, String value) {
    assertThat(onlyPoison(collected))
        .isEqualTo(
            new LedgerEntry(
                "mirrored",
                LedgerReason.BAD_VALUE,
                "{\"id\":2}",
                "1",
                null,
                null,
                "{\"seq\":2,\"id\":2,\"v\":1,\"X\":" + value + "}",
                error));
  }

  @Test
  void decimal_overflow_is_a_bad_value() throws SQLException {
    assertBadValue(
        read(castTo(ColumnType.decimal(5, 2)), "NUMERIC(30, 2)", "999.99", "1000"),
        "X: it has more digits than decimal(5, 2)",
        "1000.00");
  }

  @Test
  void a_decimal_of_a_huge_exponent_is_a_bad_value() throws SQLException {
    assertBadValue(
        read(castTo(ColumnType.decimal(5, 2)), "DECFLOAT", "1.5", "1E600000000"),
        "X: it has more digits than decimal(5, 2)",
        "1E+600000000");
  }

  @Test
  void not_a_number_in_a_decimal_is_a_bad_value() throws SQLException {
    assertBadValue(
        read(castTo(ColumnType.decimal(5, 2)), "DOUBLE PRECISION", "1.5", "'NaN'"),
        "X: it is not a number",
        "\"NaN\"");
  }

  @Test
  void bytes_that_are_no_utf8_are_a_bad_value() throws SQLException {
    assertBadValue(
        read(castTo(ColumnType.of(Kind.STRING)), "VARBINARY", "X'61'", "X'61FF'"),
        "X: its bytes are not UTF-8",
        "\"Yf8=\"");
  }

  @Test
  void a_database_that_breaks_its_own_encoding_stops_the_reading() throws SQLException {
    try (Postgres postgres =
        Postgres.ofAnyBytes(
            "CREATE TABLE t (seq int, id int, v int, x text)",
            "INSERT INTO t VALUES (1, 1, 1, 'a')",
            "INSERT INTO t VALUES (2, 2, 1, E'a\\xff')")) {
      Feed feed = Reads.resolve(postgres.connection(), Specs.changeTable("public.t").build());

      // The server itself cannot send such text: no row of the chunk comes.
      assertThatThrownBy(() -> Reads.all(postgres.connection(), feed))
          .isInstanceOfSatisfying(
              SQLException.class,
              error -> {
                assertThat(error.getSQLState()).isEqualTo("22021");
                assertThat(SourceErrors.query(error, "t").getMessage())
                    .isEqualTo(
                        "MIRROR-2005 t: the database refuses a query with SQL state 22021"
                            + " (PSQLException). Look for its message in the database's log or query"
                            + " history, or run what plan prints in another client: here it is left"
                            + " out, since it may hold values.");
              });
    }
  }

  @Test
  void a_lone_surrogate_is_a_bad_value() throws SQLException {
    try (H2 h2 = new H2("CREATE TABLE T (" + COLUMNS + ", X VARCHAR)")) {
      try (PreparedStatement insert =
          h2.connection().prepareStatement("INSERT INTO T VALUES (?, ?, 1, ?)")) {
        String[] values = {"a🦉", "a\uD83E", "b"};
        for (int i = 0; i < values.length; i++) {
          insert.setInt(1, i + 1);
          insert.setInt(2, i + 1);
          insert.setString(3, values[i]);
          insert.executeUpdate();
        }
      }
      assertBadValue(
          Reads.all(h2.connection(), spec().build()),
          "X: a surrogate stands alone at character 2",
          "\"a\\ud83e\"");
    }
  }

  @Test
  void a_nul_character_is_kept() throws SQLException {
    Collected collected = read(spec(), "VARCHAR", "'a'", "U&'b\\0000c'");

    assertThat(collected.values("X")).containsExactly("a", "b\0c", "a");
  }

  @Test
  void a_time_stamp_out_of_range_is_a_bad_value() throws SQLException {
    assertBadValue(
        read(spec(), "TIMESTAMP", "LOCALTIMESTAMP(6)", "TIMESTAMP '10000-01-01 00:00:00'"),
        "X: it is not between the years 1 and 9999",
        "\"10000-01-01 00:00:00\"");
    assertBadValue(
        read(spec(), "DATE", "CURRENT_DATE", "DATE '-0001-01-01'"),
        "X: it is not between the years 1 and 9999",
        "\"-0001-01-01\"");
  }

  @Test
  void a_date_of_zeros_that_the_driver_of_mysql_cannot_read_is_a_bad_value() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (" + COLUMNS + ", X TIMESTAMP)",
            "INSERT INTO T VALUES (1, 1, 1, LOCALTIMESTAMP(6))",
            "INSERT INTO T VALUES (2, 2, 1, TIMESTAMP '1000-01-01 00:00:00')",
            "INSERT INTO T VALUES (3, 3, 1, LOCALTIMESTAMP(6))")) {
      assertBadValue(
          Reads.all(refusing(h2.connection(), LocalDateTime.of(1000, 1, 1, 0, 0)), spec().build()),
          "X: it cannot be read as timestamp",
          "\"1000-01-01 00:00:00\"");
    }
  }

  /** The driver refuses one value as MySQL's does with a date of zeros. */
  private static Connection refusing(Connection connection, Object refused) {
    return answering(
        Connection.class,
        connection,
        "prepareStatement",
        statement ->
            answering(
                PreparedStatement.class,
                statement,
                "executeQuery",
                rows ->
                    answering(
                        ResultSet.class,
                        rows,
                        "getObject",
                        value -> {
                          if (refused.equals(value)) {
                            throw new SQLException("x", "S1009", new DataReadException("x"));
                          }
                          return value;
                        })));
  }

  @Test
  void a_time_stamp_in_a_gap_of_summer_time_stays_what_it_is() throws SQLException {
    Collected collected =
        read(
            spec(),
            "TIMESTAMP",
            "TIMESTAMP '2024-03-31 01:30:00'",
            "TIMESTAMP '2024-03-31 02:30:00'");

    assertThat(collected.values("X"))
        .containsExactly(1711848600000000L, 1711852200000000L, 1711848600000000L);
  }

  @Test
  void a_null_key_a_null_version_and_a_null_time_have_their_reasons() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (" + COLUMNS + ", \"t\" TIMESTAMP, \"o\" INT)",
            "INSERT INTO T VALUES (1, NULL, 1, TIMESTAMP '2024-01-01 00:00:00', 4)",
            "INSERT INTO T VALUES (2, 2, NULL, TIMESTAMP '2024-01-01 00:00:00', NULL)",
            "INSERT INTO T VALUES (3, 3, 1, NULL, NULL)")) {
      Specs spec = spec().timestamp("t").order("o");
      Collected loose = Reads.all(h2.connection(), spec.build());
      Collected strict = Reads.all(h2.connection(), spec.lateness(Duration.ofDays(1)).build());
      Collected series = Reads.all(h2.connection(), spec.key("id", "t").timeSeries().build());

      assertThat(loose.rejected())
          .extracting(LedgerEntry::reason)
          .containsExactly(LedgerReason.NULL_KEY, LedgerReason.NULL_VERSION);
      assertThat(strict.rejected())
          .extracting(LedgerEntry::reason)
          .containsExactly(
              LedgerReason.NULL_KEY, LedgerReason.NULL_VERSION, LedgerReason.NULL_TIME);
      assertThat(series.rejected())
          .extracting(LedgerEntry::reason)
          .containsExactly(
              LedgerReason.NULL_KEY, LedgerReason.NULL_VERSION, LedgerReason.NULL_TIME);
      assertThat(loose.rejected().get(0))
          .isEqualTo(
              new LedgerEntry(
                  "mirrored",
                  LedgerReason.NULL_KEY,
                  "{\"id\":null}",
                  "1",
                  "4",
                  1704067200000L,
                  "{\"seq\":1,\"id\":null,\"v\":1,\"t\":\"2024-01-01 00:00:00\",\"o\":4}",
                  "id is null"));
      assertThat(strict.rejected().get(2).error()).isEqualTo("t is null");
    }
  }

  @Test
  void an_unknown_operation_has_its_reason() throws SQLException {
    LedgerEntry entry = onlyPoison(read(spec().operation("X"), "VARCHAR(9)", "'U'", "'merge'"));

    assertThat(entry.reason()).isEqualTo(LedgerReason.UNKNOWN_OPERATION);
    assertThat(entry.error()).isEqualTo("the operation is neither u nor d");
    assertThat(entry.row()).isEqualTo("{\"seq\":2,\"id\":2,\"v\":1,\"X\":\"merge\"}");
  }

  @Test
  void a_column_too_many_is_not_read_and_one_that_is_missing_stops_the_reading()
      throws SQLException {
    try (H2 h2 =
        new H2("CREATE TABLE T (" + COLUMNS + ", X INT)", "INSERT INTO T VALUES (1, 1, 1, 7)")) {
      Feed feed = Reads.resolve(h2.connection(), spec().build());
      h2.run("ALTER TABLE T ADD COLUMN Y INT DEFAULT 8");
      assertThat(Reads.all(h2.connection(), feed).rows())
          .containsExactly(Map.of("seq", 1L, "id", 1, "v", 1, "X", 7));

      h2.run("ALTER TABLE T DROP COLUMN X");
      assertThatThrownBy(() -> Reads.all(h2.connection(), feed))
          .isInstanceOfSatisfying(
              SQLException.class,
              error ->
                  assertThat(SourceErrors.query(error, "mirrored").getMessage())
                      .isEqualTo(
                          "MIRROR-2008 mirrored: a column that is mirrored is no longer there. Take"
                              + " it out of the spec, or put it back into the source."));
    }
  }

  @Test
  void values_of_a_column_whose_type_was_changed_fit_or_are_bad() throws SQLException {
    try (H2 h2 =
        new H2("CREATE TABLE T (" + COLUMNS + ", X INT)", "INSERT INTO T VALUES (1, 1, 1, 7)")) {
      Feed feed = Reads.resolve(h2.connection(), spec().build());
      h2.run("ALTER TABLE T ALTER COLUMN X VARCHAR", "INSERT INTO T VALUES (2, 2, 1, 'seven')");
      Collected collected = Reads.all(h2.connection(), feed);

      assertThat(collected.values("X")).containsExactly(7);
      assertThat(collected.rejected())
          .extracting(LedgerEntry::error)
          .containsExactly("X: it cannot be read as int");
    }
  }

  @Test
  void a_cell_of_16_mebibytes_and_one_of_zero_bytes_are_kept() throws SQLException {
    int size = 16 << 20;
    Collected collected = read(spec(), "CLOB", "''", "REPEAT('x', " + size + ")");

    assertThat(collected.values("X").get(0)).isEqualTo("");
    assertThat((String) collected.values("X").get(1)).hasSize(size).matches("x+");
  }

  @Test
  void the_same_key_and_version_with_another_payload_differ_in_rank_only() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (" + COLUMNS + ", X INT)",
            "INSERT INTO T VALUES (1, 1, 1, 7), (1, 1, 1, 8), (1, 1, 1, 7)")) {
      Collected collected = Reads.all(h2.connection(), spec().build());

      assertThat(collected.changes().stream().map(Collected.Change::rank).distinct()).hasSize(2);
    }
  }

  @Test
  void a_key_of_negative_zero_is_the_key_zero() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (\"seq\" BIGINT, \"id\" DOUBLE PRECISION, \"v\" INT)",
            "INSERT INTO T VALUES (1, 0.0, 1), (1, -0.0, 1), (1, CAST('-0.0' AS DOUBLE"
                + " PRECISION), 1)")) {
      Collected collected =
          Reads.all(
              h2.connection(),
              Specs.changeTable("PUBLIC.T").cast(Map.of("id", ColumnType.decimal(5, 1))).build());

      assertThat(collected.values("id")).containsOnly(new BigDecimal("0.0"));
      assertThat(collected.changes().stream().map(Collected.Change::rank).distinct()).hasSize(1);
    }
  }

  @Test
  void a_row_of_1000_columns_is_read_whole() throws SQLException {
    String columns =
        IntStream.range(0, 997).mapToObj(i -> "C" + i + " INT").collect(Collectors.joining(", "));
    String values =
        IntStream.range(0, 997).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (" + COLUMNS + ", " + columns + ")",
            "INSERT INTO T VALUES (1, 1, 1, " + values + ")")) {
      Map<String, Object> row = Reads.all(h2.connection(), spec().build()).rows().get(0);

      assertThat(row).hasSize(1000).containsEntry("C996", 996);
    }
  }

  @Test
  void good_rows_come_whatever_the_share_of_bad_ones() throws SQLException {
    for (int every : new int[] {1000, 100, 1}) {
      try (H2 h2 = new H2("CREATE TABLE T (" + COLUMNS + ")")) {
        h2.run(
            "INSERT INTO T SELECT X, CASE WHEN MOD(X, "
                + every
                + ") = 0 THEN NULL ELSE X END, 1 FROM SYSTEM_RANGE(1, 2000)");
        Collected collected = Reads.all(h2.connection(), spec().build());

        assertThat(collected.rejected()).hasSize(2000 / every);
        assertThat(collected.changes()).hasSize(2000 - 2000 / every);
      }
    }
  }

  @Test
  void a_delete_needs_its_key_only() throws SQLException {
    try (H2 h2 =
        new H2(
            "CREATE TABLE T (" + COLUMNS + ", X TIMESTAMP, \"op\" CHAR(1))",
            "INSERT INTO T VALUES (1, 1, 1, TIMESTAMP '10000-01-01 00:00:00', 'd')")) {
      Collected collected = Reads.all(h2.connection(), spec().operation("op").build());

      assertThat(collected.rejected()).isEmpty();
      assertThat(collected.rows().get(0)).containsEntry("id", 1).containsEntry("X", null);
    }
  }

  @Test
  void the_text_of_a_ledger_entry_is_utf8() throws SQLException {
    Collected collected = read(spec().operation("X"), "VARCHAR(9)", "'u'", "U&'\\D83E\\DD89'");

    assertThat(onlyPoison(collected).row().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    assertThat(onlyPoison(collected).row()).endsWith("\"X\":\"🦉\"}");
  }
}
