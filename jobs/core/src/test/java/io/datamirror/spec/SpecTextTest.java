package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTextTest {
  @Test
  void whatIsWrittenIsReadBackWithEveryKey() {
    MirrorSpec spec = SpecReader.read(SpecReaderTest.WITH_EVERY_KEY);
    SpecHead head = SpecReader.readHead("spec", SpecReaderTest.WITH_EVERY_KEY, Map.of());

    MirrorSpec again = SpecReader.read(SpecText.of(head, spec.tables()));

    assertThat(again)
        .usingRecursiveComparison()
        // Properties of the driver may be secrets; references stand for them.
        .ignoringFieldsMatchingRegexes("tables.*\\.line", "source.properties.*")
        .isEqualTo(spec);
  }

  private static final String TOPICS =
      """
      mirror: m
      source:
        type: kafka
        bootstrap-servers: "broker:9092"
        snapshot: { type: jdbc, url: "jdbc:h2:mem:x", overlap: 2h }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
      publish:
        type: kafka
        bootstrap-servers: "broker:9092"
        style: debezium
        topic-prefix: out.
        topics: { odd name: out.odd }
        ledger: out.ledger
      defaults: { format: json, primary-key: [id], schema: { id: long, v: "decimal(18, 2)", t: timestamptz } }
      tables:
        - { name: offsets, source: shop.offsets, on-bad-row: stop }
        - { name: versions, source: shop.versions, version: [v], snapshot: public.versions }
        - { name: ordered, source: /shop-.*/, version: [v], order: t, timestamp: t, operation: op }
        - { name: odd name, source: shop.odd, format: debezium-json, columns: { include: [id, _record_time] } }
        - { name: renamed, source: shop.renamed, on-schema-change: stop, columns: { rename: { _record_time: at } } }
        - { name: events, source: shop.events, behavior: time-series, timestamp: t, primary-key: [id, t] }
        - { name: received, source: shop.received, behavior: time-series, timestamp: _record_time, primary-key: [id, _record_time], columns: { include: [id, _record_time] } }
      """;

  private static final String FILES =
      """
      mirror: m
      source: { type: files, path: ./uploads }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
      defaults: { format: csv, primary-key: [id], schema: { id: long, v: long, t: timestamp } }
      tables:
        - { name: lines, source: lines }
        - { name: kept, source: kept, columns: { include: [id, _file_time] } }
        - { name: versions, source: "versions/*.csv", version: [v], order: t, timestamp: t }
        - { name: placed, source: placed, version: [v], columns: { rename: { _line: line } } }
      """;

  @ParameterizedTest
  @ValueSource(strings = {TOPICS, FILES})
  void whatIsWrittenOfRecordsIsReadBackWithEveryKey(String text) {
    MirrorSpec spec = SpecReader.read(text);

    String written = SpecText.of(SpecReader.readHead("spec", text, Map.of()), spec.tables());

    assertThat(SpecReader.read(written))
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes("tables.*\\.line")
        .isEqualTo(spec);
  }

  @Test
  void whatGoesWithoutSayingOfRecordsIsNotWritten() {
    MirrorSpec spec = SpecReader.read(TOPICS);

    assertThat(SpecText.tables(spec.tables().subList(1, 2)))
        .isEqualTo(
            """
              - name: versions
                source: shop.versions
                format: json
                schema: { id: long, v: "decimal(18, 2)", t: timestamptz }
                primary-key: [id]
                version: [v]
                snapshot: public.versions
            """);
  }

  @Test
  void secretsInClearTextAreNotRepeated() {
    String text =
        """
        mirror: m
        source:
          type: jdbc
          url: jdbc:h2:mem:x
          user: keeper
          password: hunter2
          properties:
            token: hunter3
            sslmode: "${env:MODE}"
            sasl.jaas.config: Login required username="${env:ID}" password="hunter5";
        lake:
          catalog: { type: rest, uri: "https://c", credential: "${env:ID}:hunter4" }
          namespace: m
        """;

    SpecHead head = SpecReader.readHead("spec", text, Map.of());

    assertThat(head.yaml())
        .doesNotContain("hunter")
        .contains("user: keeper", "${env:MODE}", "uri: \"https://c\"")
        .contains("password: \"${env:MIRROR_SOURCE_PASSWORD}\"")
        .contains("sasl.jaas.config: \"${env:MIRROR_SOURCE_PROPERTIES_SASL_JAAS_CONFIG}\"")
        .contains("credential: \"${env:MIRROR_LAKE_CATALOG_CREDENTIAL}\"");
  }

  @Test
  void onlyWhatIsKnownToBeNoSecretIsRepeated() {
    String text =
        """
        mirror: m
        source:
          type: kafka
          bootstrap-servers: broker:9092
          poll-interval: 5s
          properties: { sasl.mechanism: "hunter$${1" }
          registry: { url: "https://registry", user: reader, password: hunter2 }
          snapshot:
            type: jdbc
            url: jdbc:h2:mem:x
            user: keeper
            password: hunter3
            properties: { token: hunter4 }
            overlap: 2h
        lake:
          catalog: { type: hadoop, warehouse: ./lake, s3.secret: hunter5 }
          namespace: m
          allow-insecure: true
        publish:
          type: kafka
          bootstrap-servers: broker:9092
          ledger: shop.ledger
          properties: { sasl.jaas.config: hunter6 }
        """;

    SpecHead head = SpecReader.readHead("spec", text, Map.of());

    assertThat(head.yaml())
        .doesNotContain("hunter")
        .contains("bootstrap-servers: \"broker:9092\"", "poll-interval: \"5s\"")
        .contains("url: \"https://registry\"", "user: reader", "user: keeper", "overlap: \"2h\"")
        .contains("warehouse: \"./lake\"", "namespace: m", "allow-insecure: \"true\"")
        .contains("sasl.mechanism: \"${env:MIRROR_SOURCE_PROPERTIES_SASL_MECHANISM}\"")
        .contains("password: \"${env:MIRROR_SOURCE_REGISTRY_PASSWORD}\"")
        .contains("password: \"${env:MIRROR_SOURCE_SNAPSHOT_PASSWORD}\"")
        .contains("token: \"${env:MIRROR_SOURCE_SNAPSHOT_PROPERTIES_TOKEN}\"")
        .contains("s3.secret: \"${env:MIRROR_LAKE_CATALOG_S3_SECRET}\"", "ledger: shop.ledger")
        .contains("sasl.jaas.config: \"${env:MIRROR_PUBLISH_PROPERTIES_SASL_JAAS_CONFIG}\"");
  }

  @Test
  void anyNameOfAColumnIsReadBack() {
    Map<String, String> renamed = new LinkedHashMap<>();
    for (String name :
        List.of(
            "a\"b",
            "\"",
            "a'b",
            "'",
            "a`b",
            "[a]",
            "a\\b",
            "a;--",
            "/*",
            "--",
            "$$",
            "${env:HOME}",
            ":a",
            "?",
            "%",
            "{d '2024-01-01'}",
            "a.b",
            ".",
            " a ",
            "a\tb",
            "a\nb",
            "a\r\nb",
            "select",
            "yes",
            "null",
            "~",
            "1",
            "1.5",
            "0x1",
            "“a”",
            "🦉",
            "漢字",
            "e\u0301",
            "\u202Eabc",
            "#a",
            "a: b",
            "- a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "@a",
            "a #b",
            "=",
            "<<",
            "2024-01-01")) {
      renamed.put(name, "n" + renamed.size());
    }
    String head =
        """
        mirror: m
        source: { type: jdbc, url: "jdbc:h2:mem:x" }
        lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: m }
        """;
    TableSpec table =
        SpecReader.read(
                head
                    + """
                    tables:
                      - { name: t, source: t, feed: incremental, primary-key: [id], version: [v] }
                    """)
            .tables()
            .get(0);
    ColumnsSpec columns = new ColumnsSpec(List.of(), List.of(), renamed, Map.of());
    TableSpec odd =
        new TableSpec(
            table.name(),
            table.source(),
            table.feed(),
            table.behavior(),
            List.copyOf(renamed.keySet()),
            table.version(),
            null,
            null,
            null,
            "v",
            null,
            null,
            columns,
            List.of(),
            List.of(),
            table.onSchemaChange(),
            table.onBadRow(),
            table.allowedLateness(),
            table.tie(),
            0);

    TableSpec again =
        SpecReader.read(SpecText.of(SpecReader.readHead("h", head, Map.of()), List.of(odd)))
            .tables()
            .get(0);

    assertThat(again.columns().rename()).isEqualTo(renamed);
    assertThat(again.primaryKey()).containsExactlyElementsOf(renamed.keySet());
  }
}
