package io.datamirror.spec;

import static io.datamirror.spec.SpecKey.optional;
import static io.datamirror.spec.SpecKey.required;

import io.datamirror.spec.SecretText.Display;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every key of the spec, with {@link TableKeys}. The reader knows no others, and the JSON Schema
 * and the reference are made from these.
 */
final class SpecKeys {
  // One reads, one plans.
  static final int LEAST_CONNECTIONS = 2;
  static final int MOST_CONNECTIONS = 64;
  static final int MOST_ROWS_FETCHED = 1_000_000;

  /** The types of catalog that Iceberg knows by a short name. */
  static final List<String> CATALOG_TYPES = List.of("jdbc", "rest", "hive", "hadoop");

  // source

  static final SpecKey<SourceType> TYPE =
      SpecKey.<SourceType>required(
              "type", ScalarType.choice(SourceType.values()), "jdbc", "What the source is.")
          .alsoCalled("kind", "connector");

  static final SpecKey<SecretText> URL =
      SpecKey.<SecretText>optional(
              "url",
              SecretType.text("a JDBC URL", Display.URL),
              "jdbc:h2:./data/warehouse",
              "The JDBC URL, without secrets in it. A relative path in it starts"
                  + " at the directory that the mirror is started in.")
          .alsoCalled("uri", "jdbc-url", "connection-string", "connection-url");

  static final SpecKey<SecretText> BOOTSTRAP_SERVERS =
      SpecKey.<SecretText>optional(
              "bootstrap-servers",
              SecretType.text("host:port, several with commas between", Display.WHOLE),
              "broker-1:9092,broker-2:9092",
              "Where Kafka is. `kafka` needs it.")
          .alsoCalled("brokers", "bootstrap.servers", "servers", "broker");

  static final SpecKey<SecretText> PATH =
      SpecKey.<SecretText>optional(
              "path",
              SecretType.text("a path, or an address such as s3://bucket/changes", Display.URL),
              "./changes",
              "The directory that the tables' files are in. `files` needs it. A relative path starts"
                  + " at the directory that the mirror is started in.")
          .alsoCalled("directory", "folder", "dir", "location");

  static final SpecKey<SecretText> USER =
      SpecKey.<SecretText>optional(
              "user",
              SecretType.text("a text", Display.WHOLE),
              "${env:WAREHOUSE_USER}",
              "The user. Reading is all that it needs to be allowed.")
          .alsoCalled("username", "user-name", "login");

  static final SpecKey<SecretText> PASSWORD =
      SpecKey.<SecretText>optional(
              "password",
              SecretType.text("a text", Display.HIDDEN),
              "${file:/run/secrets/warehouse}",
              "The password. Refer to it: what is written here in clear text travels with the job.")
          .alsoCalled("pass", "pwd", "passwd");

  static final SpecKey<Map<String, SecretText>> PROPERTIES =
      SpecKey.<Map<String, SecretText>>optional(
              "properties",
              SecretType.mapping("{ property: value }", Map.of(), key -> Display.HIDDEN),
              "{ sslmode: require }",
              "What is passed to the driver, or to the clients of Kafka: `security.protocol`,"
                  + " `sasl.jaas.config` and so on.")
          .alsoCalled("options", "driver-properties", "jdbc-properties");

  static final SpecKey<Duration> POLL_INTERVAL =
      SpecKey.<Duration>optional(
              "poll-interval",
              ScalarType.positiveDuration(),
              "30s",
              "How long to wait before looking for new changes, once all were read. Without this"
                  + " key `kafka` and `files` wait for 1s.")
          .byDefault("30s")
          .alsoCalled("interval", "poll", "polling-interval", "schedule");

