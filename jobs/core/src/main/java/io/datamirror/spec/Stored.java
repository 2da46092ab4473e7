package io.datamirror.spec;

import io.datamirror.error.ErrorCode;

/** Asks of columns that they be stored in the lake. */
record Stored(TableDraft draft) {

  /**
   * Reports a column that is not stored.
   *
   * @param key where the column is named
   * @param reason why it must be stored, as a sentence; empty if that goes without saying
   */
  void require(SpecKey<?> key, String column, String reason) {
    TableSpec table = draft.table();
    if (table.stores(column)) {
      return;
    }
    String name = Shown.quoted(column);
    String because = reason.isEmpty() ? "" : " " + reason;
    if (column.equals(table.operationColumn())) {
      draft
          .place(key)
          .report(
              ErrorCode.CONTRADICTION,
              "the column " + name + " is the operation, which is never stored",
              "Name another column." + because);
    } else if (table.columns().exclude().contains(column)) {
      draft
          .place(key)
          .report(
              ErrorCode.CONTRADICTION,
              "the column " + name + " is excluded from the lake",
              "Take it out of columns.exclude." + because);
    } else {
      draft
          .place(key)
          .report(
              ErrorCode.CONTRADICTION,
              "the column " + name + " is not among the included ones",
              "Add it to columns.include." + because);
    }
  }
}
