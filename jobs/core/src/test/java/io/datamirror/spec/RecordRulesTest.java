package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.testing.SampleSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordRulesTest {

  private static final String HEAD =
      """
      mirror: shop
      source: { type: %s }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      tables:
        - name: items
          primary-key: [id]
      """;

  private static String kafka(String table) {
    return HEAD.formatted("kafka, bootstrap-servers: \"localhost:9092\"") + table;
  }

  private static String files(String table) {
    return HEAD.formatted("files, path: ./uploads") + table;
  }

  private static TableSpec table(String spec) {
    return SpecReader.read(spec).tables().get(0);
  }

  private static final String TOPIC =
      """
          source: shop.items
          format: json
          schema: { id: long, v: long, t: timestamp }
      """;

  private static final String CSV =
      """
          source: items
          format: csv
          schema: { id: long, v: long, t: timestamp }
      """;

  @Test
  void theOffsetIsTheVersionOfATopicWithoutOne() {
    TableSpec table = table(kafka(TOPIC));

    assertThat(table.feed()).isEqualTo(FeedKind.RECORDS);
    assertThat(table.version()).isEmpty();
    assertThat(table.cursor()).isEqualTo("_offset");
    assertThat(table.timestamp()).isEqualTo("_record_time");
    assertThat(table.stores("_offset")).isTrue();
    assertThat(table.stores("_record_time")).isFalse();
    assertThat(table.onSchemaChange()).isEqualTo(OnSchemaChange.IGNORE);
  }

  @Test
  void theOffsetOrdersChangesOfEqualVersionUnlessAColumnDoes() {
    TableSpec versioned = table(kafka(TOPIC + "    version: [v]\n"));
    TableSpec ordered = table(kafka(TOPIC + "    version: [v]\n    order: t\n"));

    assertThat(versioned.order()).isEqualTo("_offset");
    assertThat(versioned.stores("_offset")).isTrue();
    assertThat(ordered.order()).isEqualTo("t");
    assertThat(ordered.stores("_offset")).isFalse();
  }

  @Test
  void whatRanksIsStoredAlsoWhereColumnsAreIncluded() {
    TableSpec table = table(kafka(TOPIC + "    columns: { include: [id, _record_time] }\n"));

    assertThat(table.columns().include()).containsExactly("id", "_record_time", "_offset");
    assertThat(table.stores("_record_time")).isTrue();
    assertThat(table.stores("t")).isFalse();
  }

  @Test
  void theTimeOfARecordIsStoredBesideAllColumnsWhereItIsGivenAName() {
    TableSpec table =
        table(kafka(TOPIC + "    columns: { rename: { _record_time: recorded_at } }\n"));

    assertThat(table.columns().lakeName("_record_time")).isEqualTo("recorded_at");
    assertThat(List.of("id", "v", "t", "_record_time", "_offset")).allMatch(table::stores);
  }

  @Test
  void timeAndLineAreTheVersionOfFilesWithoutOne() {
    TableSpec placed = table(files(CSV));
    TableSpec versioned = table(files(CSV + "    version: [v]\n"));

    assertThat(placed.version()).containsExactly("_file_time", "_line");
    assertThat(placed.stores("_line")).isTrue();
    assertThat(versioned.version()).containsExactly("v");
    assertThat(versioned.order()).isNull();
    assertThat(versioned.stores("_line")).isFalse();
  }

  @Test
  void recordsAreLookedForEverySecond() {
    assertThat(SpecReader.read(kafka(TOPIC)).source().pollInterval())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void brokersMayStandInAFile() {
    String servers = "kafka, bootstrap-servers: \"${file:/run/secrets/brokers}\"";

    assertThat(SpecReader.read(HEAD.formatted(servers) + TOPIC).source().url())
        .hasToString("${file:/run/secrets/brokers}");
    assertThat(problems(HEAD.formatted(servers.replace("${", "kafka://${")) + TOPIC))
        .singleElement()
        .asString()
        .contains("these are not the addresses of brokers");
  }

  private static List<String> problems(String spec) {
    return SampleSpec.problemsOf(spec);
  }

  @Test
  void allThatIsWrongWithATopicIsSaidAtOnce() {
    String spec =
        """
        mirror: shop
        source:
          type: kafka
          url: jdbc:h2:./data
          bootstrap-servers: kafka://localhost:9092
          password: ${env:P}
          on-history-lost: snapshot
          properties: { group.id: mine }
        lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
        tables:
          - name: items
            source: /shop-.*/
            feed: change-table
            cursor: id
            format: csv
            primary-key: [id]
            on-schema-change: add-columns
            columns: { cast: { id: int } }
            schema: { id: long, _offset: long, _change_request_type: string }
          - name: other
            source: a topic
            primary-key: [id]
        """;

    assertThat(problems(spec))
        .containsExactlyInAnyOrder(
            "MIRROR-1006 source.url (line 4): a source of type kafka has no url. Take url: out.",
            "MIRROR-1004 source.bootstrap-servers (line 5): these are not the addresses of brokers."
                + " Write host:port, several with commas between, without a protocol.",
            "MIRROR-1006 source.password (line 6): a source of type kafka has no password. Take"
                + " password: out.",
            "MIRROR-1006 source.on-history-lost (line 7): a source of type kafka has no base table"
                + " to read again. Write on-history-lost: stop.",
            "MIRROR-1006 source.properties (line 8): group.id is the mirror's own to set. Take it"
                + " out: a mirror keeps its offsets itself, and reads what is committed.",
            "MIRROR-1004 tables[1].source (line 21): \"a topic\" cannot be the name of a topic."
                + " Write a topic of letters, digits, dots, _ and -, or a pattern between slashes.",
            "MIRROR-1006 tables[0].version (line 11): offsets of several topics do not say which"
                + " change of a row is newer. Add version: with the columns that do, or name one"
                + " topic.",
            "MIRROR-1003 tables[1].format (line 20): a source of type kafka needs a format. Add it,"
                + " one of json, debezium-json, avro, debezium-avro, here or in defaults.",
            "MIRROR-1003 tables[1].schema (line 20): the columns of the records are not known. Add"
                + " them, for example schema: { id: long, name: string, price: \"decimal(18, 2)\""
                + " }",
            "MIRROR-1006 tables[0].feed (line 13): a source of type kafka holds records, not"
                + " tables. Take feed: out.",
            "MIRROR-1006 tables[0].cursor (line 14): a source of type kafka has no cursor. Take"
                + " cursor: out.",
            "MIRROR-1006 tables[0].format (line 15): a source of type kafka has no records of"
                + " format csv. Write one of json, debezium-json, avro, debezium-avro.",
            "MIRROR-1006 tables[0].on-schema-change (line 17): records do not say of which type a"
                + " new column is. Add new columns to schema:, and write on-schema-change: ignore"
                + " or stop.",
            "MIRROR-1006 tables[0].columns (line 18): the types of columns are declared by schema"
                + " already. Take columns.cast out, and write the types into schema.",
            "MIRROR-1006 tables[0].schema (line 19): the column \"_offset\" says where a record"
                + " stands. Take it out of schema: it is there without being declared.",
            "MIRROR-1006 tables[0].schema (line 19): the operation column"
                + " \"_change_request_type\" is always read and never stored. Take it out of"
                + " schema.");
  }

  @Test
  void whatTheSchemaLacksIsFoundWithoutARecord() {
    String table =
        """
            source: items
            format: json
            schema: { id: long, t: timestamp }
            version: [w]
            order: seq
            timestamp: at
            partition-by: [day(d)]
        """;

    assertThat(problems(kafka(table)))
        .containsExactly(
            missing("version", 10, "w"),
            missing("order", 11, "seq"),
            missing("timestamp", 12, "at"),
            missing("partition-by", 13, "d"));
    assertThat(problems(files(CSV.replace("id: long", "no: long"))))
        .containsExactly(missing("primary-key", 6, "id"));
  }

  private static String missing(String key, int line, String column) {
    return "MIRROR-1024 tables[0].%s (line %d): the column \"%s\" is not in the schema of the"
            .formatted(key, line, column)
        + " records. Add it to schema: with its type, or name another column.";
  }

  @Test
  void whereARecordStandsNeedsNoDeclaration() {
    assertThat(problems(kafka(TOPIC + "    partition-by: [_offset]\n"))).isEmpty();
    assertThat(problems(files(CSV + "    timestamp: _file_time\n"))).isEmpty();
  }

  @Test
  void aKeyThatTheSchemaDeclaresAsFloatingPointIsRefused() {
    assertThat(problems(kafka(TOPIC.replace("id: long", "id: double"))))
        .containsExactly(
            "MIRROR-1022 tables[0].primary-key (line 6): the key column \"id\" is a floating-point"
                + " number in schema. Write it there as decimal(precision, scale), long or string,"
                + " or take another key.");
  }

  @Test
  void eventsOfDebeziumHaveNoOperationColumn() {
    String operation = TOPIC + "    operation: op\n";
    String registry = ", registry: { url: \"https://registry:8081\" }";

    assertThat(problems(kafka(operation))).isEmpty();
    assertThat(problems(kafka(operation.replace("format: json", "format: debezium-json"))))
        .containsExactly(
            "MIRROR-1006 tables[0].operation (line 10): events of Debezium say themselves what they"
                + " do. Take operation: out.");
    assertRegistry(registry, "debezium-avro, operation: op", "].operation", "Take operation: out.");
  }

  @Test
  void pathsOfFilesStayBelowTheirDirectory() {
    assertThat(problems(files(CSV.replace("source: items", "source: ../secrets"))))
        .containsExactly(
            "MIRROR-1004 tables[0].source (line 7): \"../secrets\" leads out of source.path. Write"
                + " a path below source.path, such as orders or orders/*.csv.");
  }

  @Test
  void a_pattern_of_files_that_cannot_be_read_is_told_before_a_start() {
    for (String path : List.of("prices[1.csv", "in/{a,b", "{a,{b}}", "[z-a]")) {
      assertThat(problems(files(CSV.replace("source: items", "source: \"" + path + "\""))))
          .containsExactly(
              "MIRROR-1004 tables[0].source (line 7): \""
                  + path
                  + "\" has brackets that make no pattern. Close each of [ and {, with none inside;"
                  + " for a bracket of a name write ? instead.");
    }
    for (String path : List.of("prices[12].csv", "in/{a,b}/*.csv", "a}b]", "prices")) {
      assertThat(problems(files(CSV.replace("source: items", "source: \"" + path + "\""))))
          .isEmpty();
    }
  }

  @Test
  void tablesOfADatabaseDescribeThemselves() {
    String spec =
        HEAD.formatted("jdbc, url: \"jdbc:h2:./d\", path: ./x")
            + """
                source: items
                feed: records
                format: json
            """;

    assertThat(problems(spec))
        .containsExactly(
            "MIRROR-1006 source.path (line 2): a source of type jdbc has no path. Take path: out.",
            "MIRROR-1006 tables[0].feed (line 8): a source of type jdbc holds tables, not records."
                + " Name another feed, or write type: kafka or type: files.",
            "MIRROR-1006 tables[0].format (line 9): a source of type jdbc describes its tables"
                + " itself. Take format: out; types are changed with columns.cast.");
  }

  private static final String AVRO =
      """
      mirror: shop
      source: { type: kafka, bootstrap-servers: "broker:9092"%s }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      tables:
        - { name: items, source: items, format: %s, primary-key: [id], schema: { id: long } }
      """;

  private static void assertRegistry(String registry, String format, String... parts) {
    assertThat(SampleSpec.problemsOf(AVRO.formatted(registry, format)))
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains(parts));
  }

  @Test
  void recordsInAvroHaveARegistryAndNoOthersDo() {
    String registry = ", registry: { url: \"${env:REGISTRY}\", token: \"${env:TOKEN}\" }";
    RegistrySpec read =
        SpecReader.read(AVRO.formatted(registry, "debezium-avro")).source().registry();
    assertThat(read.token()).hasToString("${env:TOKEN}");

    assertRegistry(
        "",
        "avro",
        "MIRROR-1003 tables[0].format",
        "have their schemas in a registry",
        "registry:");
    assertRegistry(registry, "json", "MIRROR-1006 source.registry", "Take registry: out");
  }

  @Test
  void whatARegistryCannotBeIsRefused() {
    assertRegistry(", registry: { user: a }", "avro", "MIRROR-1003 source.registry.url");
    assertRegistry(
        ", registry: { url: \"registry:8081\" }",
        "avro",
        "MIRROR-1004 source.registry.url",
        "Write one that begins with http:// or https://");
    assertRegistry(
        ", registry: { url: \"https://me:canary@registry\" }",
        "avro",
        "MIRROR-1011 source.registry.url");
    assertRegistry(
        ", registry: { url: \"https://registry?apikey=canary\" }",
        "avro",
        "MIRROR-1011 source.registry.url");
    assertRegistry(
        ", registry: { url: \"https://registry\", password: b }",
        "avro",
        "MIRROR-1003 source.registry.user",
        "there is a password and no user");
    assertRegistry(
        ", registry: { url: \"https://registry\", user: a, token: b }",
        "avro",
        "MIRROR-1006 source.registry.user",
        "token and user exclude each other");
    assertRegistry(", registry: { url: \"https://registry\", secret: b }", "avro", "MIRROR-1002");
  }
}
