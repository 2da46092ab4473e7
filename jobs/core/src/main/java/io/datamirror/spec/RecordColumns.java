package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** What the keys of a table ask of the columns that its schema declares for its records. */
final class RecordColumns {
  private RecordColumns() {}

  static void check(TableDraft draft, SourceSpec source) {
    if (draft.table().records().schema().isEmpty()) {
      return;
    }
    TableSpec table = draft.table();
    table.primaryKey().forEach(column -> require(draft, source, TableKeys.PRIMARY_KEY, column));
    table.version().forEach(column -> require(draft, source, TableKeys.VERSION, column));
    given(table.timestamp()).forEach(column -> require(draft, source, TableKeys.TIMESTAMP, column));
    given(table.order()).forEach(column -> require(draft, source, TableKeys.ORDER, column));
    table
        .partitionBy()
        .forEach(field -> require(draft, source, TableKeys.PARTITION_BY, field.column()));
    checkTypes(draft);
  }

  private static List<String> given(String column) {
    return column == null ? List.of() : List.of(column);
  }

  private static void require(TableDraft draft, SourceSpec source, SpecKey<?> key, String column) {
    List<String> known = new ArrayList<>(draft.table().records().schema().keySet());
    known.addAll(place(source));
    // That the operation is no column of the row is said elsewhere.
    known.add(draft.table().operationColumn());
    if (!known.contains(column)) {
      draft
          .place(key)
          .report(
              ErrorCode.MISSING_COLUMN,
              "the column " + Shown.quoted(column) + " is not in the schema of the records",
              "Add it to schema: with its type, or name another column.");
    }
  }

  /** What every record has, since it says where the record stands. */
  private static List<String> place(SourceSpec source) {
    return source.type() == SourceType.KAFKA
        ? List.of(RecordSpec.OFFSET, RecordSpec.RECORD_TIME)
        : List.of(RecordSpec.FILE_TIME, RecordSpec.LINE);
  }

  private static void checkTypes(TableDraft draft) {
    for (String column : draft.table().primaryKey()) {
      ColumnType type = draft.table().records().schema().get(column);
      if (type != null && !type.keyable()) {
        draft
            .place(TableKeys.PRIMARY_KEY)
            .report(
                ErrorCode.FLOAT_KEY,
                "the key column " + Shown.quoted(column) + " is a floating-point number in schema",
                "Write it there as decimal(precision, scale), long or string, or take another key.");
      }
    }
  }
}
