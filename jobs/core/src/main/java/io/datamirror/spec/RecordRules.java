package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What holds for tables that are read from topics and files, and what the spec leaves to be
 * understood there: where a record stands says which of two changes is newer.
 */
final class RecordRules {
  private static final Set<RecordFormat> OF_KAFKA =
      Set.of(
          RecordFormat.JSON,
          RecordFormat.DEBEZIUM_JSON,
          RecordFormat.AVRO,
          RecordFormat.DEBEZIUM_AVRO);
  private static final Set<RecordFormat> OF_FILES =
      Set.of(RecordFormat.JSON, RecordFormat.CSV, RecordFormat.PARQUET);
  private static final List<SpecKey<?>> OF_TABLES =
      List.of(TableKeys.CURSOR, TableKeys.TRANSACTION);

  private RecordRules() {}

  /** The table with everything that goes without saying. Changes nothing for sources of tables. */
  static TableDraft complete(TableDraft draft, SourceSpec source) {
    if (source == null || source.type() == null) {
      return draft;
    }
    TableSpec table = draft.table();
    TableSpec complete =
        switch (source.type()) {
          case KAFKA -> ofKafka(table);
          case FILES -> ofFiles(table);
          case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY -> table;
        };
    return new TableDraft(complete, draft.keys());
  }

  private static TableSpec ofKafka(TableSpec table) {
    boolean ordered = table.order() != null && !table.version().isEmpty();
    List<String> rank = ordered ? List.of() : List.of(RecordSpec.OFFSET);
    List<String> unused = new ArrayList<>(List.of(RecordSpec.OFFSET, RecordSpec.RECORD_TIME));
    unused.removeAll(rank);
    String order = table.version().isEmpty() || ordered ? table.order() : RecordSpec.OFFSET;
    String time = table.timestamp() == null ? RecordSpec.RECORD_TIME : table.timestamp();
    ColumnsSpec columns = columns(table.columns(), rank, unused);
    return with(table, table.version(), time, order, RecordSpec.OFFSET, columns);
  }

  private static TableSpec ofFiles(TableSpec table) {
    List<String> place = List.of(RecordSpec.FILE_TIME, RecordSpec.LINE);
    boolean placed = table.version().isEmpty();
    String time = table.timestamp() == null ? RecordSpec.FILE_TIME : table.timestamp();
    ColumnsSpec columns =
        columns(table.columns(), placed ? place : List.of(), placed ? List.of() : place);
    return with(
        table,
        placed ? place : table.version(),
        time,
        table.order(),
        RecordSpec.FILE_TIME,
        columns);
  }

  /** The table without what {@link #complete} adds to it, which is not for people to write. */
  static TableSpec bare(TableSpec table) {
    if (table.feed() != FeedKind.RECORDS) {
      return table;
    }
    boolean topic = RecordSpec.OFFSET.equals(table.cursor());
    String clock = topic ? RecordSpec.RECORD_TIME : RecordSpec.FILE_TIME;
    List<String> place = List.of(clock, topic ? RecordSpec.OFFSET : RecordSpec.LINE);
    boolean placed = !topic && table.version().equals(place);
    boolean timed = table.behavior() == Behavior.RECORD && clock.equals(table.timestamp());
    boolean ranked = RecordSpec.OFFSET.equals(table.order()) && !table.version().isEmpty();
    return with(
        table,
        placed ? List.of() : table.version(),
        timed ? null : table.timestamp(),
        ranked ? null : table.order(),
        null,
        withoutPlace(table.columns(), place));
  }

  private static ColumnsSpec withoutPlace(ColumnsSpec columns, List<String> place) {
    List<String> exclude =
        columns.exclude().stream().filter(column -> !place.contains(column)).toList();
    return new ColumnsSpec(columns.include(), exclude, columns.rename(), columns.cast());
  }

  private static TableSpec with(
      TableSpec table,
      List<String> version,
      String time,
      String order,
      String cursor,
      ColumnsSpec columns) {
    return new TableSpec(
        table.name(),
        table.source(),
        table.feed() == null ? FeedKind.RECORDS : table.feed(),
        table.behavior(),
        table.primaryKey(),
        version,
        time,
        table.operation(),
        order,
        cursor,
        table.transaction(),
        table.snapshot(),
        columns,
        table.partitionBy(),
        table.relationships(),
        policy(table.onSchemaChange()),
        table.onBadRow(),
        table.allowedLateness(),
        table.tie(),
        table.line(),
        table.records());
  }

