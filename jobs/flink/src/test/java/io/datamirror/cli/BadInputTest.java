package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a user gets wrong: the code, the object, one sentence, the next step and the exit code,
 * in exactly the words of {@code bad-input.golden}; and neither source nor lake is touched.
 */
class BadInputTest {
  private static final Golden GOLDEN = Golden.read("/io/datamirror/cli/bad-input.golden");

  private static final String LAKE = "\"jdbc:sqlite:$DIR/lake/catalog.db\", warehouse: $DIR/lake";
  private static final String LAKE_INSIDE_A_FILE =
      "\"jdbc:sqlite:$DIR/password/catalog.db\", warehouse: $DIR/password/lake";

  @TempDir private Path directory;

  /** A way to be wrong: what is done to the source, and what to the spec. */
  private record Mistake(String name, int exitCode, String sql, String part, String replacement) {
    static Mistake inSpec(String name, int exitCode, String part, String replacement) {
      return new Mistake(name, exitCode, "", part, replacement);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Arguments> cases() {
    return mistakes()
        .flatMap(
            mistake -> Stream.of("check", "plan", "run").map(verb -> Arguments.of(mistake, verb)))
        .filter(arguments -> !isPlanOfImpossibleLake(arguments));
  }

  /** A plan writes nothing, so this is no mistake for it; it has a test of its own. */
  private static boolean isPlanOfImpossibleLake(Arguments arguments) {
    Mistake mistake = (Mistake) arguments.get()[0];
    return mistake.replacement().equals(LAKE_INSIDE_A_FILE) && arguments.get()[1].equals("plan");
  }

  private static Stream<Mistake> mistakes() {
    return Stream.of(
        Mistake.inSpec("unknown key", 2, "operation:", "operatoin:"),
        Mistake.inSpec("missing column", 2, "version: [REVISION]", "version: [VERSION]"),
        new Mistake(
            "nullable key column",
            2,
            "ALTER TABLE ORDERS_CHANGES ALTER COLUMN ID SET NULL",
            "feed: change-table\n    primary-key: [ID]\n    version: [REVISION]\n    operation: OP",
            "feed: incremental\n    primary-key: [ID]\n    version: [REVISION]"),
        new Mistake(
            "float key",
            2,
            "ALTER TABLE ORDERS_CHANGES ALTER COLUMN PRICE SET NOT NULL",
            "primary-key: [ID]",
            "primary-key: [PRICE]"),
        Mistake.inSpec("version without an order", 2, "version: [REVISION]", "version: [FLAG]"),
        Mistake.inSpec(
            "lateness without a time",
            2,
            "operation: OP",
            "operation: OP\n    allowed-lateness: 1h"),
        Mistake.inSpec("table without key", 2, "primary-key: [ID]", "tie: delete-wins"),
        Mistake.inSpec(
            "duplicate table",
            2,
            "tables:\n",
            "tables:\n  - { name: Orders, source: PUBLIC.X, feed: change-table, primary-key: [A],"
                + " version: [B], cursor: C }\n"),
        Mistake.inSpec("source table missing", 2, "PUBLIC.ORDERS_CHANGES", "PUBLIC.NO_CHANGES"),
        Mistake.inSpec("secret in url", 2, "url: $URL", "url: $URL;PASSWORD=topsecret"),
        Mistake.inSpec(
            "missing secret", 2, "${file:$DIR/password}", "${env:DATA_MIRROR_NOBODY_SET_THIS}"),
        Mistake.inSpec(
            "unreachable database", 3, "url: $URL", "url: jdbc:postgresql://127.0.0.1:1/shop"),
        Mistake.inSpec(
            "no such database", 3, "url: $URL", "url: jdbc:h2:file:$DIR/none;IFEXISTS=TRUE"),
        Mistake.inSpec("wrong password", 3, "password: ${file:$DIR/password}", "password: wrong"),
        Mistake.inSpec("missing driver", 3, "url: $URL", "url: jdbc:nosuch://host/shop"),
        Mistake.inSpec("lake cannot be created", 3, LAKE, LAKE_INSIDE_A_FILE));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("cases")
  void a_mistake_is_explained_and_touches_nothing(Mistake mistake, String verb)
      throws SQLException, IOException {
    Shop shop = Shop.withOrders(directory);
    if (!mistake.sql().isEmpty()) {
      shop.sql(mistake.sql());
    }
    String spec = shop.spec(mistake.part(), mistake.replacement());

    Cli.Result result = run(verb, spec);

    assertExplained(result, mistake.exitCode(), mistake.name());
    assertThat(shop.lakeContent()).isEmpty();
  }

  @Test
  void a_plan_says_what_it_would_create_though_the_lake_cannot_be_created() throws Exception {
    Shop shop = Shop.withOrders(directory);
    String password = Files.readString(directory.resolve("password"));

    Cli.Result result = run("plan", shop.spec(LAKE, LAKE_INSIDE_A_FILE));

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("orders", "mirror_tombstones", "SELECT");
    assertThat(result.err()).doesNotContain("MIRROR-");
    assertThat(shop.lakeContent()).isEmpty();
    assertThat(directory.resolve("password")).hasContent(password);
  }

  @Test
  void a_lake_that_cannot_be_written_is_left_alone() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    Set<String> before = shop.lakeContent();
    String spec =
        shop.spec(
            "\"jdbc:sqlite:$DIR/lake/catalog.db\"",
            "\"jdbc:sqlite:$DIR/lake/catalog.db?open_mode=1&busy_timeout=100\"");

    assertExplained(run("run", spec), 3, "read-only lake");
    assertThat(shop.lakeContent()).isEqualTo(before);
  }

  @Test
  void the_tables_of_another_mirror_are_left_alone() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    Set<String> before = shop.lakeContent();
    String spec = shop.spec("mirror: shop", "mirror: other");

    for (String verb : new String[] {"check", "run"}) {
      assertExplained(run(verb, spec), 3, "owned by another mirror");
    }
    assertThat(shop.lakeContent()).isEqualTo(before);
  }

