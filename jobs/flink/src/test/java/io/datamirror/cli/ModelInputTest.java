package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is wrong with a model that is imported or written: everything that is said of it, in
 * exactly the words of {@code model-input.golden}.
 */
class ModelInputTest {
  private static final Golden GOLDEN = Golden.read("/io/datamirror/cli/model-input.golden");

  private static final String HEAD =
      """
      mirror: shop
      source: { type: jdbc, url: "jdbc:h2:mem:never-asked" }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      """;

  private static final String KEYED =
      """
      { "@type": "xdm:descriptorPrimaryKey", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": "/id" }
      { "@type": "xdm:descriptorVersion", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": "/v" }
      """;

  @TempDir private Path directory;

  private static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("no file", "--from-ddl", null, 2),
        Arguments.of("no statement", "--from-ddl", "-- nothing\n", 2),
        Arguments.of("an empty script", "--from-ddl", "", 2),
        Arguments.of("no SQL", "--from-ddl", "\u0001 \"open", 2),
        Arguments.of(
            "broken statements",
            "--from-ddl",
            """
            CREATE TABLE a (id int PRIMARY KEY, version int NOT NULL);
            CREATE TABLE b (id int PRIMARY KEY, version int NOT NULL;
            DROP TABLE a;
            CREATE TABLE c (id int""",
            0),
        Arguments.of(
            "keys and references that lead nowhere",
            "--from-ddl",
            """
            CREATE TABLE a (id int PRIMARY KEY, version int NOT NULL);
            CREATE TABLE b (id int PRIMARY KEY, version int NOT NULL, text text REFERENCES a, c int REFERENCES a (nope),
              gone int REFERENCES gone, FOREIGN KEY (id, c) REFERENCES a, FOREIGN KEY (nope) REFERENCES a);
            CREATE TABLE e (id int, version int NOT NULL, PRIMARY KEY (nope));
            CREATE TABLE a (id int PRIMARY KEY);
            CREATE TABLE f (id int PRIMARY KEY, id int, version int NOT NULL, odd wibble);
            """,
            0),
        Arguments.of("no JSON", "--from-descriptors", "{ \"@type\": ", 2),
        Arguments.of("no descriptor", "--from-descriptors", "{ \"results\": [] }", 2),
        Arguments.of(
            "odd descriptors",
            "--from-descriptors",
            KEYED
                + """
                [ 5, "text", { "@type": "xdm:descriptorWhat", "xdm:sourceSchema": "x/a" },
                  { "@type": "xdm:descriptorPrimaryKey", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": "/key" },
                  { "@type": "xdm:descriptorTimestamp", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": ["/t", "/u"] },
                  { "@type": "xdm:descriptorVersion", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": {} } ]
                """,
            0),
        Arguments.of(
            "relationships that lead nowhere",
            "--from-descriptors",
            KEYED
                + """
                [ { "@type": "xdm:descriptorRelationship", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": "/b",
                    "xdm:destinationSchema": "x/b", "xdm:cardinality": "M:1" },
                  { "@type": "xdm:descriptorRelationship", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": ["/b", "/c"],
                    "xdm:destinationSchema": "x/a", "xdm:cardinality": "M:1" },
                  { "@type": "xdm:descriptorRelationship", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": "/d",
                    "xdm:destinationSchema": "x/a", "xdm:cardinality": "M:N" },
                  { "@type": "xdm:descriptorRelationship", "xdm:sourceSchema": "x/a", "xdm:sourceProperty": "/e" } ]
                """,
            0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void everything_that_is_not_taken_over_is_said(
      String name, String option, String content, int exitCode) throws IOException {
    Path file = directory.resolve("model");
    if (content != null) {
      Files.writeString(file, content);
    }

    Cli.Result result = model(option, file.toString());

    assertSaid(result, exitCode, name);
    assertThat(result.out().isEmpty()).isEqualTo(exitCode != 0);
  }

  @Test
  void a_file_that_is_no_text_is_refused() throws IOException {
    Path file = directory.resolve("model");
    Files.write(file, "é".getBytes(StandardCharsets.ISO_8859_1));

    assertSaid(model("--from-ddl", file.toString()), 2, "no text");
    assertSaid(model("--from-descriptors", directory.toString()), 2, "a directory");
  }

  @Test
  void tables_that_refer_to_each_other_in_a_circle_are_taken_over() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("circle.sql"),
            """
            CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b, version int NOT NULL);
            CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL UNIQUE REFERENCES a, version int NOT NULL);
            """);

