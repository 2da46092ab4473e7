package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.TableSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every way in which a spec does not fit its source has a code, an object and a next step. */
class ResolveProblemsTest {

  private static H2 h2;

  @BeforeAll
  static void createTables() {
    h2 =
        new H2(
            "CREATE TABLE T (\"seq\" BIGINT NOT NULL, \"id\" INT NOT NULL, \"v\" INT,"
                + " \"f\" DOUBLE PRECISION NOT NULL, \"b\" BOOLEAN NOT NULL, \"loose\" NUMERIC,"
                + " \"list\" INT ARRAY, \"maybe\" INT, \"day\" DATE, \"name\" VARCHAR(9),"
                + " \"u\" UUID, \"at\" TIMESTAMP)",
            "CREATE TABLE PLAIN (\"seq\" BIGINT NOT NULL, \"id\" INT NOT NULL, \"v\" INT,"
                + " \"maybe\" INT, \"name\" VARCHAR(9))",
            "CREATE TABLE BASE (\"id\" INT, \"name\" VARCHAR(9))",
            "CREATE TABLE BASE_X (\"id\" INT NOT NULL, \"v\" INT, \"name\" BOOLEAN)");
  }

  @AfterAll
  static void close() throws SQLException {
    h2.close();
  }

  private static List<Problem> problems(TableSpec spec) {
    ProblemsException thrown =
        catchThrowableOfType(ProblemsException.class, () -> Reads.resolve(h2.connection(), spec));
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }

  private static void assertOnly(TableSpec spec, ErrorCode code, String text) {
    assertThat(problems(spec)).extracting(Problem::code).containsExactly(code);
    assertThat(problems(spec)).extracting(Problem::text).containsExactly(text);
  }

  private static Specs plain() {
    return Specs.changeTable("PUBLIC.PLAIN");
  }

  private static Specs odd() {
    return Specs.changeTable("PUBLIC.T").exclude("loose", "list");
  }

  @Test
  void a_missing_table() {
    assertOnly(
        Specs.changeTable("PUBLIC.plain").build(),
        ErrorCode.SOURCE_TABLE_MISSING,
        "MIRROR-1025 mirrored (line 7): the source has no table PUBLIC.plain that this user may"
            + " see. Write the name exactly as the database stores it, with its schema, upper and"
            + " lower case included.");
  }

  @Test
  void a_name_that_is_none() {
    assertOnly(
        Specs.changeTable("PUBLIC.\"PLAIN").build(),
        ErrorCode.BAD_VALUE,
        "MIRROR-1004 mirrored (line 7): the name PUBLIC.\"PLAIN cannot be read: a quoted part has"
            + " no closing quote. Write SCHEMA.TABLE; put a part with a dot in it between double"
            + " quotes.");
  }

  @Test
  void a_missing_column_with_a_hint() {
    assertOnly(
        plain().version("V").build(),
        ErrorCode.MISSING_COLUMN,
        "MIRROR-1024 mirrored.V (line 7): there is no such column in PUBLIC.PLAIN. Did you mean"
            + " v? Upper and lower case count.");
  }

