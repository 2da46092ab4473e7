package io.datamirror.relate;

import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which tables are loaded: a table comes after those that it refers to. Tables that
 * refer to each other in a circle, or to themselves, cannot both be first: the one that stands
 * first in the spec is. Apart from that the order of the spec stays.
 */
public final class LoadOrder {

  private final Map<String, TableSpec> tables = new LinkedHashMap<>();
  private final Map<String, Integer> levels = new HashMap<>();
  private final List<TableSpec> order = new ArrayList<>();
  private final Set<String> open = new HashSet<>();

  private LoadOrder(List<TableSpec> tables) {
    tables.forEach(table -> this.tables.put(table.name(), table));
    tables.forEach(this::visit);
  }

  /** The tables in their loading order. */
  public static List<TableSpec> of(List<TableSpec> tables) {
    return List.copyOf(new LoadOrder(tables).order);
  }

  /** How many tables stand one behind the other before each: 0 for one that refers to none. */
  static Map<String, Integer> levels(List<TableSpec> tables) {
    return Map.copyOf(new LoadOrder(tables).levels);
  }

  private int visit(TableSpec table) {
    Integer known = levels.get(table.name());
    if (known != null || !open.add(table.name())) {
      return known == null ? -1 : known;
    }
    int level = 0;
    for (RelationshipSpec relationship : table.relationships()) {
      TableSpec referenced = tables.get(relationship.table());
      if (referenced != null) {
        level = Math.max(level, visit(referenced) + 1);
      }
    }
    open.remove(table.name());
    levels.put(table.name(), level);
    order.add(table);
    return level;
  }
}
