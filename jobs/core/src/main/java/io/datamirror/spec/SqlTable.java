package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A table that SQL reads, checked: one table of a mirror without a lake.
 *
 * @param table its columns are included by their names in the source: the declared ones, then those
 *     that the ordering law needs
 * @param types source column to the type that was declared for it
 * @param deletes how deletes are handed over
 * @param until how far to read; empty if the engine's mode decides
 */
public record SqlTable(
    SourceSpec source,
    TableSpec table,
    Map<String, ColumnType> types,
    DeleteContent deletes,
    Optional<ReadUntil> until,
    OnBadSqlRow onBadRow) {

  public SqlTable {
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
  }
}
