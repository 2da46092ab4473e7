package io.datamirror.model;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the column that says which change of a row is newer, by its name and its type. */
final class VersionColumn {

  /** Names without their underscores, the surest first. */
  private static final List<String> NAMES =
      List.of(
          "commitversion",
          "rowversion",
          "version",
          "versionnumber",
          "updatedat",
          "lastupdate",
          "lastupdated",
          "lastupdatedat",
          "lastmodified",
          "lastmodifiedat",
          "modifiedat",
          "changedat",
          "updated",
          "modified");

  private VersionColumn() {}

  static Optional<ColumnModel> of(TableModel table) {
    return table.columns().stream()
        .filter(column -> rank(column) >= 0 && rises(column))
        .min(Comparator.comparingInt(VersionColumn::rank));
  }

  private static int rank(ColumnModel column) {
    return NAMES.indexOf(column.name().toLowerCase(Locale.ROOT).replace("_", ""));
  }

  private static boolean rises(ColumnModel column) {
    return column.type().isPresent()
        && switch (column.type().get().kind()) {
          case INT, LONG, DECIMAL, TIMESTAMP, TIMESTAMP_WITH_ZONE -> true;
          case BOOLEAN, FLOAT, DOUBLE, DATE, TIME, STRING, BINARY -> false;
        };
  }
}
