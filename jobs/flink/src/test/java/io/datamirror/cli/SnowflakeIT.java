package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.demo.DemoTable;
import io.datamirror.testkit.warehouse.SnowflakeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five real tables in a Snowflake, mirrored through Snowflake's own driver. */
class SnowflakeIT {

  private static final Airports.Types TYPES =
      new Airports.Types("NUMBER(18,0)", "FLOAT", "VARCHAR(16777216)");

  private static final long TWENTY_HOURS = 20 * 3_600_000L;

  @TempDir private Path directory;

  @Test
  void fiveRealTablesAreMirroredAndVerified() throws Exception {
    Files.writeString(directory.resolve("password"), "a password");
    AtomicLong passed = new AtomicLong();
    try (SnowflakeServer server =
        new SnowflakeServer(() -> System.currentTimeMillis() + passed.get())) {
      Airports airports =
          new Airports(server.tables(), TYPES, directory, source(server), "DB.SCH.");
      airports.happen(10);
      Airports.assertDone(Cli.run("validate", "--spec", airports.spec()));
      assertThat(Airports.assertDone(Cli.run("check", "--spec", airports.spec())).out())
          .contains("changes are kept for 1 d 0 h");
      airports.mirror(1);
      airports.assertEqual();
      airports.happen(30);
      airports.mirror(2);
      airports.assertEqual();
      airports.happen(Integer.MAX_VALUE);
      airports.mirror(1);
      airports.assertEqual();
      airports.assertComplete();
      assertThat(Cli.run("status", "--spec", airports.spec()).err())
          .containsPattern("runways: changes are kept for 1 d 0 h, 23 h 5[0-9] m left");

      passed.set(TWENTY_HOURS);
      assertThat(Cli.run("status", "--spec", airports.spec()).err())
          .containsPattern("Warning: runways: changes are kept for 1 d 0 h, 3 h 5[0-9] m left");
      assertThat(Cli.run("check", "--spec", airports.spec()).out())
          .containsPattern("kept for 1 d 0 h, 3 h 5[0-9] m left: run the mirror soon");
      assertThat(
              Cli.run("check", "--spec", airports.spec(), "--set", "source.retention-warning=10")
                  .out())
          .doesNotContain("run the mirror soon");

      airports.table(DemoTable.RUNWAYS).untrack();
      Cli.Result off = Cli.run("check", "--spec", airports.spec());
      assertThat(off.exitCode()).isEqualTo(3);
      assertThat(off.err())
          .contains(
              "MIRROR-2020", "ALTER TABLE \"DB\".\"SCH\".\"runways\" SET CHANGE_TRACKING = TRUE;");
      assertThat(server.unknown()).isEmpty();
    }
  }

  private String source(SnowflakeServer server) {
    String properties =
        SnowflakeServer.properties().entrySet().stream()
            .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
            .collect(Collectors.joining(", ", "{ ", " }"));
    return """
        type: snowflake
        url: %s
        user: reader
        password: ${file:%s/password}
        properties: %s
        settle: 1s
        """
        .formatted(server.url(), directory, properties);
  }
}
