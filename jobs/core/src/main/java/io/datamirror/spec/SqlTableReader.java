package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads tables that were declared in SQL, as {@link SpecReader} reads specs: by the same keys,
 * whole and early, and without looking at anything but the declaration.
 */
public final class SqlTableReader {
  private final SqlDeclaration declared;
  private final Problems problems = new Problems();
  private final Where where = new Where("", 0, problems);
  private final Map<String, String> renamed = new LinkedHashMap<>();

  private SqlTableReader(SqlDeclaration declared) {
    this.declared = declared;
  }

  /**
   * Reads a declaration.
   *
   * @param found what is known to be wrong with it already
   * @throws ProblemsException with all problems, also those that were found before
   */
  public static SqlTable read(SqlDeclaration declared, List<Problem> found) {
    SqlTableReader reader = new SqlTableReader(declared);
    found.forEach(reader.problems::add);
    SqlTable table = reader.read();
    reader.problems.throwIfAny("table " + Shown.plain(declared.name()));
    return table;
  }

  private SqlTable read() {
    Keys keys = Keys.of(SqlKeys.SECTION, node(), where);
    refuseRecords(keys);
    SourceSpec source = SourceReader.read(keys);
    renamed.forEach(this::checkRenamed);
    TableSpec table = table(keys);
    checkColumns(table);
    TableDraft draft = new TableDraft(table, keys);
    checkHistory(keys, source);
    FeedRules.check(draft, source);
    if (!declared.primaryKey().isEmpty()) {
      KeyRules.check(draft);
    }
    Map<String, ColumnType> types = new LinkedHashMap<>();
    declared.columns().forEach((column, type) -> types.put(sourceName(column), type));
    return new SqlTable(
        source,
        table,
        types,
        keys.value(SqlKeys.DELETES),
        Optional.ofNullable(keys.value(SqlKeys.UNTIL)),
        keys.value(SqlKeys.ON_BAD_ROW));
  }

  /** Nothing else can be said of a declaration whose source is of the wrong kind. */
  private void refuseRecords(Keys keys) {
    SourceType type = keys.value(SpecKeys.TYPE);
    if (type == SourceType.KAFKA || type == SourceType.FILES) {
      keys.where(SpecKeys.TYPE)
          .report(
              ErrorCode.NOT_FOR_SQL,
              "a table in SQL cannot say how the records of a " + type + " source are made",
              "Read them by Flink's own connector, or mirror them by a spec.");
      problems.throwIfAny("table " + Shown.plain(declared.name()));
    }
  }

  private TableSpec table(Keys keys) {
    List<String> primaryKey = declared.primaryKey().stream().map(this::sourceName).toList();
    List<String> version = TableReader.orEmpty(keys.value(TableKeys.VERSION));
    FeedKind feed = keys.requiredValue(SqlKeys.FEED);
    String cursor = keys.value(TableKeys.CURSOR);
    String known = cursor == null ? TableReader.impliedCursor(keys, feed, version) : cursor;
    String order = keys.value(TableKeys.ORDER);
    Set<String> include = new LinkedHashSet<>();
    declared.columns().keySet().forEach(column -> include.add(sourceName(column)));
    include.addAll(version);
    if (version.isEmpty() && known != null) {
      include.add(known);
    }
    if (order != null) {
      include.add(order);
    }
    boolean stop = keys.value(SqlKeys.ON_BAD_ROW) != OnBadSqlRow.SKIP;
    return new TableSpec(
        declared.name(),
        keys.requiredValue(SqlKeys.SOURCE),
        feed,
        keys.value(TableKeys.BEHAVIOR),
        primaryKey,
        version,
        keys.value(TableKeys.TIMESTAMP),
        keys.value(TableKeys.OPERATION),
        order,
        known,
        keys.value(TableKeys.TRANSACTION),
        keys.value(TableKeys.SNAPSHOT),
        new ColumnsSpec(List.copyOf(include), List.of(), renamed, Map.of()),
        List.of(),
        List.of(),
        OnSchemaChange.IGNORE,
        stop ? OnBadRow.STOP : OnBadRow.LEDGER,
        Objects.requireNonNullElse(keys.value(SqlKeys.ALLOWED_LATENESS), Lateness.FOREVER),
        keys.value(TableKeys.TIE),
        0);
  }