  @Test
  void every_missing_column_at_once() {
    TableSpec spec =
        plain()
            .key("k")
            .version("w")
            .order("o")
            .timestamp("t")
            .operation("op")
            .cursor("c")
            .include("i", "id")
            .exclude("e")
            .rename("r", "x")
            .cast(Map.of("s", ColumnType.of(Kind.STRING)))
            .build();

    assertThat(problems(spec))
        .allMatch(problem -> problem.code() == ErrorCode.MISSING_COLUMN)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "mirrored.k",
            "mirrored.w",
            "mirrored.o",
            "mirrored.t",
            "mirrored.op",
            "mirrored.c",
            "mirrored.i",
            "mirrored.e",
            "mirrored.r",
            "mirrored.s");
  }

  @Test
  void a_float_key() {
    assertOnly(
        odd().key("f").build(),
        ErrorCode.FLOAT_KEY,
        "MIRROR-1022 mirrored.f (line 7): a key column is of the floating-point type DOUBLE"
            + " PRECISION. Cast it to decimal(precision, scale), long or string, or take another"
            + " key.");
  }

  @Test
  void a_nullable_key_of_an_incremental_table() {
    assertOnly(
        Specs.incremental("PUBLIC.PLAIN").key("maybe").build(),
        ErrorCode.KEY_COLUMN_NULLABLE,
        "MIRROR-1021 mirrored.maybe (line 7): a key column of PUBLIC.PLAIN may hold NULL. Declare"
            + " it NOT NULL in the source, or take another key.");
  }

  @Test
  void a_nullable_key_of_a_change_table_is_judged_row_by_row() throws SQLException {
    Feed feed = Reads.resolve(h2.connection(), plain().key("maybe").build());

    assertThat(feed.layout().columns())
        .filteredOn(column -> column.source().equals("maybe"))
        .allMatch(column -> column.required());
  }

  @Test
  void a_version_without_order() {
    assertOnly(
        odd().version("b").build(),
        ErrorCode.VERSION_WITHOUT_ORDER,
        "MIRROR-1023 mirrored.b (line 7): the type boolean has no order that a version can rely"
            + " on. Take a number, a date, a time stamp or text as version or order.");
  }

  @Test
  void types_that_the_lake_does_not_have() {
    assertThat(problems(Specs.changeTable("PUBLIC.T").build()))
        .extracting(Problem::text)
        .containsExactly(
            "MIRROR-1026 mirrored.loose (line 7): its type NUMERIC without a precision of 1 to 38"
                + " has no counterpart in the lake. Cast it, as in cast: { loose: \"decimal(38,"
                + " 10)\" }, or exclude the column.",
            "MIRROR-1026 mirrored.list (line 7): its type INTEGER ARRAY has no counterpart in the"
                + " lake. Cast it, as in cast: { list: string }, or exclude the column.");
  }

  @Test
  void a_cast_that_makes_no_sense() {
    assertOnly(
        odd().cast(Map.of("b", ColumnType.of(Kind.DATE))).build(),
        ErrorCode.UNSUPPORTED_COLUMN_TYPE,
        "MIRROR-1026 mirrored.b (line 7): its type BOOLEAN cannot be cast to date. Cast it to"
            + " another type, or exclude the column.");
  }

  @Test
  void cursors_that_cannot_tell_what_was_read() {
    for (String cursor : List.of("f", "b", "day", "u")) {
      assertThat(problems(odd().cursor(cursor).build()))
          .extracting(Problem::code)
          .containsExactly(ErrorCode.UNSUPPORTED_COLUMN_TYPE);
    }
    assertThat(problems(odd().cursor("day").build()).get(0).text())
        .isEqualTo(
            "MIRROR-1026 mirrored.day (line 7): a cursor of type DATE cannot tell which rows were"
                + " read. Take a column that rises with every change: a whole number, a decimal, a"
                + " time stamp or text.");
  }

  @Test
  void the_timestamp_of_a_time_series_is_a_time_stamp() {
    assertThat(problems(odd().timestamp("day").timeSeries().build()))
        .extracting(Problem::text)
        .contains(
            "MIRROR-1026 mirrored.day (line 7): the timestamp of a time-series is of type date. Take"
                + " a time stamp, or cast it to one, or write behavior: record.");
  }

  @Test
  void a_timestamp_that_tells_no_time() {
    assertOnly(
        plain().timestamp("name").build(),
        ErrorCode.UNSUPPORTED_COLUMN_TYPE,
        "MIRROR-1026 mirrored.name (line 7): a timestamp of type string tells no time. Take a"
            + " date, a time stamp or a long of milliseconds, or cast it to one.");
  }

  @Test
  void a_cursor_that_a_cast_makes_text_tells_no_time() {
    Specs late = odd().cursor("at").lateness(Duration.ofDays(1));
    assertThatCode(() -> Reads.resolve(h2.connection(), late.build())).doesNotThrowAnyException();

    assertOnly(
        late.cast(Map.of("at", ColumnType.of(Kind.STRING))).build(),
        ErrorCode.CONTRADICTION,
        "MIRROR-1006 mirrored (line 7): no column tells the time of a change, which"
            + " allowed-lateness goes by. Declare its timestamp, or leave allowed-lateness out.");
  }

  @Test
  void a_version_that_a_cast_orders_anew() {
    assertOnly(
        plain().cast(Map.of("v", ColumnType.of(Kind.STRING))).build(),
        ErrorCode.VERSION_WITHOUT_ORDER,
        "MIRROR-1023 mirrored.v (line 7): cast to string it has another order than its own: as"
            + " text, 10 comes before 9. Leave out the cast, or cast it to a type that orders its"
            + " values in the same way.");
  }

  @Test
  void a_version_that_a_cast_leaves_in_order() {
    Map<String, ColumnType> casts = Map.of("v", ColumnType.of(Kind.LONG));
    assertThatCode(() -> Reads.resolve(h2.connection(), plain().cast(casts).build()))
        .doesNotThrowAnyException();
  }

  @Test
  void a_version_that_is_not_stored() {
    assertOnly(
        plain().exclude("v").build(),
        ErrorCode.CONTRADICTION,
        "MIRROR-1006 mirrored.v (line 7): the column is not stored in the lake. Store it: the"
            + " lake must know the rank of every row.");
  }

  @Test
  void a_cursor_that_is_the_version_and_not_stored() {
    assertThat(problems(plain().version().exclude("seq").build()))
        .extracting(Problem::path)
        .containsExactly("mirrored.seq");
  }

  @Test
  void two_columns_of_one_name_in_the_lake() {
    assertOnly(
        plain().rename("name", "v").build(),
        ErrorCode.CONTRADICTION,
        "MIRROR-1006 mirrored.name (line 7): two columns would be called v in the lake. Rename one"
            + " of them.");
  }

  @Test
  void a_column_that_would_have_no_visible_name() {
    assertOnly(
        plain().rename("name", " ").build(),
        ErrorCode.BAD_NAME,
        "MIRROR-1008 mirrored.name (line 7): a name of blanks alone cannot be that of a column in"
            + " the lake. Give it another one with columns: { rename: … }.");
  }

  @Test
  void transactions_of_a_database_that_numbers_none() {
    assertOnly(
        plain().transaction("maybe").build(),
        ErrorCode.CONTRADICTION,
        "MIRROR-1006 mirrored.maybe (line 7): only PostgreSQL has transaction numbers. Take"
            + " transaction: out.");
  }

  @Test
  void a_snapshot_without_version_and_with_a_nullable_key() {
    assertThat(problems(plain().snapshot("PUBLIC.BASE").build()))
        .extracting(Problem::text)
        .containsExactly(
            "MIRROR-1024 mirrored.v (line 7): the snapshot table PUBLIC.BASE has no such column. A"
                + " snapshot needs the key and the version of each row: add the column, or take"
                + " snapshot: out.",
            "MIRROR-1021 mirrored.id (line 7): a key column of the snapshot table PUBLIC.BASE may"
                + " hold NULL. Declare it NOT NULL in the source.");
  }

  @Test
  void a_snapshot_whose_columns_are_of_other_types() {
    TableSpec spec =
        plain().snapshot("PUBLIC.BASE_X").cast(Map.of("name", ColumnType.of(Kind.BINARY))).build();

    assertThat(problems(spec))
        .extracting(Problem::text)
        .containsExactly(
            "MIRROR-1026 mirrored.name (line 7): its type BOOLEAN in PUBLIC.BASE_X cannot become"
                + " binary. Cast it to a type that both tables can become.");
  }
}
