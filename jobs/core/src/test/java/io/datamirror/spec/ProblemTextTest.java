package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.spec.testing.SampleSpec;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that can be wrong with a spec, and the words in which it is said. */
class ProblemTextTest {
  private static final String ADD = ": this key is missing. Add it, for example ";
  private static final String NO_KEY = ": this key does not exist. ";
  private static final String UNIT = " Write a whole number and ms, s, m, h or d, for example 30s.";

  static Stream<Arguments> top() {
    return Stream.of(
        arguments("mirror: shop\n", "", "1003 mirror (line 1)" + ADD + "mirror: airports"),
        arguments(
            "mirror: shop",
            "mirror: Shop",
            "1008 mirror (line 1): \"Shop\" cannot be the name of a mirror. Write small letters,"
                + " digits and -, beginning with a letter, for example airports."),
        arguments(
            "mirror: shop",
            "mirror: [a]",
            "1004 mirror (line 1): here stands a list where a text must be. Write a name of small"
                + " letters, digits and -."),
        arguments(
            "mirror: shop",
            "mirror: shop\ndefaults: 5",
            "1004 defaults (line 2): here stands a single value where keys must be. Write the keys"
                + " of tables[], one per line."),
        arguments(
            "mirror: shop",
            "mirror: shop\nflink: {}",
            "1002 flink (line 2)"
                + NO_KEY
                + "The keys here are mirror, source, lake, publish, defaults,"
                + " tables."),
        arguments(
            "mirror: shop",
            "mirror: shop\ntabels: {}",
            "1002 tabels (line 2)" + NO_KEY + "Did you mean tables?"),
        arguments(
            "mirror: shop",
            "mirror: shop\nnamespace: x",
            "1002 namespace (line 2)" + NO_KEY + "Move it to lake."),
        arguments(
            "mirror: shop",
            "mirror: shop\ndefaults: { tie: x }",
            "1004 defaults.tie (line 2): \"x\" is not a value of this key. Write one of"
                + " delete-wins, upsert-wins."));
  }

  static Stream<Arguments> source() {
    return Stream.of(
        arguments("  type: jdbc\n", "", "1003 source.type (line 2)" + ADD + "type: jdbc"),
        arguments(
            "type: jdbc",
            "type: oracle",
            "1004 source.type (line 3): \"oracle\" is not a value of this key. Write one of jdbc,"
                + " snowflake, databricks, bigquery, kafka, files."),
        arguments(
            "  url: jdbc:h2:./data/shop\n",
            "",
            "1003 source.url (line 2)" + ADD + "url: jdbc:h2:./data/warehouse"),
        arguments(
            "jdbc:h2:./data/shop",
            "postgresql://h/db",
            "1004 source.url (line 4): this is not a JDBC URL. Write one that begins with jdbc:,"
                + " for example jdbc:postgresql://host:5432/database."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  jdbc_url: x",
            "1002 source.jdbc_url (line 4)" + NO_KEY + "Write url instead."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  username: x",
            "1002 source.username (line 4)" + NO_KEY + "Write user instead."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  pollInterval: 5s",
            "1002 source.pollInterval (line 4)" + NO_KEY + "Did you mean poll-interval?"),
        arguments(
            "type: jdbc",
            "type: jdbc\n  poll-interval: 30",
            "1005 source.poll-interval (line 4): \"30\" has no unit." + UNIT),
        arguments(
            "type: jdbc",
            "type: jdbc\n  settle: 5 minutes",
            "1005 source.settle (line 4): \"5 minutes\" has a unit that does not exist." + UNIT),
        arguments(
            "type: jdbc",
            "type: jdbc\n  settle: -5s",
            "1004 source.settle (line 4): \"-5s\" is not a duration." + UNIT),
        arguments(
            "type: jdbc",
            "type: jdbc\n  settle: 99999999999d",
            "1004 source.settle (line 4): \"99999999999d\" is longer than a hundred years." + UNIT),
        arguments(
            "type: jdbc",
            "type: jdbc\n  poll-interval: 0s",
            "1004 source.poll-interval (line 4): the duration is zero. Write a longer one, for"
                + " example 30s."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  fetch-size: 0",
            "1004 source.fetch-size (line 4): \"0\" is not a whole number from 1 to 1000000. Write"
                + " a number from 1 to 1000000."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  connections: 1e1",
            "1004 source.connections (line 4): \"1e1\" is not a whole number from 2 to 64. Write a"
                + " number from 2 to 64."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  connections: 1",
            "1004 source.connections (line 4): \"1\" is not a whole number from 2 to 64. Write a"
                + " number from 2 to 64."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  password: ${vault:x}",
            "1004 source.password (line 4): this begins like a reference to a secret and is none."
                + " Write ${env:NAME} or ${file:/absolute/path}, or $${ for a plain ${."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  properties: abc",
            "1004 source.properties (line 4): here stands a single value where a mapping must be."
                + " Write it as { key: value }."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  properties: { a: [b] }",
            "1004 source.properties.a (line 4): here stands a list where a text must be. Write one"
                + " text."),
        arguments(
            "type: jdbc",
            "type: jdbc\n  user: a\n  properties: { user: b }",
            "1006 source.properties (line 5): user is given here and as source.user. Keep"
                + " source.user."));
  }

