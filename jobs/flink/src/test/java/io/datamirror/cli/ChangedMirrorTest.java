package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericAppenderFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small mirror that was run once, and whose source or lake was changed since. */
class ChangedMirrorTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private Shop shop;

  @BeforeEach
  void mirror() throws SQLException {
    shop = Shop.withOrders(directory);
    // In one epoch: what the files hold must not depend on where checkpoints fall.
    shop.run("--mode", "batch");
  }

  @Test
  void a_second_run_applies_only_what_is_new() throws Exception {
    shop.sql("INSERT INTO ORDERS_CHANGES (OP, ID, REVISION) VALUES ('d', 2, 2)");

    Cli.Result result = shop.run("-o", "json");

    JsonNode orders = JSON.readTree(result.out()).get("tables").get(0);
    assertThat(orders.get("rows").asLong()).isEqualTo(1);
    assertThat(orders.get("upserts").asLong()).isZero();
    assertThat(orders.get("deletes").asLong()).isEqualTo(1);
    assertThat(query("SELECT ID FROM orders", "-o", "csv").out()).isEqualTo("ID\n1\n");
  }

  @Test
  void a_change_that_came_too_late_is_in_the_ledger_and_no_difference() throws Exception {
    try (LakeCatalog catalog = catalog()) {
      catalog.load("orders").newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
      recordLate(catalog.load("mirror_ledger"), "{\"ID\":1}");
    }
    Cli.Result result = Cli.run("verify", "--spec", forgetful(), "-o", "json");

    assertThat(result.exitCode()).as("2 is missing, and was not late").isEqualTo(4);
    JsonNode orders = JSON.readTree(result.out()).get("tables").get(0);
    assertThat(orders.get("late").asLong()).isEqualTo(1);
    assertThat(orders.get("keys").findValuesAsText("key")).containsExactly("{\"ID\":2}");

    try (LakeCatalog catalog = catalog()) {
      recordLate(catalog.load("mirror_ledger"), "{\"ID\":2}");
    }
    Cli.Result equal = Cli.run("verify", "--spec", forgetful());
    assertThat(equal.exitCode()).isZero();
    assertThat(equal.out()).isEqualTo("equal   orders: 0 rows, 2 keys late\n");
    assertThat(Cli.run("verify", "--spec", shop.spec()).exitCode())
        .as("what forgets nothing has no late keys")
        .isEqualTo(4);
  }

  private String forgetful() {
    return shop.spec(
        "cursor: SEQ", "cursor: SEQ\n    timestamp: REVISION\n    allowed-lateness: 1h");
  }

  private static void recordLate(Table ledger, String key) throws IOException {
    GenericRecord entry = GenericRecord.create(ledger.schema());
    entry.setField("mirror", "shop");
    entry.setField("table_name", "orders");
    entry.setField("reason", "late");
    entry.setField("key", key);
    OutputFile file = ledger.io().newOutputFile(ledger.location() + "/data/" + key.hashCode());
    FileAppender<Record> appender =
        new GenericAppenderFactory(ledger.schema()).newAppender(file, FileFormat.PARQUET);
    try (appender) {
      appender.add(entry);
    }
    ledger
        .newAppend()
        .appendFile(
            DataFiles.builder(ledger.spec())
                .withInputFile(file.toInputFile())
                .withFormat(FileFormat.PARQUET)
                .withPartitionPath("table_name=orders")
                .withMetrics(appender.metrics())
                .build())
        .commit();
  }

  @Test
  void the_status_tells_position_lag_rows_and_ledger() throws Exception {
    shop.sql("INSERT INTO ORDERS_CHANGES (OP, ID, REVISION) VALUES ('what', 7, 1)");
    shop.run();

    Cli.Result result = Cli.run("status", "--spec", shop.spec(), "-o", "json");

    JsonNode orders = JSON.readTree(result.out()).get("tables").get(0);
    assertThat(result.exitCode()).isZero();
    assertThat(orders.get("phase").asText()).isEqualTo("following");
    assertThat(orders.get("position").asText()).startsWith("4");
    assertThat(orders.get("lagMillis").asLong()).isZero();
    assertThat(orders.get("rows").asLong()).isEqualTo(2);
    assertThat(orders.get("ledger").toString()).isEqualTo("{\"unknown-operation\":1}");
    assertThat(orders.get("generation").asLong()).isEqualTo(2);
  }

  @Test
  void what_came_after_the_position_is_no_difference() throws Exception {
    shop.sql("INSERT INTO ORDERS_CHANGES (OP, ID, REVISION) VALUES ('d', 2, 2)");

    assertThat(Cli.run("verify", "--spec", shop.spec()).exitCode()).isZero();
  }

  @Test
  void a_row_that_is_missing_in_the_lake_is_found() throws Exception {
    try (LakeCatalog catalog = catalog()) {
      catalog.load("orders").newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    }
    Cli.Result result = Cli.run("verify", "--spec", shop.spec());

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.out())
        .startsWith("differs orders: 2 keys; 0 rows in the lake, 2 rows in the source\n")
        .contains("  missing {\"ID\":1}\n", "  missing {\"ID\":2}\n");
  }

  @Test
  void a_table_that_cannot_be_compared_hides_no_difference_of_the_others() throws Exception {
    String mirrored = withCopies("changed", "same");
    Cli.Result run = Cli.run("run", "--spec", mirrored, "--until", "now", "--mode", "batch");
    assertThat(run.exitCode()).as(run.err()).isZero();
    try (LakeCatalog catalog = catalog()) {
      catalog.load("changed").newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    }
    String spec = withCopies("absent", "changed", "same");

    Cli.Result text = Cli.run("verify", "--spec", spec);
    Cli.Result json = Cli.run("verify", "--spec", spec, "-o", "json");

    assertThat(text.exitCode()).isEqualTo(4);
    assertThat(text.out())
        .isEqualTo(
            """
            unknown absent: it cannot be compared
            differs changed: 2 keys; 0 rows in the lake, 2 rows in the source
              missing {"ID":1}
              missing {"ID":2}
            equal   same: 2 rows
            equal   orders: 2 rows
            """);
    assertThat(text.err())
        .startsWith("MIRROR-3005 absent: this table is not in the lake any more.");
    assertThat(json.exitCode()).isEqualTo(4);
    JsonNode document = JSON.readTree(json.out());
    assertThat(document.get("equal").booleanValue()).isFalse();
    assertThat(document.get("tables"))
        .extracting(
            table -> table.get("table").textValue(), table -> table.get("compared").booleanValue())
        .containsExactly(
            tuple("absent", false),
            tuple("changed", true),
            tuple("same", true),
            tuple("orders", true));
    assertThat(document.at("/tables/0/problems/0/code").textValue()).isEqualTo("MIRROR-3005");
    assertThat(document.at("/tables/0").has("differences")).isFalse();
    assertThat(document.at("/tables/1/differences").intValue()).isEqualTo(2);
    assertThat(document.at("/tables/2/differences").intValue()).isZero();
  }

  @Test
  void a_table_that_cannot_be_compared_beside_equal_ones_gives_the_exit_code() throws Exception {
    String spec = withCopies("absent");

    Cli.Result text = Cli.run("verify", "--spec", spec);
    Cli.Result json = Cli.run("verify", "--spec", spec, "-o", "json");

    assertThat(text.exitCode()).isEqualTo(3);
    assertThat(text.out())
        .isEqualTo("unknown absent: it cannot be compared\nequal   orders: 2 rows\n");
    assertThat(json.exitCode()).isEqualTo(3);
    assertThat(JSON.readTree(json.out()).get("equal").booleanValue()).isFalse();
  }

  /** A spec of the orders and of more tables with the same changes, which come before them. */
  private String withCopies(String... names) {
    String copies =
        Stream.of(names)
            .map(
                name ->
                    "  - { name: "
                        + name
                        + ", source: PUBLIC.ORDERS_CHANGES, feed: change-table, primary-key: [ID],"
                        + " version: [REVISION], operation: OP, cursor: SEQ,"
                        + " columns: { exclude: [SEQ] } }\n")
            .collect(Collectors.joining());
    return shop.spec("tables:\n", "tables:\n" + copies);
  }

  @Test
  void rows_that_stand_twice_in_the_lake_are_found() throws Exception {
    try (LakeCatalog catalog = catalog()) {
      Table table = catalog.load("orders");
      var append = table.newAppend();
      try (CloseableIterable<org.apache.iceberg.FileScanTask> files = table.newScan().planFiles()) {
        for (var file : files) {
          DataFile again = DataFiles.builder(table.spec()).copy(file.file()).build();
          append.appendFile(again);
        }
      }
      append.commit();
    }
    Cli.Result result = Cli.run("verify", "--spec", shop.spec(), "orders", "--most-keys", "1");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.out())
        .startsWith("differs orders: 2 keys; 4 rows in the lake, 2 rows in the source\n")
        .containsOnlyOnce("  duplicate ");
    assertThat(result.err()).contains("… and 1 more");
  }

  @Test
  void history_that_was_changed_in_the_source_is_found() throws Exception {
    shop.sql(
        "UPDATE ORDERS_CHANGES SET NOTE = 'other' WHERE SEQ = 2",
        "INSERT INTO ORDERS_CHANGES (OP, ID, REVISION) VALUES ('u', 9, 1)",
        "UPDATE ORDERS_CHANGES SET OP = 'd', ID = 1, REVISION = 3 WHERE SEQ = 1");

    Cli.Result result = Cli.run("verify", "--spec", shop.spec(), "-o", "json");

    JsonNode orders = JSON.readTree(result.out()).get("tables").get(0);
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(orders.get("differences").asLong()).isEqualTo(2);
    assertThat(orders.get("keys"))
        .extracting(key -> key.get("kind").asText() + " " + key.get("key").asText())
        .containsExactlyInAnyOrder("different {\"ID\":2}", "extra {\"ID\":1}");
  }

  @Test
  void a_column_that_the_lake_lacks_or_has_of_another_type_is_named() throws Exception {
    shop.sql("ALTER TABLE ORDERS_CHANGES ALTER COLUMN NOTE RENAME TO REMARK");

    Cli.Result lacking = Cli.run("verify", "--spec", shop.spec());

    assertThat(lacking.exitCode()).isEqualTo(3);
    assertThat(lacking.err())
        .startsWith("MIRROR-3005 orders: the source has a column REMARK that the lake has not. Run")
        .contains("columns.rename");

    shop.sql(
        "ALTER TABLE ORDERS_CHANGES ALTER COLUMN REMARK RENAME TO NOTE",
        "ALTER TABLE ORDERS_CHANGES ALTER COLUMN NOTE SET DATA TYPE DATE USING NULL");

    Cli.Result differing = Cli.run("verify", "--spec", shop.spec());

    assertThat(differing.exitCode()).isEqualTo(3);
    assertThat(differing.err())
        .startsWith("MIRROR-3005 orders: its column NOTE is string, not date. Run the mirror");
  }

  @Test
  void columns_that_are_ignored_are_looked_at_by_no_verb() throws Exception {
    shop.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN CITY VARCHAR DEFAULT 'Bern'");
    String spec = shop.spec("cursor: SEQ", "cursor: SEQ\n    on-schema-change: ignore");

    Cli.Result verified = Cli.run("verify", "--spec", spec);
    Cli.Result checked = Cli.run("check", "--spec", spec);
    Cli.Result planned = Cli.run("plan", "--spec", spec);

    assertThat(verified.out()).isEqualTo("equal   orders: 2 rows\n");
    assertThat(checked.exitCode()).isZero();
    assertThat(planned.exitCode()).isZero();
    assertThat(planned.out()).contains("\"NOTE\"").doesNotContain("CITY");
  }

  private Cli.Result query(String sql, String... options) {
    String[] arguments = new String[4 + options.length];
    System.arraycopy(new String[] {"query", "--spec", shop.spec(), sql}, 0, arguments, 0, 4);
    System.arraycopy(options, 0, arguments, 4, options.length);
    return Cli.run(arguments);
  }

  private LakeCatalog catalog() {
    return LakeCatalog.open(SpecReader.read(Path.of(shop.spec())).lake(), SecretSource.ofProcess());
  }
}
