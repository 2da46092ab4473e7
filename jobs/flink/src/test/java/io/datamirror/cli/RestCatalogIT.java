package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.demo.DemoOrder;
import io.datamirror.demo.DemoReach;
import io.datamirror.demo.DemoSpec;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.DemoWarehouse;
import io.datamirror.lake.RestCatalogServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real history of two tables that refer to each other, mirrored in two runs into a lake whose
 * catalog is a server. The second run has nothing to go on from but that lake.
 */
class RestCatalogIT {

  private static final List<DemoTable> TABLES = List.of(DemoTable.COUNTRIES, DemoTable.REGIONS);
  private static final List<String> STEPS = List.of("1188", "9999");

  @TempDir private static Path directory;
  private static RestCatalogServer server;
  private static Path spec;

  @BeforeAll
  static void mirrorInTwoRuns() throws Exception {
    server = new RestCatalogServer(directory);
    DemoWarehouse warehouse = new DemoWarehouse(directory);
    spec = behindTheServer(warehouse);
    for (String reach : STEPS) {
      for (DemoTable table : TABLES) {
        warehouse.fill(table, DemoOrder.asItHappened(), DemoReach.of(List.of(reach)));
      }
      Cli.Result run = mirror("run", "--until", "now");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out() + run.err()).doesNotContain(RestCatalogServer.TOKEN);
    }
  }

  private static Path behindTheServer(DemoWarehouse warehouse) throws IOException {
    Path written =
        new DemoSpec(directory).write("airports.yaml", warehouse.url(), warehouse.user(), TABLES);
    Path token = Files.writeString(directory.resolve("token"), RestCatalogServer.TOKEN);
    String text = Files.readString(written);
    String before = text.substring(0, text.indexOf("    type: jdbc\n    uri:"));
    String after = text.substring(text.indexOf("  namespace: airports"));
    String catalog =
        """
            type: rest
            uri: %s
            token: ${file:%s}
        """
            .formatted(server.uri(), token)
            .indent(4);
    return Files.writeString(written, before + catalog + after);
  }

  @AfterAll
  static void theServerKnewAllThatItWasAskedFor() {
    server.close();
    assertThat(server.refused()).isEmpty();
  }

  private static Cli.Result mirror(String verb, String... options) {
    return Cli.run(
        Stream.concat(Stream.of(verb, "--spec", spec.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  @Test
  void the_mirror_equals_its_source() {
    Cli.Result result = mirror("verify");

    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
  }

  @Test
  void its_rows_can_be_asked_for() {
    Cli.Result result = mirror("query", "-o", "csv", "SELECT COUNT(*) AS n FROM countries");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("n\n249\n");
  }

  @Test
  void every_region_has_its_country() {
    Cli.Result result = Cli.run("relations", "check", "--spec", spec.toString());

    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).containsPattern("regions.iso_country → .*: [0-9,]+ rows, 0 orphans");
  }

  @Test
  void a_check_says_that_it_did_not_try_to_write() {
    Cli.Result result = mirror("check");

    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("can be opened; writing was not tried");
  }

  @Test
  void a_catalog_that_takes_no_such_token_is_an_error_without_the_token() throws IOException {
    Path other = directory.resolve("other.yaml");
    Path wrong = Files.writeString(directory.resolve("wrong"), "wr0ng-Hs7Kd2Lp9Xc4Vb6N");
    String text = Files.readString(spec);
    Files.writeString(other, text.replaceFirst("\\$\\{file:.*}", "\\${file:" + wrong + "}"));
    try (RestCatalogServer strict =
        new RestCatalogServer(Files.createDirectory(directory.resolve("strict")))) {
      Files.writeString(other, Files.readString(other).replace(server.uri(), strict.uri()));
      Cli.Result result = Cli.run("status", "--spec", other.toString());

      assertThat(result.exitCode()).as(result.out()).isEqualTo(3);
      assertThat(result.err()).contains("MIRROR-3001 ").doesNotContain("wr0ng-Hs7Kd2Lp9Xc4Vb6N");
      assertThat(strict.refused()).isNotEmpty();
    }
  }

  @Test
  void the_lake_does_not_hold_the_token() throws IOException {
    try (Stream<Path> paths = Files.walk(directory.resolve("warehouse"))) {
      List<Path> files = paths.filter(Files::isRegularFile).toList();
      assertThat(files).isNotEmpty();
      for (Path file : files) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(RestCatalogServer.TOKEN);
      }
    }
  }
}