  static final SpecKey<Duration> SETTLE =
      SpecKey.<Duration>optional(
              "settle",
              ScalarType.duration(),
              "5s",
              "How far the end of a window stays behind the server's clock. With `jdbc` it must be"
                  + " longer than any transaction that writes changes, unless `transaction` is"
                  + " declared. Numbers that sessions draw in blocks, as from a sequence with a"
                  + " cache, are no cursor without `transaction`, however long it is. Without this"
                  + " key: `jdbc` 5s, `snowflake` 60s, `bigquery` 10m,"
                  + " `databricks` 0s, `kafka` 60s, `files` 5s. With `kafka` it says how long a"
                  + " partition must be silent to hold back time no longer, with `files` how long a"
                  + " file must have stayed as it is before it is read.")
          .alsoCalled("lag", "settle-lag", "delay");

  static final SpecKey<OnHistoryLost> ON_HISTORY_LOST =
      SpecKey.<OnHistoryLost>optional(
              "on-history-lost",
              ScalarType.choice(OnHistoryLost.values()),
              "stop",
              "What to do when the source no longer has the changes after the position: they were"
                  + " cleaned up, or the table was created again. A table of `snowflake`,"
                  + " `databricks` or `bigquery` that was created again stops in any case"
                  + " (`MIRROR-2007`).")
          .byDefault("stop")
          .alsoCalled("history-lost");

  static final SpecKey<Integer> CONNECTIONS =
      SpecKey.<Integer>optional(
              "connections",
              ScalarType.wholeNumber(LEAST_CONNECTIONS, MOST_CONNECTIONS),
              "5",
              "How many connections to the source may be open at once. Each reader uses one."
                  + " One more is kept for planning, two if this is 5 or more and there are several"
                  + " tables.")
          .byDefault("5")
          .alsoCalled("max-connections", "pool-size");

  static final SpecKey<Integer> FETCH_SIZE =
      SpecKey.<Integer>optional(
              "fetch-size",
              ScalarType.wholeNumber(1, MOST_ROWS_FETCHED),
              "2000",
              "How many rows the driver fetches in one round trip.")
          .byDefault("2000")
          .alsoCalled("batch-size", "fetch");

  static final SpecKey<Duration> ANSWER_TIMEOUT =
      SpecKey.<Duration>optional(
              "answer-timeout",
              ScalarType.positiveDuration(),
              "15m",
              "How long the source may be silent in the middle of a statement before its"
                  + " connection is given up and another one asks again: longer than the slowest"
                  + " query needs for its first row. Drivers that have no network timeout, such as"
                  + " H2's and SQLite's, wait for as long as it takes.")
          .byDefault("15m")
          .alsoCalled("query-timeout", "socket-timeout", "network-timeout");

  static final SpecKey<Integer> RETENTION_WARNING =
      SpecKey.<Integer>optional(
              "retention-warning",
              ScalarType.wholeNumber(0, 100),
              "25",
              "With native feeds: `check` and `status` warn when less than this share, in percent,"
                  + " of the time is left for which the warehouse keeps changes.")
          .byDefault("25")
          .alsoCalled("retention-headroom", "warn-retention");

  static final SpecKey<SourceType> SNAPSHOT_TYPE =
      SpecKey.<SourceType>required(
              "type",
              ScalarType.choice(new SourceType[] {SourceType.JDBC}),
              "jdbc",
              "What the base tables are in.")
          .alsoCalled("kind", "connector");

  static final SpecKey<Lateness> OVERLAP =
      SpecKey.<Lateness>optional(
              "overlap",
              ScalarType.lateness(),
              "1h",
              "How far back topics are read from when a base table is read: longer than the base"
                  + " table may be behind the topic, as a replica is. The times of the records"
                  + " count; `forever` is from the oldest record on.")
          .byDefault("1h")
          .alsoCalled("lookback", "behind");

  static final SpecSection SNAPSHOT_SECTION =
      new SpecSection(
          "source.snapshot",
          "For `kafka`: the database of the base tables, for tables with a `snapshot`.",
          List.of(SNAPSHOT_TYPE, URL, USER, PASSWORD, PROPERTIES, ANSWER_TIMEOUT, OVERLAP));