  static Stream<Arguments> lake() {
    String catalog = "{ type: hadoop, warehouse: ./lake }";
    return Stream.of(
        arguments(
            "  namespace: shop\n",
            "",
            "1003 lake.namespace (line 5)" + ADD + "namespace: airports"),
        arguments(
            "namespace: shop",
            "namespace: a/b",
            "1008 lake.namespace (line 7): this cannot be a name in the lake: it holds \"/\". Write"
                + " letters, digits, _, - and single spaces; the name in the source stays as it"
                + " is."),
        arguments(
            "  catalog: " + catalog + "\n",
            "",
            "1003 lake.catalog (line 5)"
                + ADD
                + "catalog: { type: jdbc, uri: \"jdbc:sqlite:./lake/catalog.db\", warehouse: ./lake"
                + " }"),
        arguments(
            catalog,
            "{ warehouse: ./lake }",
            "1003 lake.catalog.type (line 6): this key is missing. Add it, one of jdbc, rest, hive,"
                + " hadoop, or write catalog-impl: with the class of another catalog."),
        arguments(
            catalog,
            "{ type: glue, warehouse: ./lake }",
            "1004 lake.catalog.type (line 6): this is not a type of catalog. Write one of jdbc,"
                + " rest, hive, hadoop, or catalog-impl: with the class of another catalog."),
        arguments(
            catalog,
            "{ type: hadoop, catalog-impl: a.B, warehouse: ./lake }",
            "1006 lake.catalog (line 6): type and catalog-impl exclude each other. Keep one of"
                + " them."),
        arguments(
            catalog,
            "{ type: hadoop }",
            "1003 lake.catalog.warehouse (line 6)" + ADD + "warehouse: ./lake"),
        arguments(
            catalog,
            "{ type: jdbc, warehouse: ./lake }",
            "1003 lake.catalog.uri (line 6)" + ADD + "uri: jdbc:sqlite:./lake/catalog.db"),
        arguments(
            catalog,
            "{ type: jdbc, uri: catalog.db, warehouse: ./lake }",
            "1004 lake.catalog.uri (line 6): this is not a JDBC URL. Write one that begins with"
                + " jdbc:, for example jdbc:sqlite:./lake/catalog.db."),
        arguments(
            catalog,
            "{ type: rest }",
            "1003 lake.catalog.uri (line 6)" + ADD + "uri: https://catalog.example.com"),
        arguments(
            catalog,
            "{ type: hive }",
            "1003 lake.catalog.uri (line 6)" + ADD + "uri: thrift://metastore:9083"),
        arguments(
            catalog,
            "{ type: rest, uri: \"https://u:canary@h\" }",
            "1011 lake.catalog.uri (line 6): the URL holds a secret in clear text. Take it out of"
                + " the URL, and write it as a property of the catalog with ${env:NAME}, for"
                + " example jdbc.password or credential."),
        arguments(
            catalog,
            "{ type: rest, uri: \"http://c.example.com\", credential: \"${env:C}\" }",
            "1006 lake.catalog.uri (line 6): credential would be sent over plain http, readable on"
                + " the way. Write https://, or allow-insecure: true beside catalog if nobody else"
                + " can listen."),
        arguments(
            catalog,
            "{ type: rest, uri: \"http://c.example.com\", rest.auth.type: basic,"
                + " rest.auth.basic.password: \"${env:C}\" }",
            "1006 lake.catalog.uri (line 6): rest.auth.basic.password would be sent over plain"
                + " http, readable on the way. Write https://, or allow-insecure: true beside"
                + " catalog if nobody else can listen."),
        arguments(
            catalog,
            "{ type: rest, uri: \"http://c.example.com\", header.X-Zone: a,"
                + " header.X-Key: \"${env:C}\" }",
            "1006 lake.catalog.uri (line 6): header.X-Key would be sent over plain http, readable"
                + " on the way. Write https://, or allow-insecure: true beside catalog if nobody"
                + " else can listen."),
        arguments(
            "namespace: shop",
            "namespace: shop\n  allow-insecure: maybe",
            "1004 lake.allow-insecure (line 8): \"maybe\" is not a value of this key. Write true or"
                + " false."));
  }

