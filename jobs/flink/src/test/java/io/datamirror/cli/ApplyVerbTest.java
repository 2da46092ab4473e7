package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Purges and corrections past the source, and how they rank among what it says. */
class ApplyVerbTest {

  @TempDir private Path directory;
  private Shop shop;

  @BeforeEach
  void mirrorsTwoOrders() throws Exception {
    shop = Shop.withOrders(directory);
    shop.run();
  }

  private Cli.Result apply(String file) {
    return Cli.run("apply", "--spec", shop.spec(), "--table", "orders", file);
  }

  private String applied(String name, String content) {
    Cli.Result result = apply(shop.write(name, content).toString());
    assertThat(result.exitCode()).as(result.err()).isZero();
    return rows();
  }

  private String rows() {
    return query("SELECT ID, REVISION, NOTE FROM orders ORDER BY ID");
  }

  private String query(String sql) {
    Cli.Result result = Cli.run("query", "--spec", shop.spec(), "-o", "csv", sql);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out();
  }

  @Test
  void a_row_is_purged_and_stays_away_until_the_source_has_a_newer_version() throws Exception {
    assertThat(applied("purge.csv", "ID,REVISION,OP\n1,2,d\n")).doesNotContain("\n1,");

    shop.run();
    assertThat(rows()).doesNotContain("\n1,").contains("\n2,1");

    shop.sql(
        "INSERT INTO ORDERS_CHANGES (OP, ID, REVISION, NOTE) VALUES ('u', 1, 2, 'again'),"
            + " ('u', 2, 2, 'newer')");
    shop.run();
    assertThat(rows()).doesNotContain("\n1,").contains("\n2,2,newer");

    shop.sql("INSERT INTO ORDERS_CHANGES (OP, ID, REVISION, NOTE) VALUES ('u', 1, 3, 'back')");
    shop.run();
    assertThat(rows()).contains("\n1,3,back");
  }

  @Test
  void a_correction_needs_a_greater_version() {
    assertThat(applied("old.csv", "ID,REVISION,NOTE\n1,1,old\n")).doesNotContain("old");
    assertThat(applied("new.json", "{\"ID\": 1, \"REVISION\": 3, \"NOTE\": \"mended\"}\n"))
        .contains("\n1,3,mended");
    String commits =
        query(
            "SELECT COUNT(*) > 0 AS n FROM `orders$snapshots`"
                + " WHERE summary['data-mirror.commit-id'] LIKE 'upload-%'");
    assertThat(commits).isEqualTo("n\ntrue\n");
  }

  @Test
  void what_the_source_has_still_to_say_is_not_late_by_the_clock_of_a_file() throws Exception {
    Shop late = Shop.withOrders(Files.createDirectory(directory.resolve("late")));
    late.sql(
        "ALTER TABLE ORDERS_CHANGES ADD AT TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP"
            + " NOT NULL");
    String spec =
        late.spec("cursor: SEQ", "cursor: SEQ\n    timestamp: AT\n    allowed-lateness: 1s");
    assertThat(Cli.run("run", "--spec", spec, "--until", "now").exitCode()).isZero();
    late.sql("INSERT INTO ORDERS_CHANGES (OP, ID, REVISION, NOTE) VALUES ('u', 3, 1, 'in time')");
    Thread.sleep(2_500);
    String purge = "ID,REVISION,OP,AT\n1,2,d," + Instant.now() + "\n";

    Cli.Result applied =
        Cli.run(
            "apply",
            "--spec",
            spec,
            "--table",
            "orders",
            late.write("purge.csv", purge).toString());
    assertThat(applied.exitCode()).as(applied.err()).isZero();
    assertThat(Cli.run("run", "--spec", spec, "--until", "now").exitCode()).isZero();

    String rows =
        Cli.run("query", "--spec", spec, "-o", "csv", "SELECT ID, NOTE FROM orders ORDER BY ID")
            .out();
    assertThat(rows).contains("3,in time").doesNotContain("\n1,");
  }

  @Test
  void the_first_row_that_cannot_be_applied_ends_it() {
    Cli.Result result = apply(shop.write("bad.csv", "ID,REVISION,OP\n1,2,d\n2,,d\n").toString());

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "MIRROR-4001 orders: a change cannot be applied: null-version, bad.csv:3: REVISION is"
                + " null.");
    assertThat(rows()).contains("\n1,2");
  }

  @Test
  void a_delete_whose_operation_column_is_called_otherwise_is_refused() {
    String before = rows();
    Cli.Result result =
        apply(shop.write("purge.csv", "ID,REVISION,_change_request_type\n1,2,d\n").toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "MIRROR-1016 orders._change_request_type: the row at purge.csv:2 has a column that the"
                + " table does not read. Call it OP, as the operation column of the table is called,"
                + " or take it out of the file.");
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void what_is_missing_is_named_before_anything_is_touched() {
    Cli.Result file = apply(directory.resolve("none.csv").toString());
    Cli.Result format = apply(shop.write("changes.txt", "").toString());
    Cli.Result table = Cli.run("apply", "--spec", shop.spec(), "--table", "nothing", "none.csv");

    assertThat(file.exitCode()).isEqualTo(2);
    assertThat(file.err())
        .startsWith("MIRROR-1016 " + directory.resolve("none.csv"))
        .contains(": there is no such file. Name one that exists.");
    assertThat(format.exitCode()).isEqualTo(2);
    assertThat(format.err()).contains("its name does not say what it is");
    assertThat(table.exitCode()).isEqualTo(2);
    assertThat(table.err()).contains("MIRROR-1016 nothing: the spec has no table of this name.");
  }
}
