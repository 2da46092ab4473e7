package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ProblemsException;
import io.datamirror.error.testing.Serialized;
import io.datamirror.spec.testing.SampleSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecReaderTest {
  static final String WITH_EVERY_KEY =
      """
      mirror: shop-1
      source:
        type: jdbc
        url: jdbc:postgresql://${env:HOST}/shop
        user: ${env:SHOP_USER}
        password: ${file:/run/secrets/shop}
        properties: { sslmode: require, prepareThreshold: 0 }
        poll-interval: 500ms
        settle: 0s
        on-history-lost: stop
        connections: 2
        fetch-size: 100
      lake:
        catalog:
          type: rest
          uri: https://catalog.example.com
          credential: ${env:CATALOG_CREDENTIAL}
          warehouse: s3://lake/shop
        namespace: shop
      defaults:
        on-bad-row: stop
        order: seq
      tables:
        - name: customers
          source: public.customers
          feed: incremental
          primary-key: id
          version: updated_at
          order: null
        - name: order lines
          source: public.lines_changes
          feed: change-table
          behavior: time-series
          primary-key: [order_id, line, at]
          version: [revision, part]
          timestamp: at
          operation: op
          cursor: change_id
          transaction: xid
          snapshot: public.lines
          columns:
            include: [order_id, line, at, revision, part, seq, cust, price]
            exclude: [note]
            rename: { cust: customer_id }
            cast: { price: "decimal(18, 2)", part: timestamptz }
          partition-by: [cust, "bucket(8, order_id)", "truncate(4, line)", day(at)]
          relationships:
            - { column: cust, references: customers.id, cardinality: "M:1" }
            - { columns: [cust, line], references: [customers.id, customers.a.b], cardinality: "1:0", on-orphan: ledger }
          on-schema-change: ignore
          on-bad-row: ledger
          allowed-lateness: 7d
          tie: upsert-wins
      """;

  @TempDir Path directory;

  @Test
  void everyKeyOfTheSourceIsRead() {
    SourceSpec source = SpecReader.read(WITH_EVERY_KEY).source();

    assertThat(source.type()).isEqualTo(SourceType.JDBC);
    assertThat(source.url().resolve(reference -> "db:5432"))
        .isEqualTo("jdbc:postgresql://db:5432/shop");
    assertThat(source.user().references())
        .containsExactly(new SecretReference(SecretReference.Kind.ENVIRONMENT, "SHOP_USER"));
    assertThat(source.password()).hasToString("${file:/run/secrets/shop}");
    assertThat(source.properties().get("sslmode").resolve(reference -> "")).isEqualTo("require");
    assertThat(source.properties().keySet()).containsExactly("sslmode", "prepareThreshold");
    assertThat(source.pollInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(source.settle()).isZero();
    assertThat(source.onHistoryLost()).isEqualTo(OnHistoryLost.STOP);
    assertThat(source.connections()).isEqualTo(2);
    assertThat(source.fetchSize()).isEqualTo(100);
  }

  @Test
  void everyKeyOfTheLakeIsRead() {
    LakeSpec lake = SpecReader.read(WITH_EVERY_KEY).lake();

    assertThat(lake.catalogType()).contains("rest");
    assertThat(lake.warehouse().orElseThrow()).hasToString("s3://lake/shop");
    assertThat(lake.catalog().keySet()).containsExactly("type", "uri", "credential", "warehouse");
    assertThat(lake.namespace()).isEqualTo("shop");
  }

  @Test
  void aCredentialIsNotSentWhereItCanBeReadOnTheWay() {
    for (String catalog :
        List.of(
            "uri: \"http://catalog.example.com:8181/\", credential: \"${env:C}\"",
            "uri: \"HTTP://127.0.0.1.example.com\", token: \"${env:C}\"",
            "uri: \"http://${env:HOST}/\", token: \"${env:C}\"",
            "uri: \"http://catalog\", header.authorization: \"${env:C}\"",
            "uri: \"https://catalog\", oauth2-server-uri: \"http://login\", credential: a:b")) {
      assertThat(lakeProblems(catalog, "")).as(catalog).singleElement().asString().contains("1006");
      assertThat(lakeProblems(catalog, "allow-insecure: true")).as(catalog).isEmpty();
    }
    for (String catalog :
        List.of(
            "uri: \"https://catalog.example.com\", credential: \"${env:C}\"",
            "uri: \"https://catalog\", oauth2-server-uri: \"https://login\", credential: a:b",
            "uri: \"https://catalog\", oauth2-server-uri: v1/oauth/tokens, credential: a:b",
            "uri: \"${env:URI}\", credential: \"${env:C}\"",
            "uri: \"http://catalog.example.com\"",
            "uri: \"http://localhost:8181/x\", credential: \"${env:C}\"",
            "uri: \"http://127.0.0.1\", credential: \"${env:C}\"",
            "uri: \"http://[::1]:8181\", token: \"${env:C}\"")) {
      assertThat(lakeProblems(catalog, "allow-insecure: false")).as(catalog).isEmpty();
    }
  }

  private static List<String> lakeProblems(String catalog, String more) {
    return SampleSpec.CORRECT
        .with("{ type: hadoop, warehouse: ./lake }", "{ type: rest, " + catalog + " }\n  " + more)
        .problems();
  }

  @Test
  void everyKeyOfATableIsRead() {
    TableSpec table = SpecReader.read(WITH_EVERY_KEY).table("order lines").orElseThrow();

    assertThat(table)
        .isEqualTo(
            new TableSpec(
                "order lines",
                "public.lines_changes",
                FeedKind.CHANGE_TABLE,
                Behavior.TIME_SERIES,
                List.of("order_id", "line", "at"),
                List.of("revision", "part"),
                "at",
                "op",
                "seq",
                "change_id",
                "xid",
                "public.lines",
                new ColumnsSpec(
                    List.of("order_id", "line", "at", "revision", "part", "seq", "cust", "price"),
                    List.of("note"),
                    Map.of("cust", "customer_id"),
                    Map.of(
                        "price",
                        ColumnType.decimal(18, 2),
                        "part",
                        ColumnType.of(Kind.TIMESTAMP_WITH_ZONE))),
                List.of(
                    new PartitionField(Transform.IDENTITY, 0, "cust"),
                    new PartitionField(Transform.BUCKET, 8, "order_id"),
                    new PartitionField(Transform.TRUNCATE, 4, "line"),
                    new PartitionField(Transform.DAY, 0, "at")),
                List.of(
                    new RelationshipSpec(
                        List.of("cust"),
                        "customers",
                        List.of("id"),
                        Cardinality.MANY_TO_ONE,
                        OnOrphan.REPORT),
                    new RelationshipSpec(
                        List.of("cust", "line"),
                        "customers",
                        List.of("id", "a.b"),
                        Cardinality.ONE_TO_ZERO,
                        OnOrphan.LEDGER)),
                OnSchemaChange.IGNORE,
                OnBadRow.LEDGER,
                Lateness.of(Duration.ofDays(7)),
                TieRule.UPSERT_WINS,
                30));
    assertThat(table.columns().lakeName("cust")).isEqualTo("customer_id");
    assertThat(table.stores("op")).isFalse();
    assertThat(table.stores("note")).isFalse();
    assertThat(table.stores("price")).isTrue();
  }

  @Test
  void aTimeSeriesIsLaidOutByDayUnlessItSaysOtherwise() {
    String spec = WITH_EVERY_KEY;
    String partitions =
        "          partition-by: [cust, \"bucket(8, order_id)\", \"truncate(4, line)\", day(at)]\n"
            .substring(6);
    assertThat(spec).contains(partitions);

    assertThat(SpecReader.read(spec.replace(partitions, "")).tables().get(1).partitionBy())
        .containsExactly(new PartitionField(Transform.DAY, 0, "at"));
    assertThat(
            SpecReader.read(spec.replace(partitions, "    partition-by: []\n"))
                .tables()
                .get(1)
                .partitionBy())
        .isEmpty();
  }

  @Test
  void defaultsHoldWhereATableSaysNothingAndNullTakesThemBack() {
    TableSpec customers = SpecReader.read(WITH_EVERY_KEY).table("customers").orElseThrow();

    assertThat(customers.onBadRow()).isEqualTo(OnBadRow.STOP);
    assertThat(customers.order()).isNull();
  }

  @Test
  void oneVersionColumnOfAnIncrementalFeedIsItsCursor() {
    TableSpec customers = SpecReader.read(WITH_EVERY_KEY).table("customers").orElseThrow();

    assertThat(customers.version()).containsExactly("updated_at");
    assertThat(customers.cursor()).isEqualTo("updated_at");
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    MirrorSpec spec = SampleSpec.CORRECT.read();

    assertThat(spec.source())
        .isEqualTo(
            new SourceSpec(
                SourceType.JDBC,
                SecretText.parse("jdbc:h2:./data/shop", SecretText.Display.URL).orElseThrow(),
                null,
                null,
                Map.of(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                OnHistoryLost.STOP,
                5,
                2000,
                Duration.ofMinutes(15),
                25));
    assertThat(spec.tables())
        .containsExactly(
            new TableSpec(
                "orders",
                "PUBLIC.ORDERS_CHANGES",
                FeedKind.CHANGE_TABLE,
                Behavior.RECORD,
                List.of("id"),
                List.of("revision"),
                null,
                null,
                null,
                "change_id",
                null,
                null,
                ColumnsSpec.ALL,
                List.of(),
                List.of(),
                OnSchemaChange.ADD_COLUMNS,
                OnBadRow.LEDGER,
                Lateness.FOREVER,
                TieRule.DELETE_WINS,
                9));
  }

  @Test
  void theControlColumnIsNeverStored() {
    assertThat(SampleSpec.CORRECT.read().tables().get(0).stores("_change_request_type")).isFalse();
  }

  @Test
  void aTableMayLeaveItsVersionToTheFeed() {
    SampleSpec spec = SampleSpec.CORRECT.with("    version: [revision]\n", "");

    assertThat(spec.read().tables().get(0).version()).isEmpty();
  }

  @Test
  void anAliasStandsForItsAnchor() {
    SampleSpec spec =
        SampleSpec.CORRECT
            .with("primary-key: [id]", "primary-key: &key [id]")
            .withTableKeys("partition-by: *key");

    assertThat(spec.read().tables().get(0).partitionBy())
        .containsExactly(new PartitionField(Transform.IDENTITY, 0, "id"));
  }

  @Test
  void aSpecTravelsAsItIs() {
    MirrorSpec spec = SpecReader.read(WITH_EVERY_KEY);

    assertThat(Serialized.copyOf(spec)).isEqualTo(spec).hasToString(spec.toString());
  }

  @Test
  void aFileIsReadAlsoWithAByteOrderMark() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), "\uFEFF" + WITH_EVERY_KEY);

    assertThat(SpecReader.read(file)).isEqualTo(SpecReader.read(WITH_EVERY_KEY));
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = directory.resolve("none.yaml");

    assertThatThrownBy(() -> SpecReader.read(file))
        .isInstanceOf(ProblemsException.class)
        .hasMessage(
            "MIRROR-1015 "
                + file
                + ": this file does not exist. Name the spec with --spec FILE.\n1 problem in "
                + file);
  }

  @Test
  void aDirectoryIsNoSpec() {
    assertThatThrownBy(() -> SpecReader.read(directory))
        .isInstanceOf(ProblemsException.class)
        .hasMessageStartingWith(
            "MIRROR-1015 "
                + directory
                + ": this file cannot be read. Name a file that this user may read.");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws IOException {
    Path file = directory.resolve("latin.yaml");
    Files.write(file, "mirror: é".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> SpecReader.read(file))
        .isInstanceOf(ProblemsException.class)
        .hasMessageStartingWith(
            "MIRROR-1001 " + file + ": the file is not UTF-8 text. Save it as UTF-8.");
  }
}
