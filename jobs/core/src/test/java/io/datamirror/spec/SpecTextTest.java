package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
          properties: { token: hunter3, sslmode: "${env:MODE}" }
        lake: { catalog: { type: rest, uri: "https://c", credential: "id:hunter4" }, namespace: m }
        """;

    SpecHead head = SpecReader.readHead("spec", text, Map.of());

    assertThat(head.yaml())
        .doesNotContain("hunter")
        .contains("user: keeper", "${env:MODE}", "uri: \"https://c\"")
        .contains("password: \"${env:MIRROR_SOURCE_PASSWORD}\"")
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
        .contains("s3.secret: \"${env:MIRROR_LAKE_CATALOG_S3_SECRET}\"");
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