  /** Records do not say of which type a new column is, so that none is ever added. */
  private static OnSchemaChange policy(OnSchemaChange asked) {
    return asked == OnSchemaChange.ADD_COLUMNS ? OnSchemaChange.IGNORE : asked;
  }

  /** What ranks is stored; where a record stands otherwise is stored for those who ask for it. */
  private static ColumnsSpec columns(
      ColumnsSpec columns, List<String> stored, List<String> unused) {
    List<String> include = new ArrayList<>(columns.include());
    List<String> exclude = new ArrayList<>(columns.exclude());
    if (!include.isEmpty()) {
      stored.stream().filter(column -> !include.contains(column)).forEach(include::add);
    }
    unused.stream()
        .filter(column -> !include.contains(column) && !exclude.contains(column))
        .filter(column -> !columns.rename().containsKey(column))
        .forEach(exclude::add);
    return new ColumnsSpec(include, exclude, columns.rename(), columns.cast());
  }

  static void check(TableDraft draft, SourceSpec source) {
    if (source.type() == null) {
      FeedRules.check(draft, source);
      return;
    }
    switch (source.type()) {
      case KAFKA -> checkRecords(draft, source, OF_KAFKA);
      case FILES -> checkRecords(draft, source, OF_FILES);
      case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY -> {
        checkTable(draft, source);
        FeedRules.check(draft, source);
      }
    }
  }

  private static void checkTable(TableDraft draft, SourceSpec source) {
    for (SpecKey<?> key : List.of(TableKeys.FORMAT, TableKeys.SCHEMA)) {
      if (draft.keys().has(key)) {
        draft
            .place(key)
            .report(
                ErrorCode.CONTRADICTION,
                "a source of type " + source.type() + " describes its tables itself",
                "Take " + key.name() + ": out; types are changed with columns.cast.");
      }
    }
  }

