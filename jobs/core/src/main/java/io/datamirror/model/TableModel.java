package io.datamirror.model;

import io.datamirror.sql.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A table as somebody else describes it.
 *
 * @param primaryKey empty when there is none
 * @param uniqueKeys other columns of which no two rows have the same values
 */
public record TableModel(
    TableName name,
    List<ColumnModel> columns,
    List<String> primaryKey,
    List<List<String>> uniqueKeys,
    List<ForeignKey> foreignKeys) {

  public TableModel {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    uniqueKeys = List.copyOf(uniqueKeys);
    foreignKeys = List.copyOf(foreignKeys);
  }

  Optional<ColumnModel> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** Whether no two rows have the same values in {@code columns}. */
  boolean unique(List<String> columns) {
    HashSet<String> wanted = new HashSet<>(columns);
    boolean key = !primaryKey.isEmpty() && wanted.equals(new HashSet<>(primaryKey));
    return key || uniqueKeys.stream().anyMatch(unique -> wanted.equals(new HashSet<>(unique)));
  }
}
