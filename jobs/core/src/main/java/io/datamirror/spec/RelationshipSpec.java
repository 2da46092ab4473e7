package io.datamirror.spec;

import java.io.Serializable;
import java.util.List;

/**
 * Columns whose values are keys of another table of the mirror.
 *
 * @param columns columns of this table's source
 * @param table the lake name of the table that is referred to
 * @param referencedColumns columns of that table's source, as many as {@code columns}
 * @param onOrphan what to do with a row that refers to a row that is not there
 */
public record RelationshipSpec(
    List<String> columns,
    String table,
    List<String> referencedColumns,
    Cardinality cardinality,
    OnOrphan onOrphan)
    implements Serializable {

  public RelationshipSpec {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }

  /** The relationship in short, for example {@code iso_country to countries.code}. */
  @Override
  public String toString() {
    return String.join(", ", columns) + " to " + table + "." + String.join(", ", referencedColumns);
  }
}
