package io.datamirror.spec;

import static io.datamirror.spec.SpecKey.optional;
import static io.datamirror.spec.SpecKey.required;

import io.datamirror.change.ColumnType;
import java.util.List;
import java.util.Map;

/** The keys of a table; see {@link SpecKeys}. */
final class TableKeys {
  // relationships

  static final SpecKey<String> RELATIONSHIP_COLUMN =
      SpecKey.<String>optional(
              "column",
              ScalarType.column(),
              "iso_country",
              "The column that refers to the other table. Either this or `columns`.")
          .alsoCalled("foreign-key", "from", "field");

  static final SpecKey<List<String>> RELATIONSHIP_COLUMNS =
      optional(
          "columns",
          ListType.columns(),
          "[order_id, line]",
          "The columns, where the other table's key has more than one.");

  static final SpecKey<List<String>> REFERENCES =
      SpecKey.<List<String>>required(
              "references",
              new ListType<>(
                  "table.column", ScalarType.text("a table of this spec, a dot, and a column")),
              "countries.code",
              "The table and column that are referred to: the table by its name in the lake, the"
                  + " column by its name in the source. As many as there are columns, all of one"
                  + " table.")
          .alsoCalled("to", "reference", "refers-to");

  static final SpecKey<Cardinality> CARDINALITY =
      required(
          "cardinality",
          ScalarType.choice(Cardinality.values()),
          "\"M:1\"",
          "How many rows of this table stand for how many of the other.");

  static final SpecKey<OnOrphan> ON_ORPHAN =
      SpecKey.<OnOrphan>optional(
              "on-orphan",
              ScalarType.choice(OnOrphan.values()),
              "report",
              "What to do with a row that refers to a row that is not there. It is mirrored all the"
                  + " same.")
          .byDefault("report")
          .alsoCalled("orphans", "on-orphans");

  static final SpecSection RELATIONSHIP =
      new SpecSection(
          "tables[].relationships[]",
          "Columns of a table whose values are found in another table of the same spec.",
          List.of(RELATIONSHIP_COLUMN, RELATIONSHIP_COLUMNS, REFERENCES, CARDINALITY, ON_ORPHAN));

  // columns

  static final SpecKey<List<String>> INCLUDE =
      optional(
          "include",
          ListType.columns(),
          "[id, name]",
          "The only columns to store. Without it, all columns of the source are stored.");

  static final SpecKey<List<String>> EXCLUDE =
      optional(
          "exclude",
          ListType.columns(),
          "[_change_id]",
          "Columns not to store. Columns of the key, the version and the order must be stored.");

  static final SpecKey<Map<String, String>> RENAME =
      optional(
          "rename",
          new MappingType<>(
              "{ column: new name }",
              SpecSchema.object("type", "string", "minLength", 1),
              ScalarType::notBlank),
          "{ desc: description }",
          "What columns are called in the lake. All other keys use the names of the source.");

  static final SpecKey<Map<String, ColumnType>> CAST =
      optional(
          "cast",
          TypeText.mapping(),
          "{ price: \"decimal(18, 2)\" }",
          "The types that columns are stored as: " + TypeText.names() + ".");

  static final SpecSection COLUMNS_SECTION =
      new SpecSection(
          "tables[].columns",
          "Which columns of the source are stored, and as what. The operation column never is.",
          List.of(INCLUDE, EXCLUDE, RENAME, CAST));

  // tables

  static final SpecKey<String> NAME =
      SpecKey.<String>required(
              "name",
              ScalarType.lakeName("the name of a table", LakeName::problemOfTable),
              "regions",
              "The table in the lake. Letters, digits, `_`, `-` and single spaces; names that begin"
                  + " with `mirror_` are the mirror's own.")
          .alsoCalled("table", "target", "table-name", "sink");

  static final SpecKey<String> TABLE_SOURCE =
      SpecKey.<String>required(
              "source",
              ScalarType.text("a table of the source"),
              "PUBLIC.REGIONS_CHANGES",
              "Where the changes are: the table of changes, or for `incremental` the table itself,"
                  + " with its schema. For `kafka` a topic, or a pattern of topics between slashes,"
                  + " such as `/orders-.*/`. For `files` a file, a directory or a pattern such as"
                  + " `orders/*.csv.gz`, below `source.path`.")
          .alsoCalled("source-table", "table-source");