  static final SpecKey<Keys> SNAPSHOT =
      SpecKey.<Keys>optional(
              "snapshot",
              SectionType.keys(SNAPSHOT_SECTION),
              "{ type: jdbc, url: \"jdbc:postgresql://db/shop\" }",
              "For `kafka`: the database of the base tables. A table names its own with its key"
                  + " `snapshot`.")
          .alsoCalled("initial", "base");

  static final SpecSection SOURCE_SECTION =
      new SpecSection(
          "source",
          "Where changes come from. The source is only ever read.",
          List.of(
              TYPE,
              URL,
              BOOTSTRAP_SERVERS,
              PATH,
              USER,
              PASSWORD,
              PROPERTIES,
              RegistryKeys.REGISTRY,
              POLL_INTERVAL,
              SETTLE,
              ON_HISTORY_LOST,
              CONNECTIONS,
              FETCH_SIZE,
              ANSWER_TIMEOUT,
              RETENTION_WARNING,
              SNAPSHOT));

  // lake

  static final SpecKey<Map<String, SecretText>> CATALOG =
      required(
          "catalog",
          SecretType.mapping(
              "{ type: ..., property: value }", catalogSchema(), SpecKeys::catalogDisplay),
          "{ type: jdbc, uri: \"jdbc:sqlite:./lake/catalog.db\", warehouse: ./lake }",
          "The Iceberg catalog: its `type` ("
              + String.join(", ", CATALOG_TYPES)
              + ") or the class of another as `catalog-impl`, and its properties. `jdbc` needs"
              + " `uri` and `warehouse`, `rest` and `hive` need `uri`, `hadoop` needs `warehouse`."
              + " Relative paths start at the directory that the mirror is started in.");

  static final SpecKey<String> NAMESPACE =
      SpecKey.<String>required(
              "namespace",
              ScalarType.lakeName("the name of a namespace", LakeName::problemOf),
              "airports",
              "Where in the catalog the tables are: one level, named like a table.")
          .alsoCalled("database", "schema");

  static final SpecKey<Boolean> ALLOW_INSECURE =
      SpecKey.<Boolean>optional(
              "allow-insecure",
              ScalarType.trueOrFalse(),
              "true",
              "Whether a REST catalog, and the server of its tokens, may be given its `credential`,"
                  + " `token`, `rest.auth.basic.password`, `header.Authorization` or a secret in"
                  + " another header over plain http, where everybody on the way can read it. To this machine itself that is always allowed.")
          .byDefault("false");

  static final SpecSection LAKE_SECTION =
      new SpecSection(
          "lake", "Where the tables are kept.", List.of(CATALOG, NAMESPACE, ALLOW_INSECURE));

  // publish

  static final SpecKey<PublishTarget> PUBLISH_TYPE =
      SpecKey.<PublishTarget>required(
              "type",
              ScalarType.choice(PublishTarget.values()),
              "kafka",
              "What applied changes are published to.")
          .alsoCalled("kind", "connector");

  static final SpecKey<SecretText> PUBLISH_SERVERS =
      SpecKey.<SecretText>required(
              "bootstrap-servers",
              SecretType.text("host:port, several with commas between", Display.WHOLE),
              "broker-1:9092,broker-2:9092",
              "Where Kafka is.")
          .alsoCalled("brokers", "bootstrap.servers", "servers", "broker");

  static final SpecKey<PublishStyle> PUBLISH_STYLE =
      SpecKey.<PublishStyle>optional(
              "style",
              ScalarType.choice(PublishStyle.values()),
              "debezium",
              "What a published change looks like.")
          .byDefault("upsert")
          .alsoCalled("format", "value-format");

  static final SpecKey<String> TOPIC_PREFIX =
      SpecKey.<String>optional(
              "topic-prefix",
              ScalarType.text("the beginning of a topic's name"),
              "lake.",
              "What the topics begin with; after it comes the table's name. Without it, the mirror's"
                  + " name and a dot. A prefix belongs to one mirror: two with the same shut each"
                  + " other out.")
          .alsoCalled("prefix");

