package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Names of columns that Iceberg takes and those who read the table do not.
 *
 * <p>Only columns that a table does not have yet are judged: one that came before goes on.
 */
final class ColumnNames {

  private ColumnNames() {}

  /**
   * What speaks against the columns that a table is to get.
   *
   * @param existing the table as it is; without columns if it is not there
   */
  static List<Problem> problems(ChangeLayout layout, Schema existing) {
    List<Problem> problems = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    existing.columns().stream().map(NestedField::name).map(ColumnNames::folded).forEach(taken::add);
    for (Column column : layout.storedColumns()) {
      if (existing.findField(column.name()) != null) {
        continue;
      }
      String object = layout.table() + "." + column.source();
      if (MetadataColumns.isMetadataColumn(column.name())) {
        problems.add(reserved(object, column.name()));
      } else if (!taken.add(folded(column.name()))) {
        problems.add(alike(object, column.name()));
      }
    }
    return problems;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Problem reserved(String object, String name) {
    return Problem.of(
        ErrorCode.BAD_NAME,
        object,
        "Iceberg reserves the name " + name + ", and Spark reads no table with such a column",
        "Give it another one with columns: { rename: … }, or exclude it.");
  }

  private static Problem alike(String object, String name) {
    return Problem.of(
        ErrorCode.CONTRADICTION,
        object,
        "another column in the lake differs from "
            + name
            + " in upper and lower case alone, which Spark and Trino do not tell apart",
        "Give it another name with columns: { rename: … }, or exclude it.");
  }
}
