package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.testkit.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckVerbTest {

  @TempDir private Path directory;

  @Test
  void rows_that_no_window_will_ever_hold_are_counted() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN AT BIGINT");
    shop.sql("UPDATE ORDERS_CHANGES SET AT = SEQ WHERE ID = 1");

    Cli.Result seldom = Cli.run("check", "--spec", shop.spec("cursor: SEQ", "cursor: AT"));
    Cli.Result always = Cli.run("check", "--spec", shop.spec());

    assertThat(seldom.exitCode()).as(seldom.err()).isZero();
    assertThat(seldom.out()).contains("1 row without a cursor will never be mirrored");
    assertThat(always.out()).contains("ok      orders: reads").doesNotContain("without a cursor");
  }

  @Test
  void a_column_that_a_base_table_lacks_is_warned_of() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.sql(
        "CREATE TABLE ORDERS (ID INTEGER PRIMARY KEY, REVISION BIGINT, CUSTOMER VARCHAR, NOTE VARCHAR,"
            + " PRICE DOUBLE PRECISION, FLAG BOOLEAN)");
    shop.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN CHANGED_BY VARCHAR(9)");
    String base = "feed: change-table\n    snapshot: PUBLIC.ORDERS";

    Cli.Result lacking = Cli.run("check", "--spec", shop.spec("feed: change-table", base));
    shop.sql("ALTER TABLE ORDERS ADD COLUMN CHANGED_BY VARCHAR(9)");
    Cli.Result complete = Cli.run("check", "--spec", shop.spec("feed: change-table", base));

    assertThat(lacking.exitCode()).as(lacking.err()).isZero();
    assertThat(lacking.out())
        .contains(
            "; Warning: PUBLIC.ORDERS lacks CHANGED_BY: a row of it may take the place of a change of"
                + " the same version, with NULL in them. Add them to it, exclude them, or take"
                + " snapshot: out");
    assertThat(complete.out()).contains("ok      orders: reads").doesNotContain("Warning");
  }

  @Test
  void a_source_that_cannot_be_reached_is_one_finding_and_the_lake_is_looked_at_all_the_same()
      throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    String spec = shop.spec("password: ${file:$DIR/password}", "password: wrong");

    Cli.Result text = Cli.run("check", "--spec", spec);
    Cli.Result json = Cli.run("check", "--spec", spec, "-o", "json");

    assertThat(text.out().lines())
        .containsExactly("problem source", "ok      lake shop: can be written");
    assertThat(text.err()).contains("MIRROR-2002 jdbc:h2:file:");
    assertThat(text.exitCode()).isEqualTo(3);
    JsonNode document = new ObjectMapper().readTree(json.out());
    assertThat(document.at("/ok").asBoolean()).isFalse();
    assertThat(document.at("/findings/0/name").asText()).isEqualTo("source");
    assertThat(document.at("/findings/0/problems/0/code").asText()).isEqualTo("MIRROR-2002");
    assertThat(document.at("/findings/1/name").asText()).isEqualTo("lake shop");
    assertThat(json.exitCode()).isEqualTo(3);
  }

  @Test
  void what_the_user_may_not_read_is_told_and_refused_before_the_lake_is_touched()
      throws Exception {
    String url = EmbeddedPostgres.shared().newDatabase();
    try (Connection connection = EmbeddedPostgres.shared().connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE changes (seq BIGINT NOT NULL, op TEXT, id INT NOT NULL, rev INT, note TEXT)");
      statement.execute("CREATE TABLE base (id INT NOT NULL, rev INT, note TEXT, secret TEXT)");
      statement.execute("CREATE ROLE check_reader LOGIN");
      statement.execute("GRANT SELECT ON changes TO check_reader");
      String spec = specOfNotes("{ type: jdbc, url: \"" + url + "\", user: check_reader }");

      assertRefused(spec, "check");
      assertRefused(spec, "run", "--until", "now");
      statement.execute("GRANT SELECT (id, rev) ON base TO check_reader");
      assertRefused(spec, "check");
      assertThat(directory.resolve("lake")).doesNotExist();

      statement.execute("GRANT SELECT (note) ON base TO check_reader");
      Cli.Result granted = Cli.run("check", "--spec", spec);
      assertThat(granted.exitCode()).as(granted.err()).isZero();
      assertThat(granted.out()).contains("ok      notes: reads public.changes");

      statement.execute("ALTER TABLE base ENABLE ROW LEVEL SECURITY");
      statement.execute("CREATE POLICY few ON base USING (id < 10)");
      assertRefused(spec, "check");
      assertRefused(spec, "run", "--until", "now");
      assertThat(directory.resolve("lake")).doesNotExist();
      statement.execute("DROP OWNED BY check_reader");
      statement.execute("DROP ROLE check_reader");
    }
  }

  private static void assertRefused(String spec, String verb, String... options) {
    List<String> arguments = new ArrayList<>(List.of(verb, "--spec", spec));
    Collections.addAll(arguments, options);
    Cli.Result result = Cli.run(arguments.toArray(String[]::new));
    assertThat(result.err())
        .contains(
            "MIRROR-2004 notes: the user may not read public.base, or not all of its columns that"
                + " are mirrored. Grant SELECT on it to the user of the spec, or exclude the"
                + " columns that are not to be read. If the table has row-level security, give that"
                + " user BYPASSRLS: a mirror must see all rows.");
    assertThat(result.exitCode()).isEqualTo(3);
  }

  private String specOfNotes(String source) throws IOException {
    String text =
        """
        mirror: notes
        source: %s
        lake:
          catalog: { type: jdbc, uri: "jdbc:sqlite:%s/lake/catalog.db", warehouse: "%s/lake" }
          namespace: notes
        tables:
          - name: notes
            source: public.changes
            snapshot: public.base
            feed: change-table
            primary-key: [id]
            version: [rev]
            operation: op
            cursor: seq
            columns: { exclude: [seq] }
        """
            .formatted(source, directory, directory);
    return Files.writeString(directory.resolve("notes.yaml"), text).toString();
  }

  @Test
  void a_database_that_does_not_tell_its_clock_is_no_source() throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("source.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE changes (seq BIGINT NOT NULL, op TEXT, id INT NOT NULL, rev INT, note TEXT)");
    }
    // Its driver does not make a connection read-only that was opened for writing.
    String spec = specOfNotes("{ type: jdbc, url: \"" + url + "?open_mode=1\" }");
    String text =
        Files.readString(Path.of(spec))
            .replace("source: public.changes", "source: changes")
            .replace("    snapshot: public.base\n", "");
    Files.writeString(Path.of(spec), text);

    for (String verb : List.of("check", "run")) {
      Cli.Result result = Cli.run(verb, "--spec", spec);
      assertThat(result.err())
          .contains(
              "MIRROR-2013 notes: the database does not answer SELECT CURRENT_TIMESTAMP with a time"
                  + " that has a zone, but with ")
          .contains("it cannot be a source: take a database that has one");
      assertThat(result.exitCode()).isEqualTo(3);
    }
    assertThat(directory.resolve("lake")).doesNotExist();
  }

  @Test
  void columns_that_a_new_lake_cannot_have_are_told_before_there_is_one() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.sql(
        "ALTER TABLE ORDERS_CHANGES ADD COLUMN \"_file\" VARCHAR",
        "ALTER TABLE ORDERS_CHANGES ADD COLUMN \"ID_bucket\" INTEGER");
    String spec =
        shop.spec("    cursor: SEQ\n", "    cursor: SEQ\n    partition-by: [\"bucket(4, ID)\"]\n");
    Cli.Result result = Cli.run("check", "--spec", spec);

    assertThat(result.err())
        .contains("MIRROR-1008 orders._file: ")
        .contains(
            "MIRROR-1008 orders: the column ID_bucket has the name of the partition bucket(4, ID).");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(directory.resolve("lake")).doesNotExist();
  }

  @Test
  void files_that_are_kept_elsewhere_are_not_said_to_be_writable() throws Exception {
    Shop shop = Shop.withOrders(directory);
    Cli.Result result =
        Cli.run("check", "--spec", shop.spec("warehouse: $DIR/lake", "warehouse: s3://none/lake"));

    assertThat(result.out()).contains("lake shop: will be created; writing files was not tried");
  }
}