  static final SpecKey<FeedKind> FEED =
      SpecKey.<FeedKind>optional(
              "feed",
              ScalarType.choice(FeedKind.values()),
              "change-table",
              "How changes are found. `kafka` and `files` do not need it; every other source does,"
                  + " here or in `defaults`.")
          .alsoCalled("mode", "feed-type");

  static final SpecKey<RecordFormat> FORMAT =
      SpecKey.<RecordFormat>optional(
              "format",
              ScalarType.choice(RecordFormat.values()),
              "json",
              "How records are written. `kafka` and `files` need it.")
          .alsoCalled("value-format", "file-format");

  static final SpecKey<Map<String, ColumnType>> SCHEMA =
      SpecKey.<Map<String, ColumnType>>optional(
              "schema",
              TypeText.mapping(),
              "{ id: long, name: string, price: \"decimal(18, 2)\" }",
              "The columns of the records and their types, as in `cast`. `kafka` and `files` need"
                  + " it, since their records do not say for themselves. What it does not name is"
                  + " not read.")
          .alsoCalled("fields", "types", "column-types");

  static final SpecKey<Behavior> BEHAVIOR =
      SpecKey.<Behavior>optional(
              "behavior", ScalarType.choice(Behavior.values()), "record", "What the rows are.")
          .byDefault("record")
          .alsoCalled("behaviour");

  static final SpecKey<List<String>> PRIMARY_KEY =
      SpecKey.<List<String>>optional(
              "primary-key",
              ListType.columns(),
              "[id]",
              "The columns that identify a row. They are never NULL, and no floating-point"
                  + " numbers. With `feed: native` and `feed: appends` it may be left out: then the"
                  + " source is asked. All other feeds need it.")
          .alsoCalled("key", "keys", "primary-keys", "pk", "id");

  static final SpecKey<List<String>> VERSION =
      SpecKey.<List<String>>optional(
              "version",
              ListType.columns(),
              "[_commit_version]",
              "The columns that say which change of a row is newer, compared one after the other."
                  + " Without it, the position in the source is the version: of `kafka` the column"
                  + " `_offset`, of `files` the columns `_file_time` and `_line`.")
          .alsoCalled("versions", "version-column", "version-columns");

  static final SpecKey<String> TIMESTAMP =
      SpecKey.<String>optional(
              "timestamp",
              ScalarType.column(),
              "_commit_timestamp",
              "The time of a change. It drives forgetting, never which change wins. A `time-series`"
                  + " needs it, in its primary key.")
          .alsoCalled("timestamp-column", "time", "event-time");

  static final SpecKey<String> OPERATION =
      SpecKey.<String>optional(
              "operation",
              ScalarType.column(),
              TableSpec.DEFAULT_OPERATION,
              "The column that says what a change does: `u` or `d`, in either case; NULL means `u`."
                  + " It is never stored. Without this key, `"
                  + TableSpec.DEFAULT_OPERATION
                  + "` is used if the source has it; upper and lower case count. Events of Debezium"
                  + " have none.")
          .alsoCalled("operation-column", "op", "change-type");

  static final SpecKey<String> ORDER =
      SpecKey.<String>optional(
              "order",
              ScalarType.column(),
              "seq",
              "The column that orders changes of equal version.")
          .alsoCalled("order-by", "order-column", "sequence");

  static final SpecKey<String> CURSOR =
      SpecKey.<String>optional(
              "cursor",
              ScalarType.column(),
              "_change_id",
              "The column that windows advance by: it only grows. `change-table` needs it;"
                  + " `incremental` takes the version without it, if that is one column.")
          .alsoCalled("cursor-column", "cursor-field", "watermark");

  static final SpecKey<String> TRANSACTION =
      SpecKey.<String>optional(
              "transaction",
              ScalarType.column(),
              "_transaction",
              "For `change-table` on PostgreSQL: a column of type `xid8` with the default"
                  + " `pg_current_xact_id()`, in a table whose rows are inserted and never changed."
                  + " Windows then advance by transaction and cursor, and end before the oldest"
                  + " transaction that is still open, so that a change committed late is not"
                  + " missed.")
          .alsoCalled("xid", "transaction-id");

