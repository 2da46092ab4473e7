package io.datamirror.feed;

import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.TableSpec;

/** What is said of a record that has a column which is not declared. */
final class UndeclaredColumn {

  private UndeclaredColumn() {}

  /**
   * The error that ends the reading.
   *
   * @param where where the record stands, for people
   */
  static MirrorException error(RecordTable table, String column, String where) {
    String object = table.layout().table() + "." + column;
    return switch (table.undeclared()) {
      case PASSED_OVER, STOPS ->
          new MirrorException(
              ErrorCode.SCHEMA_CHANGED,
              object,
              "the record at " + where + " has a column that the schema does not name",
              "Add it to schema:, or write on-schema-change: ignore.");
      case REFUSED ->
          new MirrorException(
              ErrorCode.WRONG_ARGUMENT,
              object,
              "the row at " + where + " has a column that the table does not read",
              advice(table, column));
    };
  }

  private static String advice(RecordTable table, String column) {
    if (column.equalsIgnoreCase(TableSpec.DEFAULT_OPERATION)
        || column.equalsIgnoreCase(table.operation())) {
      return "Call it "
          + table.operation()
          + ", as the operation column of the table is called, or take it out of the file.";
    }
    return table.layout().columns().stream()
        .filter(known -> meant(known, column))
        .findFirst()
        .map(known -> "Call it " + known.source() + ", as the source does.")
        .orElse("Call it as the source does, or take it out of the file.");
  }

  private static boolean meant(Column known, String column) {
    return column.equalsIgnoreCase(known.source()) || column.equalsIgnoreCase(known.name());
  }
}
