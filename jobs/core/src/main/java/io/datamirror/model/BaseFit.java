package io.datamirror.model;

import io.datamirror.change.ColumnType;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.TableSpec;
import java.util.List;
import java.util.Optional;

/**
 * Whether a table can be read before the table of its changes: it has all that is stored of them.
 */
final class BaseFit {

  private BaseFit() {}

  /**
   * What it takes to read the base table first; empty if nothing is missing.
   *
   * @param version of the changes; null if their cursor is the version, which no other table has
   * @param columns which of the changes' columns are stored
   */
  static Optional<String> missing(
      TableModel base, TableModel changes, String version, ColumnsSpec columns) {
    if (version == null) {
      return Optional.of(
          "add version: and snapshot: once both tables have a column that says which row is newer");
    }
    List<String> lacking =
        changes.columns().stream()
            .filter(column -> !column.name().equalsIgnoreCase(TableSpec.DEFAULT_OPERATION))
            .filter(column -> columns.keeps(column.name()))
            .filter(column -> !alike(base, column))
            .map(ColumnModel::name)
            .toList();
    if (!lacking.isEmpty()) {
      return Optional.of(
          "add snapshot: once it has "
              + String.join(", ", lacking)
              + " as "
              + changes.name()
              + " has");
    }
    return base.primaryKey().stream()
        .map(base::column)
        .flatMap(Optional::stream)
        .flatMap(column -> unordered(column).stream())
        .findFirst();
  }

  private static boolean alike(TableModel base, ColumnModel column) {
    return base.column(column.name())
        .filter(own -> own.type().equals(column.type()))
        .filter(own -> own.stored().equals(column.stored()))
        .isPresent();
  }

  /** Why rows cannot be read in the order of a key column. */
  private static Optional<String> unordered(ColumnModel key) {
    if (!ordered(key.stored())) {
      return Optional.of("no snapshot: can be read in the order of its key column " + key.name());
    }
    return key.notNull()
        ? Optional.empty()
        : Optional.of("add snapshot: once its key column " + key.name() + " is NOT NULL");
  }

  private static boolean ordered(ColumnType type) {
    return switch (type.kind()) {
      case INT, LONG, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_WITH_ZONE, STRING -> true;
      case BOOLEAN, FLOAT, DOUBLE, TIME, BINARY -> false;
    };
  }
}