  @ParameterizedTest
  @MethodSource({"top", "source", "lake"})
  void eachProblemIsSaidInFull(String part, String replacement, String expected) {
    assertThat(SampleSpec.CORRECT.with(part, replacement).problems())
        .containsExactly("MIRROR-" + expected);
  }

  @Test
  void theSampleHasNoProblem() {
    assertThat(SampleSpec.CORRECT.problems()).isEmpty();
  }

  @Test
  void aSpecThatIsNoMappingIsToldWhatItLacks() {
    assertThat(SampleSpec.problemsOf("canary"))
        .containsExactly(
            "MIRROR-1004 spec (line 1): here stands a single value where keys must be. Write the"
                + " keys of the top of the spec, one per line.",
            "MIRROR-1003 mirror (line 1)" + ADD + "mirror: airports",
            "MIRROR-1003 source (line 1)"
                + ADD
                + "source: { type: jdbc, url: \"jdbc:h2:./data/warehouse\" }",
            "MIRROR-1003 lake (line 1)"
                + ADD
                + "lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: airports }",
            "MIRROR-1003 tables (line 1)"
                + ADD
                + "tables: [{ name: regions, source: PUBLIC.REGIONS_CHANGES }]");
  }

  @Test
  void aSpecWithoutTablesIsRefused() {
    String text = SampleSpec.CORRECT.text();
    assertThat(SampleSpec.problemsOf(text.substring(0, text.indexOf("tables:")) + "tables: []"))
        .containsExactly(
            "MIRROR-1003 tables (line 8): there is no table here. Add one, for example tables:"
                + " [{ name: regions, source: PUBLIC.REGIONS_CHANGES }]");
  }

  @Test
  void allProblemsAreReportedAtOnceInTheOrderOfTheirLines() {
    assertThat(
            SampleSpec.CORRECT
                .with("mirror: shop", "mirror: Shop")
                .with("type: jdbc", "type: jdbc\n  settle: 5\n  sslmode: x")
                .with("namespace: shop", "namespace: ..")
                .with("feed: change-table", "feed: native")
                .with("cursor: change_id", "cursor: change_id\n    tie: maybe")
                .problems())
        .extracting(problem -> problem.substring(0, problem.indexOf(')') + 1))
        .containsExactly(
            "MIRROR-1008 mirror (line 1)",
            "MIRROR-1005 source.settle (line 4)",
            "MIRROR-1002 source.sslmode (line 5)",
            "MIRROR-1008 lake.namespace (line 9)",
            "MIRROR-1006 tables[0].feed (line 13)",
            "MIRROR-1004 tables[0].tie (line 17)");
  }

  @Test
  void aProblemOfTheDefaultsIsReportedOnceForAllTables() {
    String second =
        """
          - name: other
            source: PUBLIC.OTHER
            feed: incremental
            primary-key: [id]
            cursor: n
        """;
    assertThat(
            SampleSpec.problemsOf(
                SampleSpec.CORRECT.with("tables:", "defaults: { tie: x }\ntables:").text()
                    + second))
        .hasSize(1);
  }

  @Test
  void aValueThatSwallowedTheNextKeyIsShownUpToThere() {
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "type: jdbc\n  settle: 5s password canary")
                .problems())
        .containsExactly(
            "MIRROR-1004 source.settle (line 4): \"5s password...\" is not a duration. Write a"
                + " whole number and ms, s, m, h or d, for example 30s.");
  }

  @Test
  void foreignTextCannotSpeakToTheTerminal() {
    assertThat(
            SampleSpec.CORRECT
                .with("mirror: shop", "mirror: \"\\e[31m" + "x".repeat(80) + "\"")
                .problems())
        .containsExactly(
            "MIRROR-1008 mirror (line 1): \"\\u001B[31m"
                + "x".repeat(25)
                + "...\" cannot be the name of a mirror. Write small letters, digits and -,"
                + " beginning with a letter, for example airports.");
  }
}
