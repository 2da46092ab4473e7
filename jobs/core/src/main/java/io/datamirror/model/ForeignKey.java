package io.datamirror.model;

import io.datamirror.sql.TableName;
import java.util.List;

/**
 * Columns whose values are found in another table.
 *
 * @param referenced the other table
 * @param referencedColumns its columns; empty for its primary key
 */
public record ForeignKey(
    List<String> columns, TableName referenced, List<String> referencedColumns) {

  public ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }
}
