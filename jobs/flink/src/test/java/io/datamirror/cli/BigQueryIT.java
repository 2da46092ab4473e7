package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.testkit.warehouse.BigQueryDriver;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five real tables in a stand-in for BigQuery, which keeps its documented rules. */
class BigQueryIT {

  private static final Airports.Types TYPES = new Airports.Types("INT64", "FLOAT64", "STRING");

  private static final long DAY_MICROS = 86_400_000_000L;

  @TempDir private Path directory;

  @Test
  void fiveRealTablesAreMirroredAndVerified() throws Exception {
    VersionedTables tables = new VersionedTables(() -> System.currentTimeMillis() * 1_000);
    try (BigQueryDriver.Service service = BigQueryDriver.start("airports", tables)) {
      String source =
          """
          type: bigquery
          url: %s
          settle: 1s
          """
              .formatted(service.url());
      Airports airports = new Airports(tables, TYPES, directory, source, "p.d.");
      airports.happen(20);
      airports.mirror(2);
      airports.assertEqual();
      airports.happen(Integer.MAX_VALUE);
      airports.mirror(1);
      airports.assertEqual();
      airports.assertComplete();
    }
  }

  @Test
  void a_history_that_is_lost_is_answered_by_the_table_as_it_is() throws Exception {
    AtomicLong passed = new AtomicLong();
    VersionedTables tables =
        new VersionedTables(() -> System.currentTimeMillis() * 1_000 + passed.get());
    try (BigQueryDriver.Service service = BigQueryDriver.start("lost", tables)) {
      VersionedTable items =
          tables.create(
              "items",
              List.of(
                  new Column("id", "INT64", "BIGINT", false),
                  new Column("note", "STRING", "VARCHAR", true)),
              List.of("id"));
      items.commit(
          writer -> {
            for (int i = 0; i < 2_000; i++) {
              writer.insert(i, "first");
            }
          });
      String stopping = spec(service, "stop");
      run(stopping, 0);

      items.commit(writer -> writer.insert(2_001, "between"));
      items.commit(
          writer -> {
            for (int i = 0; i < 500; i++) {
              writer.delete("id", i);
              writer.update("id", 500 + i, 500 + i, "second");
            }
            writer.delete("id", 2_001);
          });
      passed.set(6 * DAY_MICROS);
      assertThat(Cli.run("status", "--spec", stopping).err())
          .containsPattern("Warning: items: changes are kept for 7 d 0 h, 23 h 5[0-9] m left");
      assertThat(Airports.assertDone(Cli.run("check", "--spec", stopping)).out())
          .contains("run the mirror soon");
      passed.set(8 * DAY_MICROS);

      assertThat(run(stopping, 3)).contains("MIRROR-2009");
      String reading = spec(service, "snapshot");
      run(reading, 0);
      assertVerified(reading);
      items.commit(writer -> writer.insert(7, "third"));
      run(reading, 0);
      assertVerified(reading);
    }
  }

  private String spec(BigQueryDriver.Service service, String onHistoryLost) throws IOException {
    String text =
        """
        mirror: lost
        source: { type: bigquery, url: "%s", settle: 1s, on-history-lost: %s }
        lake:
          catalog: { type: jdbc, uri: "jdbc:sqlite:%s/lost.db", warehouse: %s/lost }
          namespace: lost
        tables:
          - { name: items, source: p.d.items, feed: native }
        """
            .formatted(service.url(), onHistoryLost, directory, directory);
    return Files.writeString(directory.resolve(onHistoryLost + ".yaml"), text).toString();
  }

  private static String run(String spec, int exitCode) {
    Cli.Result result = Cli.run("run", "--spec", spec, "--until", "now");
    assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
    return result.err();
  }

  private static void assertVerified(String spec) {
    Cli.Result verified = Airports.assertDone(Cli.run("verify", "--spec", spec));
    assertThat(verified.out()).startsWith("equal");
  }
}
