package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import java.util.List;
import java.util.function.Predicate;

/** What holds for key, version, order and timestamp of a table. */
final class KeyRules {
  private KeyRules() {}

  static void check(TableDraft draft) {
    checkHasKey(draft);
    checkTimeSeries(draft);
    checkOrder(draft);
    checkStored(draft);
    checkCasts(draft);
  }

  private static void checkHasKey(TableDraft draft) {
    FeedKind feed = draft.table().feed();
    boolean askedFor = feed != null && feed.ofWarehouse();
    boolean none = draft.table().primaryKey().isEmpty() && !askedFor;
    // A key that is given but wrong has been reported where it stands.
    if (none && !draft.keys().hasContent(TableKeys.PRIMARY_KEY)) {
      draft
          .place(TableKeys.PRIMARY_KEY)
          .report(
              ErrorCode.TABLE_WITHOUT_KEY,
              "the table has no primary key",
              "Add the columns that identify a row, for example primary-key: [id]");
    }
  }

  private static void checkTimeSeries(TableDraft draft) {
    TableSpec table = draft.table();
    if (table.behavior() != Behavior.TIME_SERIES) {
      return;
    }
    if (table.timestamp() == null) {
      if (!draft.keys().has(TableKeys.TIMESTAMP)) {
        draft
            .place(TableKeys.TIMESTAMP)
            .report(
                ErrorCode.MISSING_KEY,
                "a time-series needs a timestamp",
                "Add the column that holds the time of an event, for example timestamp:"
                    + " event_time");
      }
      return;
    }
    if (!table.primaryKey().isEmpty() && !table.primaryKey().contains(table.timestamp())) {
      draft
          .place(TableKeys.PRIMARY_KEY)
          .report(
              ErrorCode.CONTRADICTION,
              "the primary key of a time-series must hold its timestamp "
                  + Shown.quoted(table.timestamp()),
              "Add the timestamp to primary-key, or write behavior: record.");
    }
  }

  private static void checkOrder(TableDraft draft) {
    TableSpec table = draft.table();
    if (table.order() != null && table.version().contains(table.order())) {
      draft
          .place(TableKeys.ORDER)
          .report(
              ErrorCode.CONTRADICTION,
              "the order column is a version column already",
              "Take order: out, or name another column.");
    }
  }

  private static void checkStored(TableDraft draft) {
    TableSpec table = draft.table();
    Stored stored = new Stored(draft);
    String rank = "The lake must know the rank of every row.";
    table.primaryKey().forEach(column -> stored.require(TableKeys.PRIMARY_KEY, column, ""));
    table.version().forEach(column -> stored.require(TableKeys.VERSION, column, rank));
    if (table.order() != null) {
      stored.require(TableKeys.ORDER, table.order(), rank);
    }
    table
        .partitionBy()
        .forEach(field -> stored.require(TableKeys.PARTITION_BY, field.column(), ""));
    table.relationships().stream()
        .flatMap(relationship -> relationship.columns().stream())
        .forEach(column -> stored.require(TableKeys.RELATIONSHIPS, column, ""));
  }

  private static void checkCasts(TableDraft draft) {
    TableSpec table = draft.table();
    for (String column : cast(table, table.primaryKey(), type -> !type.keyable())) {
      draft
          .place(TableKeys.COLUMNS)
          .report(
              ErrorCode.FLOAT_KEY,
              "the key column " + Shown.quoted(column) + " is cast to a floating-point number",
              "Cast it to decimal(precision, scale), long or string.");
    }
    for (String column : cast(table, table.version(), type -> !type.ordered())) {
      draft
          .place(TableKeys.COLUMNS)
          .report(
              ErrorCode.VERSION_WITHOUT_ORDER,
              "the version column " + Shown.quoted(column) + " is cast to a type without order",
              "Cast it to a number or a timestamp.");
    }
  }

  private static List<String> cast(
      TableSpec table, List<String> columns, Predicate<ColumnType> wrong) {
    return columns.stream()
        .filter(table.columns().cast()::containsKey)
        .filter(column -> wrong.test(table.columns().cast().get(column)))
        .toList();
  }
}