  /** The options as a mapping of the spec would have them. */
  private YamlNode node() {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    Map<String, YamlNode.Entry> properties = new LinkedHashMap<>();
    put(entries, SqlKeys.TYPE.name(), scalar(SqlKeys.TYPE.defaultText()));
    declared
        .options()
        .forEach(
            (name, text) -> {
              Optional<String> column = after(SqlKeys.RENAME_PREFIX, name);
              Optional<String> property = after(SqlKeys.PROPERTIES_PREFIX, name);
              if (column.isPresent()) {
                renamed.put(column.get(), text);
              } else if (property.isPresent()) {
                put(properties, property.get(), scalar(text));
              } else if (isForSql(name)) {
                put(entries, name, value(name, text));
              }
            });
    if (!properties.isEmpty()) {
      put(entries, SpecKeys.PROPERTIES.name(), new YamlNode.Mapping(properties, 0));
    }
    return new YamlNode.Mapping(entries, 0);
  }

  /** Whether an option may be one; what SQL says otherwise is reported here, with the way to. */
  private boolean isForSql(String name) {
    String instead = SqlKeys.insteadOf(name);
    if (instead != null) {
      where
          .key(name, 0)
          .report(ErrorCode.NOT_FOR_SQL, "this is no option of a table in SQL", instead);
      return false;
    }
    Optional<String> sourceKey =
        after("source.", name).filter(key -> SpecKeys.SOURCE_SECTION.key(key).isPresent());
    if (sourceKey.isPresent()) {
      where
          .key(name, 0)
          .report(
              ErrorCode.UNKNOWN_KEY,
              "this key does not exist",
              "Write " + sourceKey.get() + " instead.");
      return false;
    }
    return true;
  }

  private static Optional<String> after(String prefix, String name) {
    boolean longer = name.startsWith(prefix) && name.length() > prefix.length();
    return longer ? Optional.of(name.substring(prefix.length())) : Optional.empty();
  }

  private static void put(Map<String, YamlNode.Entry> entries, String name, YamlNode value) {
    entries.put(name, new YamlNode.Entry(value, 0));
  }

  /** Lists may be written as the spec has them; every other text is taken as it is. */
  private static YamlNode value(String name, String text) {
    boolean list =
        text.startsWith("[")
            && SqlKeys.SECTION.key(name).filter(key -> key.type() instanceof ListType).isPresent();
    return list
        ? YamlTree.parse(text, new Problems()).map(Overrides::withoutLines).orElse(scalar(text))
        : scalar(text);
  }

  private static YamlNode scalar(String text) {
    return new YamlNode.Scalar(text, false, 0);
  }

  private String sourceName(String column) {
    return renamed.entrySet().stream()
        .filter(entry -> entry.getValue().equals(column))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(column);
  }

  private void checkRenamed(String column, String name) {
    Where place = where.key(SqlKeys.RENAME_PREFIX + column, 0);
    if (!declared.columns().containsKey(name)) {
      place.report(
          ErrorCode.CONTRADICTION,
          "the table has no column " + Shown.quoted(name),
          "Declare the column, or take the option out.");
    }
    if (declared.columns().containsKey(column)) {
      place.report(
          ErrorCode.CONTRADICTION,
          "the table has a column " + Shown.quoted(column) + " too",
          "Take one of the two out: a column of the source is read once.");
    }
    if (List.copyOf(renamed.values()).indexOf(name)
        != List.copyOf(renamed.values()).lastIndexOf(name)) {
      place.report(
          ErrorCode.CONTRADICTION,
          "two columns of the source would be called " + Shown.quoted(name),
          "Give each its own name.");
    }
  }

  /** A mirror finds in its lake what a base table no longer has; a query has no such place. */
  private static void checkHistory(Keys keys, SourceSpec source) {
    if (source.onHistoryLost() == OnHistoryLost.SNAPSHOT) {
      keys.where(SpecKeys.ON_HISTORY_LOST)
          .report(
              ErrorCode.NOT_FOR_SQL,
              "a query that read the base table anew would keep what was deleted meanwhile",
              "Write stop, and start the query anew into an empty table when history was lost.");
    }
  }

  private void checkColumns(TableSpec table) {
    if (declared.primaryKey().isEmpty()) {
      where
          .place("PRIMARY KEY")
          .report(
              ErrorCode.TABLE_WITHOUT_KEY,
              "the table has no primary key",
              "Declare the columns that identify a row, as PRIMARY KEY (id) NOT ENFORCED.");
    }
    List<String> sources = new ArrayList<>();
    declared.columns().keySet().forEach(column -> sources.add(sourceName(column)));
    if (sources.contains(table.operationColumn())) {
      where
          .key(table.operationColumn(), 0)
          .report(
              ErrorCode.CONTRADICTION,
              "the operation is no column of the row",
              "Declare a column as STRING METADATA FROM 'operation' VIRTUAL instead.");
    }
  }
}
