package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What holds for the columns of a table, and for the partitions made of them. */
final class ColumnRules {
  private ColumnRules() {}

  static void check(TableDraft draft) {
    checkLists(draft);
    Stored stored = new Stored(draft);
    ColumnsSpec columns = draft.table().columns();
    columns.rename().keySet().forEach(column -> stored.require(TableKeys.COLUMNS, column, ""));
    columns.cast().keySet().forEach(column -> stored.require(TableKeys.COLUMNS, column, ""));
    checkNames(draft);
    checkPartitions(draft);
  }

  private static void checkLists(TableDraft draft) {
    ColumnsSpec columns = draft.table().columns();
    columns.include().stream()
        .filter(columns.exclude()::contains)
        .forEach(
            column ->
                contradiction(
                    draft,
                    "the column " + Shown.quoted(column) + " is both included and excluded",
                    "Take it out of one list."));
    if (columns.include().contains(draft.table().operationColumn())) {
      contradiction(
          draft,
          "the operation column is included, and it is never stored",
          "Take it out of columns.include.");
    }
  }

  /** No two columns that are known to be stored may get one name. */
  private static void checkNames(TableDraft draft) {
    ColumnsSpec columns = draft.table().columns();
    Map<String, String> owners = new LinkedHashMap<>();
    for (String column : knownColumns(draft.table())) {
      String other = owners.putIfAbsent(columns.lakeName(column), column);
      if (other != null) {
        contradiction(
            draft,
            "the columns "
                + Shown.quoted(other)
                + " and "
                + Shown.quoted(column)
                + " would both be called "
                + Shown.quoted(columns.lakeName(column)),
            "Rename one of them to another name.");
      }
    }
  }

  private static Set<String> knownColumns(TableSpec table) {
    Set<String> known = new LinkedHashSet<>(table.primaryKey());
    known.addAll(table.version());
    known.addAll(table.columns().include());
    table.partitionBy().forEach(field -> known.add(field.column()));
    table.relationships().forEach(relationship -> known.addAll(relationship.columns()));
    known.addAll(table.columns().rename().keySet());
    return known;
  }

  private static void checkPartitions(TableDraft draft) {
    Set<String> seen = new LinkedHashSet<>();
    for (PartitionField field : draft.table().partitionBy()) {
      String kind =
          switch (field.transform()) {
            case YEAR, MONTH, DAY, HOUR -> "time";
            case IDENTITY, BUCKET, TRUNCATE -> field.transform().text();
          };
      if (!seen.add(kind + " " + field.column())) {
        draft
            .place(TableKeys.PARTITION_BY)
            .report(
                ErrorCode.CONTRADICTION,
                "the column " + Shown.quoted(field.column()) + " is partitioned twice by one kind",
                "Keep one of the two, the finer one.");
      }
    }
  }

  private static void contradiction(TableDraft draft, String sentence, String nextStep) {
    draft.place(TableKeys.COLUMNS).report(ErrorCode.CONTRADICTION, sentence, nextStep);
  }
}
