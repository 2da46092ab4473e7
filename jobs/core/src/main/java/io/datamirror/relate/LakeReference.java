package io.datamirror.relate;

import io.datamirror.spec.Cardinality;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.OnOrphan;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A relationship as the lake has it: all columns are called as they are there.
 *
 * @param columns columns of {@code table} whose values are found in the referenced columns
 */
public record LakeReference(
    String table,
    List<String> columns,
    String referencedTable,
    List<String> referencedColumns,
    Cardinality cardinality,
    OnOrphan onOrphan) {

  public LakeReference {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }

  /** The relationships between the given tables of one mirror, in their order. */
  public static List<LakeReference> of(List<TableSpec> tables) {
    Map<String, ColumnsSpec> names = new HashMap<>();
    tables.forEach(table -> names.put(table.name(), table.columns()));
    List<LakeReference> references = new ArrayList<>();
    for (TableSpec table : tables) {
      for (RelationshipSpec relationship : table.relationships()) {
        if (!names.containsKey(relationship.table())) {
          continue;
        }
        references.add(
            new LakeReference(
                table.name(),
                inLake(relationship.columns(), table.columns()),
                relationship.table(),
                inLake(relationship.referencedColumns(), names.get(relationship.table())),
                relationship.cardinality(),
                relationship.onOrphan()));
      }
    }
    return references;
  }

  private static List<String> inLake(List<String> columns, ColumnsSpec names) {
    return columns.stream().map(names::lakeName).toList();
  }

  /** The relationship in short, for example {@code regions.iso_country → countries.code}. */
  @Override
  public String toString() {
    return table
        + "."
        + ModelWords.columns(columns)
        + " → "
        + referencedTable
        + "."
        + ModelWords.columns(referencedColumns);
  }

  /** The relationship as plain maps and lists. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("columns", columns);
    document.put("referencedTable", referencedTable);
    document.put("referencedColumns", referencedColumns);
    document.put("cardinality", cardinality.text());
    document.put("onOrphan", onOrphan.text());
    return document;
  }
}
