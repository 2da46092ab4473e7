package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which columns of the source are stored, as what.
 *
 * @param include the only columns to store, in this order; empty means all
 * @param exclude columns not to store
 * @param rename source column to lake column
 * @param cast source column to the type that it is stored as
 */
public record ColumnsSpec(
    List<String> include,
    List<String> exclude,
    Map<String, String> rename,
    Map<String, ColumnType> cast)
    implements Serializable {

  /** All columns, as they are. */
  public static final ColumnsSpec ALL = new ColumnsSpec(List.of(), List.of(), Map.of(), Map.of());

  public ColumnsSpec {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    rename = new LinkedHashMap<>(rename);
    cast = new LinkedHashMap<>(cast);
  }

  @Override
  public Map<String, String> rename() {
    return Collections.unmodifiableMap(rename);
  }

  @Override
  public Map<String, ColumnType> cast() {
    return Collections.unmodifiableMap(cast);
  }

  /** The same columns, stored as other types. */
  public ColumnsSpec withCast(Map<String, ColumnType> changed) {
    return new ColumnsSpec(include, exclude, rename, changed);
  }

  /** Whether a column of the source is among those to store. */
  public boolean keeps(String column) {
    return (include.isEmpty() || include.contains(column)) && !exclude.contains(column);
  }

  /** What a column of the source is called in the lake. */
  public String lakeName(String column) {
    return rename.getOrDefault(column, column);
  }
}