    Cli.Result result = model("--from-ddl", file.toString(), "--as", "text");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            a  key id, version version
              b ──M:0──▶ b.id
            b  key id, version version
              a ──1:1──▶ a.id
            """);
  }

  private static final String CREATE = "CREATE TABLE a (id int PRIMARY KEY, version int NOT NULL);";

  @Test
  void defaults_and_replacements_count_for_tables_that_are_made() throws IOException {
    Path file = Files.writeString(directory.resolve("a.sql"), CREATE);
    String head =
        HEAD
            + """
            publish: { type: kafka, bootstrap-servers: "broker:9092", topic-prefix: out. }
            defaults: { on-bad-row: stop, tie: upsert-wins }
            """;

    Cli.Result result =
        modelOf(
            head,
            "--from-ddl",
            file.toString(),
            "--set",
            "tables.a.allowed-lateness=7d",
            "--set",
            "defaults.on-bad-row=ledger");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("publish:", "topic-prefix: out.", "tie: upsert-wins", "allowed-lateness: \"7d\"")
        .doesNotContain("on-bad-row", "defaults");
  }

  @Test
  void no_tables_are_made_for_a_source_of_records() throws IOException {
    Path file = Files.writeString(directory.resolve("a.sql"), CREATE);
    String head =
        HEAD.replace(
            "type: jdbc, url: \"jdbc:h2:mem:never-asked\"",
            "type: kafka, bootstrap-servers: \"localhost:1\"");

    assertSaid(modelOf(head, "--from-source"), 2, "a source of records");
    assertSaid(modelOf(head, "--from-ddl", file.toString()), 2, "a source of records");
  }

  private static Stream<Arguments> relationships() {
    return Stream.of(
        Arguments.of(
            "a table that is not mirrored", "column: CUSTOMER, references: customers.NAME"),
        Arguments.of("a column that is not there", "column: BUYER, references: orders.ID"),
        Arguments.of(
            "a referenced column that is not there", "column: ID, references: orders.NOPE"),
        Arguments.of("types that are never equal", "column: CUSTOMER, references: orders.ID"),
        Arguments.of("a column that is not stored", "column: SEQ, references: orders.ID"),
        Arguments.of("another number of columns", "columns: [ID, PRICE], references: orders.ID"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("relationships")
  void a_relationship_that_cannot_hold_is_refused_before_anything_is_read(
      String name, String relationship) throws Exception {
    Shop shop = Shop.withOrders(directory);
    String spec =
        shop.spec(
            "exclude: [SEQ] }",
            "exclude: [SEQ] }\n    relationships: [{ "
                + relationship
                + ", cardinality: \"M:1\" }]");

    assertSaid(Cli.run("check", "--spec", spec), 2, name);
    assertThat(shop.lakeContent()).isEmpty();
  }

  private Cli.Result model(String... options) throws IOException {
    return modelOf(HEAD, options);
  }

  private Cli.Result modelOf(String text, String... options) throws IOException {
    Path head = Files.writeString(directory.resolve("head.yaml"), text);
    List<String> arguments = new ArrayList<>(List.of("model", "--spec", head.toString()));
    arguments.addAll(Arrays.asList(options));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private void assertSaid(Cli.Result result, int exitCode, String golden) {
    String said =
        result
            .err()
            .replace(directory.toString(), "$DIR")
            .lines()
            .filter(line -> line.startsWith("MIRROR-") || line.startsWith("note: "))
            .collect(Collectors.joining("\n"));
    assertThat(said).as(golden).isEqualTo(GOLDEN.text(golden));
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.out() + result.err()).doesNotContain("\tat ");
  }
}