  private static void checkRecords(TableDraft draft, SourceSpec source, Set<RecordFormat> formats) {
    if (draft.table().feed() != FeedKind.RECORDS) {
      draft
          .place(TableKeys.FEED)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " holds records, not tables",
              "Take feed: out.");
    }
    OF_TABLES.forEach(key -> refuse(draft, source, key));
    if (!draft.table().columns().cast().isEmpty()) {
      draft
          .place(TableKeys.COLUMNS)
          .report(
              ErrorCode.CONTRADICTION,
              "the types of columns are declared by schema already",
              "Take columns.cast out, and write the types into schema.");
    }
    checkFormat(draft, source, formats);
    checkOperation(draft);
    checkSchema(draft);
    RecordColumns.check(draft, source);
    checkSchemaChange(draft);
    if (source.type() == SourceType.KAFKA) {
      checkTopic(draft);
      SnapshotRules.check(draft, source);
    } else {
      checkPath(draft);
      refuse(draft, source, TableKeys.SNAPSHOT);
    }
  }

  private static void refuse(TableDraft draft, SourceSpec source, SpecKey<?> key) {
    if (draft.keys().has(key)) {
      draft
          .place(key)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " has no " + key.name(),
              "Take " + key.name() + ": out.");
    }
  }

  private static void checkFormat(TableDraft draft, SourceSpec source, Set<RecordFormat> formats) {
    RecordFormat format = draft.table().records().format();
    String all =
        String.join(", ", formats.stream().sorted().map(RecordFormat::text).toArray(String[]::new));
    if (!draft.keys().has(TableKeys.FORMAT)) {
      draft
          .place(TableKeys.FORMAT)
          .report(
              ErrorCode.MISSING_KEY,
              "a source of type " + source.type() + " needs a format",
              "Add it, one of " + all + ", here or in defaults.");
    } else if (format != null && !formats.contains(format)) {
      draft
          .place(TableKeys.FORMAT)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " has no records of format " + format,
              "Write one of " + all + ".");
    } else if (format != null && format.needsRegistry() && source.registry() == null) {
      draft
          .place(TableKeys.FORMAT)
          .report(
              ErrorCode.MISSING_KEY,
              "records of format " + format + " have their schemas in a registry",
              "Add it to source, for example " + RegistryKeys.REGISTRY.exampleLine());
    }
  }

  private static void checkOperation(TableDraft draft) {
    RecordFormat format = draft.table().records().format();
    if (format != null && format.ofEvents() && draft.keys().has(TableKeys.OPERATION)) {
      draft
          .place(TableKeys.OPERATION)
          .report(
              ErrorCode.CONTRADICTION,
              "events of Debezium say themselves what they do",
              "Take operation: out.");
    }
  }

  /** A registry that nobody asks is a mistake. */
  static void checkRegistry(Where where, SourceSpec source, List<TableDraft> drafts) {
    boolean asked =
        drafts.stream()
            .map(draft -> draft.table().records().format())
            .anyMatch(format -> format == null || format.needsRegistry());
    if (source.registry() != null && !asked) {
      where.report(
          ErrorCode.CONTRADICTION,
          "no table has a format whose schemas are in a registry",
          "Take " + RegistryKeys.REGISTRY.name() + ": out, or write format: avro.");
    }
  }

  private static void checkSchema(TableDraft draft) {
    RecordSpec records = draft.table().records();
    if (!draft.keys().has(TableKeys.SCHEMA)) {
      draft
          .place(TableKeys.SCHEMA)
          .report(
              ErrorCode.MISSING_KEY,
              "the columns of the records are not known",
              "Add them, for example " + TableKeys.SCHEMA.exampleLine());
      return;
    }
    for (String column : records.schema().keySet()) {
      if (column.equals(draft.table().operationColumn())) {
        draft
            .place(TableKeys.SCHEMA)
            .report(
                ErrorCode.CONTRADICTION,
                "the operation column " + Shown.quoted(column) + " is always read and never stored",
                "Take it out of schema.");
      }
    }
    for (String column :
        List.of(RecordSpec.OFFSET, RecordSpec.RECORD_TIME, RecordSpec.FILE_TIME, RecordSpec.LINE)) {
      if (records.schema().containsKey(column)) {
        draft
            .place(TableKeys.SCHEMA)
            .report(
                ErrorCode.CONTRADICTION,
                "the column " + Shown.quoted(column) + " says where a record stands",
                "Take it out of schema: it is there without being declared.");
      }
    }
  }

  private static void checkSchemaChange(TableDraft draft) {
    boolean asked = draft.keys().has(TableKeys.ON_SCHEMA_CHANGE);
    if (asked && draft.keys().value(TableKeys.ON_SCHEMA_CHANGE) == OnSchemaChange.ADD_COLUMNS) {
      draft
          .place(TableKeys.ON_SCHEMA_CHANGE)
          .report(
              ErrorCode.CONTRADICTION,
              "records do not say of which type a new column is",
              "Add new columns to schema:, and write on-schema-change: ignore or stop.");
    }
  }

  private static void checkPath(TableDraft draft) {
    String path = draft.table().source();
    if (path == null) {
      return;
    }
    boolean inside =
        !path.startsWith("/")
            && !path.contains("\\")
            && !path.contains(":")
            && Arrays.stream(path.split("/", -1)).noneMatch(part -> part.equals(".."));
    if (!inside) {
      draft
          .place(TableKeys.TABLE_SOURCE)
          .report(
              ErrorCode.BAD_VALUE,
              Shown.value(path) + " leads out of source.path",
              "Write a path below source.path, such as orders or orders/*.csv.");
    } else if (!FileName.isLegal(path)) {
      draft
          .place(TableKeys.TABLE_SOURCE)
          .report(
              ErrorCode.BAD_VALUE,
              Shown.value(path) + " has brackets that make no pattern",
              "Close each of [ and {, with none inside; for a bracket of a name write ? instead.");
    }
  }

  private static void checkTopic(TableDraft draft) {
    TableSpec table = draft.table();
    boolean pattern = table.source() != null && TopicName.isPattern(table.source());
    if (table.source() != null && !pattern && !TopicName.isTopic(table.source())) {
      draft
          .place(TableKeys.TABLE_SOURCE)
          .report(
              ErrorCode.BAD_VALUE,
              Shown.value(table.source()) + " cannot be the name of a topic",
              "Write a topic of letters, digits, dots, _ and -, or a pattern between slashes.");
    }
    if (pattern && table.version().isEmpty() && !draft.keys().has(TableKeys.VERSION)) {
      draft
          .place(TableKeys.VERSION)
          .report(
              ErrorCode.CONTRADICTION,
              "offsets of several topics do not say which change of a row is newer",
              "Add version: with the columns that do, or name one topic.");
    }
  }
}
