package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spec of a mirror changes between two runs. */
class ChangedModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void a_table_that_is_added_is_read_from_its_beginning_and_the_others_go_on() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    shop.sql(
        "CREATE TABLE CUSTOMERS (NAME VARCHAR PRIMARY KEY, VERSION BIGINT NOT NULL)",
        "INSERT INTO CUSTOMERS VALUES ('Anna', 1), ('Ben', 1)",
        "INSERT INTO ORDERS_CHANGES (OP, ID, REVISION, CUSTOMER) VALUES ('u', 3, 1, 'Cleo')");
    String spec =
        shop.spec(
            "    columns: { exclude: [SEQ] }",
            """
                columns: { exclude: [SEQ] }
                relationships: [{ column: CUSTOMER, references: customers.NAME, cardinality: "M:1" }]
              - { name: customers, source: PUBLIC.CUSTOMERS, feed: incremental, primary-key: [NAME], version: [VERSION] }
            """
                .stripTrailing());

    Cli.Result plan = Cli.run("plan", "--spec", spec);
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("-- customers: would be created")
        .contains("-- orders: exists in the lake\n-- changes what the table refers to");

    Cli.Result run =
        Cli.run(
            "run",
            "--spec",
            spec,
            "--until",
            "now",
            "-o",
            "json",
            "-D",
            "execution.checkpointing.interval=200ms");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode tables = JSON.readTree(run.out()).get("tables");
    assertThat(tables.get(0).get("table").asText()).isEqualTo("customers");
    assertThat(tables.get(0).get("upserts").asLong()).isEqualTo(2);
    assertThat(tables.get(1).get("upserts").asLong()).as("orders: only what is new").isEqualTo(1);

    Cli.Result relations = Cli.run("relations", "check", "--spec", spec);
    assertThat(relations.exitCode()).isEqualTo(4);
    assertThat(relations.out())
        .contains(
            "broken  orders.CUSTOMER → customers.NAME (M:1): 3 rows, 1 orphan; at",
            "  orphan {\"ID\":3} refers to {\"CUSTOMER\":\"Cleo\"}");
  }

  @Test
  void another_version_or_partition_is_refused_with_the_way_out_and_nothing_is_touched()
      throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    var before = shop.lakeContent();

    assertRefused(shop, "version: [REVISION]", "version: [REVISION, ID]", "its version is");
    assertRefused(
        shop,
        "    cursor: SEQ",
        "    cursor: SEQ\n    partition-by: [FLAG]",
        "A table keeps its partitions for life: choose another name for the table.");
    assertThat(shop.lakeContent()).isEqualTo(before);
  }

  private static void assertRefused(Shop shop, String part, String other, String words) {
    String spec = shop.spec(part, other);
    for (String verb : new String[] {"plan", "run"}) {
      Cli.Result result =
          verb.equals("plan")
              ? Cli.run(verb, "--spec", spec)
              : Cli.run(verb, "--spec", spec, "--until", "now");
      assertThat(result.exitCode()).as(verb + result.err()).isEqualTo(3);
      assertThat(result.err()).contains("MIRROR-3005 orders: ", words);
    }
  }

  @Test
  void a_start_is_refused_while_a_mirrored_column_is_gone() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    shop.sql(
        "ALTER TABLE ORDERS_CHANGES DROP COLUMN NOTE",
        "INSERT INTO ORDERS_CHANGES (OP, ID, REVISION, CUSTOMER) VALUES ('u', 3, 1, 'Cleo')");

    Cli.Result run = Cli.run("run", "--spec", shop.spec(), "--until", "now");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("MIRROR-2008 orders: its column NOTE is no longer in PUBLIC.ORDERS_CHANGES");
  }
}
