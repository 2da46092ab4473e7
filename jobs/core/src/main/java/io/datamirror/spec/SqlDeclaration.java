package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table as it was declared in SQL, before anything of it was checked.
 *
 * @param name the table, without catalog and database
 * @param options what stands in its WITH clause, without what belongs to the engine
 * @param columns its physical columns in their order
 * @param primaryKey empty if none was declared
 */
public record SqlDeclaration(
    String name,
    Map<String, String> options,
    Map<String, ColumnType> columns,
    List<String> primaryKey) {

  public SqlDeclaration {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    primaryKey = List.copyOf(primaryKey);
  }
}
