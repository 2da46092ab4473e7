package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that were declared in SQL are read by the keys of the spec, and as strictly. */
class SqlTableReaderTest {

  @Test
  void a_correct_table_is_read() {
    SqlTable table =
        read(
            Map.of(
                "user", "${env:WAREHOUSE_USER}",
                "settle", "1s",
                "properties.sslmode", "require",
                "order", "seq",
                "until", "now",
                "columns.rename.NAME", "name"));

    assertThat(table.source().type()).isEqualTo(SourceType.JDBC);
    assertThat(table.source().settle()).isEqualTo(Duration.ofSeconds(1));
    assertThat(table.source().pollInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(table.source().properties()).containsOnlyKeys("sslmode");
    assertThat(table.source().user()).hasToString("${env:WAREHOUSE_USER}");
    assertThat(table.table().name()).isEqualTo("regions");
    assertThat(table.table().primaryKey()).containsExactly("id");
    assertThat(table.table().allowedLateness()).isEqualTo(Lateness.FOREVER);
    assertThat(table.table().columns().include())
        .as("the declared columns first, then those that the law needs")
        .containsExactly("id", "NAME", "version", "seq");
    assertThat(table.table().columns().lakeName("NAME")).isEqualTo("name");
    assertThat(table.types()).containsEntry("NAME", ColumnType.of(Kind.STRING));
    assertThat(table.until()).contains(ReadUntil.NOW);
    assertThat(table.onBadRow()).isEqualTo(OnBadSqlRow.STOP);
  }

  @Test
  void without_a_version_the_cursor_is_read_and_the_engine_decides_how_far() {
    Map<String, String> options = options();
    options.remove("version");

    SqlTable table = read(declared(options));

    assertThat(table.table().columns().include()).containsExactly("id", "name", "change_id");
    assertThat(table.until()).isEqualTo(Optional.empty());
  }

  @Test
  void reading_the_base_table_anew_is_refused() {
    assertThatExceptionOfType(ProblemsException.class)
        .isThrownBy(() -> read(Map.of("on-history-lost", "snapshot", "snapshot", "PUBLIC.REGIONS")))
        .withMessageStartingWith(
            "MIRROR-1033 on-history-lost: a query that read the base table anew");
  }

  @Test
  void a_list_may_stand_in_brackets() {
    assertThat(read(Map.of("version", "[major, \"minor, really\"]")).table().version())
        .containsExactly("major", "minor, really");
  }

  @Test
  void skipping_is_asked_for_by_name() {
    SqlTable table = read(Map.of("on-bad-row", "skip"));

    assertThat(table.onBadRow()).isEqualTo(OnBadSqlRow.SKIP);
    assertThat(table.table().onBadRow()).isEqualTo(OnBadRow.LEDGER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fead | x | 1002 fead: this key does not exist. Did you mean feed?",
        "source.url | x | 1002 source.url: this key does not exist. Write url instead.",
        "username | x | 1002 username: this key does not exist. Write user instead.",
        "primary-key | id | 1033 primary-key: this is no option of a table in SQL. Declare it in the"
            + " table, as PRIMARY KEY (id) NOT ENFORCED.",
        "partition-by | id | 1033 partition-by: this is no option of a table in SQL. It is for the"
            + " table that the rows are inserted into.",
        "columns.exclude | x | 1033 columns.exclude: this is no option of a table in SQL. Declare the"
            + " columns that are wanted, with the types that they are to have.",
        "columns.rename.X | y | 1006 columns.rename.X: the table has no column \"y\". Declare the"
            + " column, or take the option out.",
        "columns.rename.X | name, X | 1006 columns.rename.X: the table has no column \"name, X\"."
            + " Declare the column, or take the option out.",
        "settle | 5 | 1005 settle: \"5\" has no unit. Write a whole number and ms, s, m, h or d, for"
            + " example 30s.",
        "on-bad-row | ledger | 1004 on-bad-row: \"ledger\" is not a value of this key. Write one of"
            + " stop, skip.",
        "settle | 5x | 1005 settle: \"5x\" has a unit that does not exist. Write a whole number and ms,"
            + " s, m, h or d, for example 30s.",
        "until | later | 1004 until: \"later\" is not a value of this key. Write one of now, stopped.",
        "type | kafka | 1033 type: a table in SQL cannot say how the records of a kafka source are made."
            + " Read them by Flink's own connector, or mirror them by a spec.",
        "url | jdbc:h2:x;PASSWORD=s3cret | 1011 url: the URL holds a secret in clear text. Take it out"
            + " of the URL, and write it as password: or under properties: with ${env:NAME}.",
        "operation | name | 1006 name: the operation is no column of the row. Declare a column as"
            + " STRING METADATA FROM 'operation' VIRTUAL instead."
      })
  void what_is_wrong_is_told_with_code_object_and_next_step(
      String option, String value, String problem) {
    assertThatExceptionOfType(ProblemsException.class)
        .isThrownBy(() -> read(Map.of(option, value)))
        .withMessageStartingWith("MIRROR-" + problem + "\n")
        .withMessageEndingWith("1 problem in table regions");
  }

  @Test
  void everything_is_told_at_once_with_what_was_known_before() {
    Map<String, String> options = options();
    options.remove("url");
    options.remove("feed");
    options.put("tie", "nobody");
    options.put("colour", "blue");
    Problem known = Problem.of(ErrorCode.UNSUPPORTED_COLUMN_TYPE, "x", "it is odd", "Mend it.");
    SqlDeclaration declared = new SqlDeclaration("regions", options, columns(), List.of());

    assertThatExceptionOfType(ProblemsException.class)
        .isThrownBy(() -> SqlTableReader.read(declared, List.of(known)))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .extracting(Problem::path)
                    .containsExactlyInAnyOrder("x", "colour", "url", "feed", "tie", "PRIMARY KEY"));
  }

  @Test
  void a_password_in_clear_text_is_never_shown() {
    SqlTable table = read(Map.of("password", "s3cret-and-long"));

    assertThat(table.toString()).doesNotContain("s3cret");
  }

  @Test
  void every_option_has_a_name_of_its_own_and_a_description() {
    assertThat(SqlOption.all()).extracting(SqlOption::name).doesNotHaveDuplicates();
    assertThat(SqlOption.all())
        .filteredOn(option -> !SpecDocuments.sqlOptions().contains("| `" + option.name()))
        .as("options that are read to say why they are refused")
        .extracting(SqlOption::name)
        .containsExactly("bootstrap-servers", "path");
  }

  private static SqlTable read(Map<String, String> more) {
    Map<String, String> options = options();
    options.putAll(more);
    return read(declared(options));
  }

  private static SqlTable read(SqlDeclaration declared) {
    return SqlTableReader.read(declared, List.of());
  }

  private static SqlDeclaration declared(Map<String, String> options) {
    return new SqlDeclaration("regions", options, columns(), List.of("id"));
  }

  private static Map<String, ColumnType> columns() {
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    columns.put("id", ColumnType.of(Kind.INT));
    columns.put("name", ColumnType.of(Kind.STRING));
    return columns;
  }

  private static Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("url", "jdbc:h2:mem:x");
    options.put("source", "PUBLIC.REGIONS_CHANGES");
    options.put("feed", "change-table");
    options.put("version", "version");
    options.put("cursor", "change_id");
    return options;
  }
}