  @Test
  void a_column_that_vanished_is_named() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    Set<String> before = shop.lakeContent();
    shop.sql("ALTER TABLE ORDERS_CHANGES DROP COLUMN NOTE");

    for (String verb : new String[] {"check", "run"}) {
      assertExplained(run(verb, shop.spec()), 3, "vanished column");
    }
    assertThat(shop.lakeContent()).isEqualTo(before);
  }

  @Test
  void a_mirror_that_never_ran_has_nothing_to_ask_or_to_compare() throws Exception {
    Shop shop = Shop.withOrders(directory);
    Files.createDirectory(shop.lake());

    assertExplained(Cli.run("query", "--spec", shop.spec(), "SELECT 1"), 3, "no lake yet");
    assertExplained(Cli.run("verify", "--spec", shop.spec()), 3, "no lake yet");
    assertExplained(Cli.run("relations", "check", "--spec", shop.spec()), 3, "no lake yet");
    assertExplained(Cli.run("model", "--spec", shop.spec(), "-o", "sql"), 3, "no lake yet");
    assertThat(shop.lake()).isEmptyDirectory();
  }

  @Test
  void a_savepoint_is_refused_in_batch_whoever_asks_for_batch() throws Exception {
    Shop shop = Shop.withOrders(directory);
    String savepoint = directory.resolve("savepoint").toString();
    String[] options = {"--spec", shop.spec(), "--until", "now", "--from-savepoint", savepoint};

    assertExplained(run(options, "--mode", "batch"), 2, "batch from a savepoint");
    assertExplained(
        run(options, "-D", "execution.runtime-mode=BATCH"), 2, "batch from a savepoint by key");
    assertThat(shop.lakeContent()).isEmpty();
  }

  @Test
  void a_value_that_flink_does_not_understand_is_refused() throws Exception {
    Shop shop = Shop.withOrders(directory);
    String[] options = {"--spec", shop.spec(), "--until", "now"};

    assertExplained(
        run(options, "-D", "execution.checkpointing.interval=often"), 2, "a setting of Flink");
    assertThat(shop.lakeContent()).isEmpty();
  }

  private static Cli.Result run(String[] options, String... more) {
    return Cli.run(
        Stream.of(new String[] {"run"}, options, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static Cli.Result run(String verb, String spec) {
    return verb.equals("run")
        ? Cli.run(verb, "--spec", spec, "--until", "now")
        : Cli.run(verb, "--spec", spec);
  }

  private void assertExplained(Cli.Result result, int exitCode, String golden) {
    String said =
        result
            .err()
            .replace(directory.toString(), "$DIR")
            .lines()
            .filter(line -> line.startsWith("MIRROR-"))
            .collect(Collectors.joining("\n"));
    assertThat(said).as(golden).isEqualTo(GOLDEN.text(golden));
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.out() + result.err()).doesNotContain("\tat ", Shop.PASSWORD);
  }
}
