package io.datamirror.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.SpecDocuments;
import io.datamirror.spec.SqlOption;
import io.datamirror.spec.SqlOption.Presence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

/** The reference of the connector is made of the declarations of its options and metadata. */
class SqlConnectorDocumentTest {

  private static final Path FILE = Path.of("..", "..", "docs", "reference", "sql-connector.md");
  private static final String REGENERATE =
      "mvn -q -pl jobs/flink -am test -Dtest=SqlConnectorDocumentTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dregenerate";

  private static final String HEAD =
      """
      # The SQL connector `data-mirror`

      <!-- Generated from the keys in io.datamirror.spec and the metadata in io.datamirror.table. Change
      those, not this file. -->

      One source table, resolved by the ordering law, as a table of Flink SQL. See
      [how to use it](../how-to/use-from-flink-sql.md).

      | | streaming | batch |
      |---|---|---|
      | changelog | upsert: `+I`, `+U`, and `-D` with the key | `+I`: the rows that are left |
      | ends | with `'until' = 'now'` | always |
      | state | rank and time of each key | none |

      ## Options

      """;

  private static final String COLUMNS =
      """

      ## Columns

      `PRIMARY KEY … NOT ENFORCED` is required. Its columns are never NULL; no other column may be declared NOT
      NULL, since a delete holds the key alone.

      | type | of columns that |
      |---|---|
      | `BOOLEAN`, `INT`, `BIGINT`, `FLOAT`, `DOUBLE`, `DECIMAL(p, s)` | are of that type, or are cast to it without loss |
      | `DATE` | are dates, or are cast to one: cut to the day |
      | `TIME` | are times of day, or are cast to one: cut to the millisecond |
      | `TIMESTAMP(p)`, `TIMESTAMP_LTZ(p)` | are time stamps, or are cast to one: cut to the microsecond and to the precision |
      | `STRING` | are text, or anything else as text |
      | `BYTES` | are binary |

      Other types are refused: declare one of these, and cast in the query.

      A time stamp of the primary key is not cut: it is declared with a precision of 6, and not as `DATE` or `TIME`.
      In primary key, version and order, a time finer than a millisecond and a time stamp finer than a microsecond
      cannot be applied: `on-bad-row` says what becomes of the change.
      A time stamp there is declared as the kind that it is, `TIMESTAMP` or `TIMESTAMP_LTZ`, since a cast may cut it; a source
      that has none finer than a microsecond, as PostgreSQL, MySQL, Databricks and BigQuery, takes either.
      Any other time is cut, and so is the time of a change where its column is not declared.

      ## Metadata columns

      Declare them as `name TYPE METADATA VIRTUAL`, or `METADATA FROM 'key' VIRTUAL` under another name.

      | key | type | what it is |
      |---|---|---|
      """;

  private static final String TAIL =
      """

      `WATERMARK FOR column AS SOURCE_WATERMARK()` takes the watermark of the source, which follows `timestamp`.

      ## Names in savepoints

      `mirror-sql-mirror-source-T`, `mirror-sql-mirror-split-T` and `mirror-sql-mirror-resolve-T`, where `T` is catalog,
      database and name of the table; the second scan of a table in one job has `#2` behind it. In a plan that was compiled
      (`COMPILE PLAN`), and with `table.exec.uid.generation = ALWAYS`, Flink gives the last of them a name of its own, so a
      savepoint does not lead from a query to its compiled plan, or back.
      """;

  @Test
  void the_reference_is_up_to_date() throws IOException {
    StringBuilder text = new StringBuilder(HEAD).append(SpecDocuments.sqlOptions()).append(COLUMNS);
    for (ChangeMetadata metadata : ChangeMetadata.values()) {
      text.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(metadata.key(), metadata.type(), metadata.description()));
    }
    String generated = text.append(TAIL).toString();
    if (System.getProperty("regenerate") != null) {
      Files.writeString(FILE, generated);
    }

    assertThat(FILE).exists();
    assertThat(Files.readString(FILE))
        .as("%s differs from the declarations; to make it again: %s", FILE, REGENERATE)
        .isEqualTo(generated);
  }

  @Test
  void flink_knows_the_options_of_the_reference() {
    MirrorTableFactory factory = new MirrorTableFactory();

    assertThat(factory.requiredOptions())
        .extracting(ConfigOption::key)
        .containsExactly("url", "source", "feed");
    assertThat(factory.optionalOptions())
        .hasSize(
            (int)
                SqlOption.all().stream()
                    .filter(option -> option.presence() == Presence.OPTIONAL)
                    .count());
  }
}
