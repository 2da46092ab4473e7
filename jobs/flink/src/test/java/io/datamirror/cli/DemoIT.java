package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.demo.DemoTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five real tables with all their changes come out as they must, to the last value. */
class DemoIT {
  @TempDir private Path directory;

  @Test
  void a_history_that_halts_while_the_countries_are_gone_leaves_orphans_until_it_goes_on() {
    String kept = directory.toString();
    Cli.Result halted =
        Cli.run("demo", "--keep", kept, "--until", "1188", "--until", "countries=1189");
    assertThat(halted.exitCode()).as(halted.out() + halted.err()).isZero();
    Cli.Result broken = relations();
    assertThat(broken.exitCode()).isEqualTo(4);
    assertThat(broken.out()).contains("3,951 rows, 3,951 orphans", "11,020 rows, 11,020 orphans");

    Cli.Result whole = Cli.run("demo", "--keep", kept);
    assertVerified(whole);
    assertThat(whole.err())
        .contains("./scripts/mirror query --spec " + directory.resolve("airports.yaml"));
    assertThat(relations().out()).contains("3,929 rows, 0 orphans", "11,010 rows, 0 orphans");
    assertThat(relations("--at", "countries=651").out()).isEqualTo(broken.out());
  }

  @Test
  void shuffled_and_with_duplicates_they_come_out_the_same() {
    assertVerified(Cli.run("demo", "--shuffle", "7"));
  }

  @Test
  void in_batch_they_come_out_the_same() {
    Cli.Result result = Cli.run("demo", "--mode", "batch");

    assertVerified(result);
    assertThat(result.err()).contains("5 tables, 364,844 changes");
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

  private Cli.Result relations(String... options) {
    List<String> arguments = new ArrayList<>(List.of("relations", "check", "--spec"));
    arguments.add(directory.resolve("airports.yaml").toString());
    arguments.addAll(List.of(options));
    return Cli.run(arguments.toArray(String[]::new));
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
