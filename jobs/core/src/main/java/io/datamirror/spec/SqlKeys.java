package io.datamirror.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of a table that SQL reads: the keys of the spec's source and of one of its tables,
 * but for those that SQL has a way of its own to say.
 */
final class SqlKeys {
  static final String PROPERTIES_PREFIX = "properties.";
  static final String RENAME_PREFIX = "columns.rename.";

  static final String RENAME_DESCRIPTION =
      "What a column of the source is called in this table. All other options use the names of the"
          + " source.";

  static final SpecKey<SourceType> TYPE =
      SpecKey.<SourceType>optional(
              SpecKeys.TYPE.name(),
              SpecKeys.TYPE.type(),
              SpecKeys.TYPE.example(),
              SpecKeys.TYPE.description())
          .byDefault("jdbc")
          .alsoCalled("kind");

  static final SpecKey<SecretText> URL =
      SpecKey.<SecretText>required(
              SpecKeys.URL.name(),
              SpecKeys.URL.type(),
              SpecKeys.URL.example(),
              "The JDBC URL, without secrets in it.")
          .alsoCalled("uri", "jdbc-url", "base-url", "connection-string", "connection-url");

  static final SpecKey<Integer> RETENTION_WARNING =
      SpecKey.<Integer>optional(
              SpecKeys.RETENTION_WARNING.name(),
              SpecKeys.RETENTION_WARNING.type(),
              SpecKeys.RETENTION_WARNING.example(),
              "With native feeds: the metric `retentionScarce` is 1 when less than this share, in"
                  + " percent, of the time is left for which the warehouse keeps changes.")
          .byDefault("25")
          .alsoCalled("retention-headroom", "warn-retention");

  static final SpecKey<String> SOURCE =
      SpecKey.<String>required(
              TableKeys.TABLE_SOURCE.name(),
              TableKeys.TABLE_SOURCE.type(),
              TableKeys.TABLE_SOURCE.example(),
              TableKeys.TABLE_SOURCE.description())
          .alsoCalled("source-table", "table-source", "table-name", "table");

  static final SpecKey<FeedKind> FEED =
      SpecKey.<FeedKind>required(
          TableKeys.FEED.name(),
          TableKeys.FEED.type(),
          TableKeys.FEED.example(),
          "How the changes are found.");

  static final SpecKey<Lateness> ALLOWED_LATENESS =
      SpecKey.<Lateness>optional(
              TableKeys.ALLOWED_LATENESS.name(),
              TableKeys.ALLOWED_LATENESS.type(),
              TableKeys.ALLOWED_LATENESS.example(),
              "How long deleted keys are remembered, and how late a change may be. What becomes of a"
                  + " later one, `on-bad-row` says.")
          .byDefault("forever")
          .alsoCalled("lateness", "retention", "max-lateness");

  static final SpecKey<OnBadSqlRow> ON_BAD_ROW =
      SpecKey.<OnBadSqlRow>optional(
              "on-bad-row",
              ScalarType.choice(OnBadSqlRow.values()),
              "stop",
              "What to do with a change that cannot be applied: a key or version that is NULL, an"
                  + " unknown operation, a value that does not fit, a change that is late. SQL has"
                  + " no ledger.")
          .byDefault("stop")
          .alsoCalled("on-error", "dead-letters", "dead-letter");

  static final SpecKey<ReadUntil> UNTIL =
      SpecKey.<ReadUntil>optional(
              "until",
              ScalarType.choice(ReadUntil.values()),
              "now",
              "How far to read. Without it, batch reads until `now` and streaming until `stopped`.")
          .alsoCalled("bounded", "scan-bounded-mode", "end");

  static final SpecKey<DeleteContent> DELETES =
      SpecKey.<DeleteContent>optional(
              "deletes",
              ScalarType.choice(DeleteContent.values()),
              "row",
              "How a delete is handed over in the changelog.")
          .byDefault("key")
          .alsoCalled("delete", "delete-content");

  /** Keys of the source that mean the same here, and are said in other words. */
  private static final Map<String, SpecKey<?>> OF_THEIR_OWN =
      Map.of(
          TYPE.name(), TYPE,
          URL.name(), URL,
          RETENTION_WARNING.name(), RETENTION_WARNING);

  private static final List<SpecKey<?>> TABLE =
      List.of(
          SOURCE,
          FEED,
          TableKeys.BEHAVIOR,
          TableKeys.VERSION,
          TableKeys.TIMESTAMP,
          TableKeys.OPERATION,
          TableKeys.ORDER,
          TableKeys.CURSOR,
          TableKeys.TRANSACTION,
          TableKeys.SNAPSHOT,
          ALLOWED_LATENESS,
          TableKeys.TIE,
          ON_BAD_ROW,
          DELETES,
          UNTIL);

  static final SpecSection SECTION =
      new SpecSection("the options of the table", "One table of a source, read by SQL.", all());

  private static final String DECLARED =
      "Declare the columns that are wanted, with the types that they are to have.";
  private static final String TARGET = "It is for the table that the rows are inserted into.";

  /** Keys of the spec that are none here, and how to say the same in SQL. */
  private static final Map<String, String> NOT_HERE = notHere();

  private SqlKeys() {}

  private static List<SpecKey<?>> all() {
    List<SpecKey<?>> keys = new ArrayList<>();
    for (SpecKey<?> key : SpecKeys.SOURCE_SECTION.keys()) {
      // It is for topics, which SQL does not read.
      if (!key.equals(RegistryKeys.REGISTRY) && !key.equals(SpecKeys.SNAPSHOT)) {
        keys.add(OF_THEIR_OWN.getOrDefault(key.name(), key));
      }
    }
    keys.addAll(TABLE);
    return List.copyOf(keys);
  }

  /** What to do instead of giving a key that a spec has and a SQL table has not; null if none. */
  static String insteadOf(String name) {
    String known = NOT_HERE.get(name);
    if (known != null) {
      return known;
    }
    if (name.equals("rename") || name.equals("columns.rename")) {
      return "Write it as " + RENAME_PREFIX + "COLUMN, one option for each column.";
    }
    if (name.equals(SpecKeys.PROPERTIES.name())) {
      return "Write it as " + PROPERTIES_PREFIX + "NAME, one option for each property.";
    }
    return name.startsWith("columns.") ? DECLARED : null;
  }

  private static Map<String, String> notHere() {
    Map<String, String> instead = new LinkedHashMap<>();
    instead.put(TableKeys.NAME.name(), "The name is the one that the table is created under.");
    instead.put(
        TableKeys.PRIMARY_KEY.name(), "Declare it in the table, as PRIMARY KEY (id) NOT ENFORCED.");
    instead.put(TableKeys.RELATIONSHIPS.name(), "Join the tables in a query.");
    List<SpecKey<?>> columns = new ArrayList<>(TableKeys.COLUMNS_SECTION.keys());
    columns.remove(TableKeys.RENAME);
    columns.add(TableKeys.COLUMNS);
    columns.add(TableKeys.ON_SCHEMA_CHANGE);
    columns.forEach(key -> instead.put(key.name(), DECLARED));
    instead.put(TableKeys.PARTITION_BY.name(), TARGET);
    SpecKeys.LAKE_SECTION.keys().forEach(key -> instead.put(key.name(), TARGET));
    instead.put(SpecKeys.LAKE.name(), TARGET);
    return instead;
  }
}
