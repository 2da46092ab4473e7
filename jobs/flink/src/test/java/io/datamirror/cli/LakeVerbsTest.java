package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small mirror that was run once, looked at with the verbs that read. */
class LakeVerbsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static Shop shop;

  @BeforeAll
  static void mirror() throws SQLException {
    shop = Shop.withOrders(directory);
    shop.run();
  }

  @Test
  void csv_has_a_header_and_tells_null_from_the_empty_text() {
    Cli.Result result =
        query("SELECT ID, CUSTOMER, NOTE, PRICE, FLAG FROM orders ORDER BY ID", "-o", "csv");

    assertThat(result)
        .isEqualTo(
            new Cli.Result(
                0,
                """
                ID,CUSTOMER,NOTE,PRICE,FLAG
                1,Anna,"says ""hi"", twice",13.5,true
                2,Ben,"",0.5,false
                """,
                ""));
  }

  @Test
  void rows_are_text_by_default_and_objects_in_json() throws Exception {
    String sql = "SELECT ID, NOTE, PRICE FROM orders WHERE ID = 2";

    assertThat(query(sql).out()).isEqualTo("ID  NOTE  PRICE\n 2          0.5\n");
    assertThat(JSON.readTree(query(sql, "-o", "json").out()))
        .isEqualTo(JSON.readTree("[{\"ID\": 2, \"NOTE\": \"\", \"PRICE\": 0.5}]"));
  }

  @Test
  void the_mirrors_own_tables_and_iceberg_s_can_be_asked() throws Exception {
    assertThat(query("SHOW TABLES", "-o", "csv").out())
        .isEqualTo("table name\nmirror_ledger\nmirror_tombstones\norders\n");
    // As many as checkpoints that found something new.
    String status = Cli.run("status", "--spec", shop.spec(), "-o", "json").out();
    long snapshots = JSON.readTree(status).at("/tables/0/snapshots").longValue();
    assertThat(snapshots).isPositive();
    assertThat(query("SELECT COUNT(*) AS n FROM `orders$snapshots`", "-o", "csv").out())
        .isEqualTo("n\n" + snapshots + "\n");
  }

  @Test
  void the_plan_holds_the_table_of_relationships_if_there_are_any() {
    String related =
        shop.spec(
            "columns: { exclude: [SEQ] }",
            "columns: { exclude: [SEQ] }\n"
                + "    relationships: [{ column: REVISION, references: orders.ID, cardinality: \"M:1\" }]");
    Cli.Result with = Cli.run("plan", "--spec", related);
    Cli.Result without = Cli.run("plan", "--spec", shop.spec());

    assertThat(with.exitCode()).as(with.err()).isZero();
    assertThat(with.out())
        .contains(
            "-- mirror_ledger: exists in the lake", "-- mirror_relationships: would be created")
        .contains("referenced_table");
    assertThat(without.out()).doesNotContain("mirror_relationships");
  }

  @Test
  void a_relationship_to_a_table_that_is_being_loaded_is_not_known() throws Exception {
    Shop loading = new Shop(Files.createDirectory(directory.resolve("loading")));
    String spec =
        loading.spec(
            "columns: { exclude: [SEQ] }",
            "columns: { exclude: [SEQ] }\n"
                + "    relationships: [{ column: REVISION, references: orders.ID, cardinality: \"M:1\" }]");
    commitWithoutPosition(SpecReader.read(Path.of(spec)).lake());

    Cli.Result text = Cli.run("relations", "check", "--spec", spec);
    Cli.Result json = Cli.run("relations", "check", "--spec", spec, "-o", "json");

    assertThat(text)
        .isEqualTo(
            new Cli.Result(
                3, "unknown orders.REVISION → orders.ID (M:1): orders is not loaded yet\n", ""));
    assertThat(json.exitCode()).isEqualTo(3);
    JsonNode document = JSON.readTree(json.out());
    assertThat(document.get("holds").booleanValue()).isFalse();
    assertThat(document.at("/relationships/0/loaded").booleanValue()).isFalse();
    assertThat(document.at("/relationships/0").has("orphans")).isFalse();
  }

  /** A table as it is in the lake while its mirror reads it for the first time. */
  private static void commitWithoutPosition(LakeSpec lake) {
    Schema schema =
        new Schema(
            List.of(
                NestedField.required(1, "ID", Types.IntegerType.get()),
                NestedField.optional(2, "REVISION", Types.LongType.get())),
            Set.of(1));
    try (LakeCatalog catalog = LakeCatalog.initialise(lake, SecretSource.ofProcess())) {
      catalog.createNamespace();
      catalog
          .icebergCatalog()
          .createTable(TableIdentifier.of(catalog.namespace(), "orders"), schema)
          .newAppend()
          .set(LakeKeys.EPOCH, "1")
          .commit();
    }
  }

  @Test
  void a_statement_that_writes_is_refused() throws Exception {
    Set<String> before = shop.lakeContent();
    for (String sql :
        new String[] {
          "DROP TABLE orders", "INSERT INTO orders SELECT * FROM orders", "CREATE DATABASE x"
        }) {
      Cli.Result result = query(sql);
      assertThat(result.exitCode()).as(sql).isEqualTo(2);
      assertThat(result.err()).contains("MIRROR-1016 query");
    }
    assertThat(shop.lakeContent()).isEqualTo(before);
  }

  @Test
  void a_mistake_in_the_statement_is_told_in_one_line() {
    Cli.Result result = query("SELECT nothing FROM orders");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("MIRROR-1016 query: ")
        .contains("Column 'nothing' not found in any table")
        .doesNotContain("\tat ")
        .hasLineCount(1);
  }

  @Test
  void a_value_that_the_statement_cannot_compute_is_its_mistake() {
    for (String sql :
        List.of("SELECT CAST(CUSTOMER AS INT) FROM orders", "SELECT ID / 0 FROM orders")) {
      Cli.Result result = query(sql);

      assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
      assertThat(result.err())
          .startsWith("MIRROR-1016 query: a value cannot be computed: ")
          .hasLineCount(1);
    }
  }

  @Test
  void a_statement_that_nobody_can_plan_is_told_in_one_line() {
    Cli.Result result = query("SELECT ID FROM orders TABLESAMPLE BERNOULLI(50)");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("MIRROR-1016 query: ").hasLineCount(1);
  }

  @Test
  void the_status_is_told_without_the_source() {
    Cli.Result result = Cli.run("status", "--spec", shop.spec("url: $URL", "url: jdbc:nosuch:x"));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("orders  following  3");
    assertThat(result.err()).contains("The lag is not known: MIRROR-2003");
  }

  @Test
  void equal_tables_are_verified() {
    assertThat(Cli.run("verify", "--spec", shop.spec()))
        .isEqualTo(new Cli.Result(0, "equal   orders: 2 rows\n", ""));
  }

  @Test
  void only_a_table_of_the_spec_can_be_verified() {
    Cli.Result result = Cli.run("verify", "--spec", shop.spec(), "nothing");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("MIRROR-1016 nothing: the spec has no table of this name. Name one of orders.");
  }

  private static Cli.Result query(String sql, String... options) {
    String[] arguments = new String[4 + options.length];
    System.arraycopy(new String[] {"query", "--spec", shop.spec(), sql}, 0, arguments, 0, 4);
    System.arraycopy(options, 0, arguments, 4, options.length);
    return Cli.run(arguments);
  }
}
