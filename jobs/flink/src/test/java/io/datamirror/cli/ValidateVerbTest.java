package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateVerbTest {
  private static final String GOOD =
      """
      mirror: shop
      source:
        type: jdbc
        url: jdbc:h2:./warehouse
        user: ${env:NOBODY_HAS_SET_THIS}
      lake:
        catalog: { type: jdbc, uri: "jdbc:sqlite:./lake/catalog.db", warehouse: ./lake }
        namespace: shop
      tables:
        - name: orders
          source: PUBLIC.ORDERS
          feed: incremental
          primary-key: [ID]
          version: [UPDATED_AT]
          cursor: UPDATED_AT
      """;

  @TempDir private Path directory;

  @Test
  void a_good_spec_is_ok_and_no_secret_is_looked_up() throws IOException {
    assertThat(Cli.run("validate", "--spec", spec(GOOD)))
        .isEqualTo(new Cli.Result(0, "ok: shop, 1 table\n", ""));
  }

  @Test
  void every_problem_is_told_at_once_and_the_exit_code_is_2() throws IOException {
    String bad = GOOD.replace("primary-key: [ID]", "primary-kex: [ID]").replace("shop\n", "Shop\n");

    Cli.Result result = Cli.run("validate", "--spec", spec(bad));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("MIRROR-1002 tables[0].primary-kex (line 13)")
        .contains("Did you mean primary-key?")
        .contains("MIRROR-1008")
        .contains("problems in " + directory.resolve("spec.yaml"))
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
  }

  @Test
  void problems_are_data_in_json() throws IOException {
    String bad = GOOD.replace("primary-key: [ID]", "primary-kex: [ID]");

    Cli.Result result = Cli.run("validate", "--spec", spec(bad), "-o", "json");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("\"ok\" : false")
        .contains("\"code\" : \"MIRROR-1002\"")
        .contains("\"path\" : \"tables[0].primary-kex\"")
        .contains("\"line\" : 13");
  }

  @Test
  void a_value_may_be_replaced_for_one_run() throws IOException {
    Cli.Result result =
        Cli.run("validate", "--spec", spec(GOOD), "--set", "source.poll-interval=soon");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("MIRROR-1004 source.poll-interval");
  }

  @Test
  void a_file_that_does_not_exist_is_named() {
    Cli.Result result = Cli.run("validate", "--spec", directory.resolve("none.yaml").toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("MIRROR-1015").contains("none.yaml").contains("--spec FILE");
  }

  private String spec(String text) throws IOException {
    return Files.writeString(directory.resolve("spec.yaml"), text).toString();
  }
}
