package io.datamirror.lake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the tables of the lake tell of their mirror; writes nothing. */
public final class LakeHistory {

  private final LakeCatalog catalog;

  public LakeHistory(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /** The history of a table; empty if it is not in the lake. */
  public Optional<TableHistory> of(String table) {
    return catalog.find(table).map(TableHistory::of);
  }

  /** The histories of those of the tables that are in the lake, in their order. */
  public Map<String, TableHistory> of(List<String> tables) {
    Map<String, TableHistory> histories = new LinkedHashMap<>();
    tables.forEach(table -> of(table).ifPresent(history -> histories.put(table, history)));
    return histories;
  }
}