  static final SpecKey<String> SNAPSHOT =
      SpecKey.<String>optional(
              "snapshot",
              ScalarType.text("a table of the source"),
              "PUBLIC.REGIONS",
              "The base table, which is read first; then its changes follow. With `kafka` it is in"
                  + " the database that `source.snapshot` names, and has every column of `schema`.")
          .alsoCalled("base-table", "initial", "snapshot-table");

  static final SpecKey<ColumnsSpec> COLUMNS =
      optional(
          "columns",
          new SectionType<>(COLUMNS_SECTION, TableReader::columns),
          "{ exclude: [_change_id] }",
          "Which columns are stored, and as what.");

  static final SpecKey<List<PartitionField>> PARTITION_BY =
      SpecKey.<List<PartitionField>>optional(
              "partition-by",
              new ListType<>("a list of partitions", PartitionText.type()),
              "[\"bucket(8, id)\"]",
              "How files are laid out: a column, `bucket(n, column)`, `truncate(n, column)`,"
                  + " `year(column)`, `month(column)`, `day(column)` or `hour(column)`;"
                  + " floating-point numbers make none. Without it, a"
                  + " `time-series` is laid out by the day of its timestamp; `[]` means not at all."
                  + " A value must not be longer than a name of the storage: truncate long ones.")
          .alsoCalled("partition", "partitions", "partitioned-by", "partitioning");

  static final SpecKey<List<RelationshipSpec>> RELATIONSHIPS =
      SpecKey.<List<RelationshipSpec>>optional(
              "relationships",
              new ListType<>(
                  "a list of relationships",
                  new SectionType<>(RELATIONSHIP, TableReader::relationship)),
              "[{ column: iso_country, references: countries.code, cardinality: \"M:1\" }]",
              "Which columns refer to other tables.")
          .alsoCalled("relationship", "foreign-keys");

  static final SpecKey<OnSchemaChange> ON_SCHEMA_CHANGE =
      SpecKey.<OnSchemaChange>optional(
              "on-schema-change",
              ScalarType.choice(OnSchemaChange.values()),
              "add-columns",
              "What to do when the columns of the source change. Without it, `kafka` and `files` have"
                  + " `ignore`; there it is about fields that `schema` does not name.")
          .byDefault("add-columns")
          .alsoCalled("schema-evolution", "schema-change");

  static final SpecKey<OnBadRow> ON_BAD_ROW =
      SpecKey.<OnBadRow>optional(
              "on-bad-row",
              ScalarType.choice(OnBadRow.values()),
              "ledger",
              "What to do with a row that cannot be applied: a key or version that is NULL, an"
                  + " unknown operation, a value that does not fit.")
          .byDefault("ledger")
          .alsoCalled("on-error", "dead-letters", "dead-letter");

  static final SpecKey<Lateness> ALLOWED_LATENESS =
      SpecKey.<Lateness>optional(
              "allowed-lateness",
              ScalarType.lateness(),
              "7d",
              "How long deleted keys are remembered, and how late a change may be. A later one goes"
                  + " to the ledger.")
          .byDefault("forever")
          .alsoCalled("lateness", "retention", "max-lateness");

  static final SpecKey<TieRule> TIE =
      SpecKey.<TieRule>optional(
              "tie",
              ScalarType.choice(TieRule.values()),
              "delete-wins",
              "Which change wins when version and order are equal.")
          .byDefault("delete-wins")
          .alsoCalled("tie-rule", "ties", "tie-breaker");

  static final SpecSection TABLE =
      new SpecSection(
          "tables[]",
          "One table each. Columns are called by their names in the source. A key that is set to"
              + " `null` counts as left out, also where the defaults have a value.",
          List.of(
              NAME,
              TABLE_SOURCE,
              FEED,
              FORMAT,
              SCHEMA,
              BEHAVIOR,
              PRIMARY_KEY,
              VERSION,
              TIMESTAMP,
              OPERATION,
              ORDER,
              CURSOR,
              TRANSACTION,
              SNAPSHOT,
              COLUMNS,
              PARTITION_BY,
              RELATIONSHIPS,
              ON_SCHEMA_CHANGE,
              ON_BAD_ROW,
              ALLOWED_LATENESS,
              TIE));

  private TableKeys() {}
}