  static final SpecKey<Map<String, String>> TOPICS =
      SpecKey.<Map<String, String>>optional(
              "topics",
              new MappingType<>(
                  "{ table: topic }",
                  SpecSchema.object("type", "string", "minLength", 1),
                  ScalarType::notBlank),
              "{ orders: lake.orders }",
              "The topics of tables that are not to have the name that follows from `topic-prefix`.")
          .alsoCalled("topic");

  static final SpecKey<String> LEDGER_TOPIC =
      SpecKey.<String>optional(
              "ledger",
              ScalarType.text("the name of a topic"),
              "lake.ledger",
              "The topic of the ledger. Without it, the ledger is not published.")
          .alsoCalled("ledger-topic");

  static final SpecSection PUBLISH_SECTION =
      new SpecSection(
          "publish",
          "Where applied changes go besides the lake: every commit of a table, once and in order.",
          List.of(
              PUBLISH_TYPE,
              PUBLISH_SERVERS,
              PUBLISH_STYLE,
              TOPIC_PREFIX,
              TOPICS,
              LEDGER_TOPIC,
              PROPERTIES));

  // the whole spec

  static final SpecKey<String> MIRROR =
      SpecKey.<String>required(
              "mirror",
              ScalarType.mirrorName(),
              "airports",
              "Names this mirror. Its tables in the lake carry the name, and no other mirror may"
                  + " write them.")
          .alsoCalled("name", "pipeline", "job");

  static final SpecKey<Keys> SOURCE =
      required(
          "source",
          SectionType.keys(SOURCE_SECTION),
          "{ type: jdbc, url: \"jdbc:h2:./data/warehouse\" }",
          "Where changes come from.");

  static final SpecKey<Keys> LAKE =
      SpecKey.<Keys>required(
              "lake",
              SectionType.keys(LAKE_SECTION),
              "{ catalog: { type: hadoop, warehouse: ./lake }, namespace: airports }",
              "Where the tables are kept.")
          .alsoCalled("sink", "target", "destination");

  static final SpecKey<Keys> PUBLISH =
      SpecKey.<Keys>optional(
              "publish",
              SectionType.keys(PUBLISH_SECTION),
              "{ type: kafka, bootstrap-servers: \"broker-1:9092\" }",
              "Where applied changes go besides the lake.")
          .alsoCalled("downstream", "outbox");

  static final SpecKey<Keys> DEFAULTS =
      optional(
          "defaults",
          SectionType.someKeys(TableKeys.TABLE),
          "{ on-bad-row: stop }",
          "Any keys of a table, for all tables that do not have them themselves.");

  static final SpecKey<List<Keys>> TABLES =
      required(
          "tables",
          new ListType<>("a list of tables", SectionType.keys(TableKeys.TABLE)),
          "[{ name: regions, source: PUBLIC.REGIONS_CHANGES }]",
          "The tables, at least one.");

  static final SpecSection SPEC =
      new SpecSection(
          "",
          "One mirror of many tables.",
          List.of(MIRROR, SOURCE, LAKE, PUBLISH, DEFAULTS, TABLES));

  /** All sections, in the order in which people read of them. */
  static final List<SpecSection> SECTIONS =
      List.of(
          SPEC,
          SOURCE_SECTION,
          SNAPSHOT_SECTION,
          RegistryKeys.SECTION,
          LAKE_SECTION,
          PUBLISH_SECTION,
          TableKeys.TABLE,
          TableKeys.COLUMNS_SECTION,
          TableKeys.RELATIONSHIP);

  private SpecKeys() {}

  private static Map<String, Object> catalogSchema() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("type", SpecSchema.object("enum", CATALOG_TYPES));
    for (String key : List.of("catalog-impl", "uri", "warehouse")) {
      keys.put(key, SpecSchema.object("type", "string"));
    }
    return keys;
  }

  private static Display catalogDisplay(String key) {
    return switch (key) {
      case "type", "catalog-impl", "io-impl" -> Display.WHOLE;
      case "uri", "warehouse" -> Display.URL;
      default -> Display.HIDDEN;
    };
  }
}
