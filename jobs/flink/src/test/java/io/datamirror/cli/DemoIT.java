package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.demo.DemoTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five real tables with all their changes come out as they must, to the last value. */
class DemoIT {
  @TempDir private Path directory;

  @Test
  void all_tables_are_verified() {
    Cli.Result result = Cli.run("demo", "--keep", directory.toString());

    assertVerified(result);
    assertThat(result.err())
        .contains("5 tables, 364,844 changes")
        .contains("./scripts/mirror query --spec " + directory.resolve("airports.yaml"));
  }

  @Test
  void shuffled_and_with_duplicates_they_come_out_the_same() {
    assertVerified(Cli.run("demo", "--shuffle", "7"));
  }

  @Test
  void in_batch_they_come_out_the_same() {
    assertVerified(Cli.run("demo", "--mode", "batch"));
  }

  @Test
  void shuffled_in_batch_they_come_out_the_same() {
    assertVerified(Cli.run("demo", "--mode", "batch", "--shuffle", "8"));
  }

  @Test
  void a_directory_that_is_not_empty_is_left_alone() {
    Cli.Result result = Cli.run("demo", "--keep", Path.of(".").toAbsolutePath().toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("MIRROR-1016 --keep: the directory ");
  }

  private static void assertVerified(Cli.Result result) {
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(1 + DemoTable.values().length);
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.endsWith("  verified"));
    assertThat(lines.get(1)).startsWith("countries ").containsPattern(" 249 ");
    assertThat(lines.get(5)).startsWith("runways ").containsPattern(" 46,902 ");
  }
}
