package io.datamirror.spec;

import static java.util.Objects.requireNonNullElse;

import io.datamirror.error.ErrorCode;
import java.util.List;
import java.util.Map;

/** Turns the keys of a table into its record. What is missing or wrong is null there. */
final class TableReader {
  private TableReader() {}

  static TableSpec table(Keys keys) {
    List<String> version = orEmpty(keys.value(TableKeys.VERSION));
    FeedKind feed = keys.value(TableKeys.FEED);
    String cursor = keys.value(TableKeys.CURSOR);
    return new TableSpec(
        keys.requiredValue(TableKeys.NAME),
        keys.requiredValue(TableKeys.TABLE_SOURCE),
        feed,
        keys.value(TableKeys.BEHAVIOR),
        orEmpty(keys.value(TableKeys.PRIMARY_KEY)),
        version,
        keys.value(TableKeys.TIMESTAMP),
        keys.value(TableKeys.OPERATION),
        keys.value(TableKeys.ORDER),
        cursor == null ? impliedCursor(keys, feed, version) : cursor,
        keys.value(TableKeys.TRANSACTION),
        keys.value(TableKeys.SNAPSHOT),
        requireNonNullElse(keys.value(TableKeys.COLUMNS), ColumnsSpec.ALL),
        partitionBy(keys),
        orEmpty(keys.value(TableKeys.RELATIONSHIPS)),
        keys.value(TableKeys.ON_SCHEMA_CHANGE),
        keys.value(TableKeys.ON_BAD_ROW),
        keys.value(TableKeys.ALLOWED_LATENESS),
        keys.value(TableKeys.TIE),
        keys.where().line(),
        records(keys));
  }

  private static RecordSpec records(Keys keys) {
    return new RecordSpec(
        keys.value(TableKeys.FORMAT), requireNonNullElse(keys.value(TableKeys.SCHEMA), Map.of()));
  }

  /** Events of one day lie together, unless the spec says otherwise. */
  private static List<PartitionField> partitionBy(Keys keys) {
    String timestamp = keys.value(TableKeys.TIMESTAMP);
    boolean byDay =
        !keys.has(TableKeys.PARTITION_BY)
            && keys.value(TableKeys.BEHAVIOR) == Behavior.TIME_SERIES
            && timestamp != null;
    return byDay
        ? List.of(new PartitionField(Transform.DAY, 0, timestamp))
        : orEmpty(keys.value(TableKeys.PARTITION_BY));
  }

  static String impliedCursor(Keys keys, FeedKind feed, List<String> version) {
    boolean given = keys.has(TableKeys.CURSOR);
    return feed == FeedKind.INCREMENTAL && version.size() == 1 && !given ? version.get(0) : null;
  }

  static ColumnsSpec columns(Keys keys) {
    return new ColumnsSpec(
        orEmpty(keys.value(TableKeys.INCLUDE)),
        orEmpty(keys.value(TableKeys.EXCLUDE)),
        requireNonNullElse(keys.value(TableKeys.RENAME), Map.of()),
        requireNonNullElse(keys.value(TableKeys.CAST), Map.of()));
  }

  static RelationshipSpec relationship(Keys keys) {
    String column = keys.value(TableKeys.RELATIONSHIP_COLUMN);
    List<String> columns =
        column == null ? orEmpty(keys.value(TableKeys.RELATIONSHIP_COLUMNS)) : List.of(column);
    List<String> references = orEmpty(keys.requiredValue(TableKeys.REFERENCES));
    Cardinality cardinality = keys.requiredValue(TableKeys.CARDINALITY);
    OnOrphan onOrphan = keys.value(TableKeys.ON_ORPHAN);
    if (!hasOneColumnKey(keys) || !areReferences(keys, columns, references)) {
      return null;
    }
    String table = tableOf(references.get(0));
    List<String> referenced =
        references.stream().map(text -> text.substring(table.length() + 1)).toList();
    return new RelationshipSpec(columns, table, referenced, cardinality, onOrphan);
  }

  private static boolean hasOneColumnKey(Keys keys) {
    boolean column = keys.has(TableKeys.RELATIONSHIP_COLUMN);
    boolean columns = keys.has(TableKeys.RELATIONSHIP_COLUMNS);
    if (column && columns) {
      keys.where(TableKeys.RELATIONSHIP_COLUMNS)
          .report(
              ErrorCode.CONTRADICTION,
              "column and columns exclude each other",
              "Keep one of them.");
    } else if (!column && !columns) {
      keys.where(TableKeys.RELATIONSHIP_COLUMN)
          .report(
              ErrorCode.MISSING_KEY,
              "this key is missing",
              "Add it, for example " + TableKeys.RELATIONSHIP_COLUMN.exampleLine());
    }
    return column != columns;
  }

  private static boolean areReferences(Keys keys, List<String> columns, List<String> references) {
    if (columns.isEmpty() || references.isEmpty()) {
      return false;
    }
    Where where = keys.where(TableKeys.REFERENCES);
    for (String reference : references) {
      int dot = reference.indexOf('.');
      if (dot < 1 || dot == reference.length() - 1) {
        where.report(
            ErrorCode.BAD_VALUE,
            Shown.value(reference) + " is not a table and a column",
            "Write table.column, for example countries.code.");
        return false;
      }
    }
    if (references.stream().map(TableReader::tableOf).distinct().count() > 1) {
      where.report(
          ErrorCode.CONTRADICTION,
          "one relationship refers to more than one table",
          "Write a relationship for each table.");
      return false;
    }
    if (references.size() != columns.size()) {
      where.report(
          ErrorCode.CONTRADICTION,
          "the columns are " + columns.size() + " and what they refer to are " + references.size(),
          "Name one referenced column for each column.");
      return false;
    }
    return true;
  }

  private static String tableOf(String reference) {
    return reference.substring(0, reference.indexOf('.'));
  }

  static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
