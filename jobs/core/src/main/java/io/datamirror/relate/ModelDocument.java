package io.datamirror.relate;

import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The model as plain maps and lists, for programs. Columns are called as in the source. */
public final class ModelDocument {

  private ModelDocument() {}

  /** The whole model, tables in loading order. */
  public static Map<String, Object> of(MirrorSpec spec) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mirror", spec.mirror());
    document.put("tables", LoadOrder.of(spec.tables()).stream().map(ModelDocument::table).toList());
    return document;
  }

  private static Map<String, Object> table(TableSpec table) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", table.name());
    document.put("source", table.source());
    document.put("behavior", table.behavior().text());
    document.put("primaryKey", table.primaryKey());
    document.put("version", table.version());
    document.put("timestamp", table.timestamp());
    document.put("relationships", relationships(table));
    return document;
  }

  private static List<Map<String, Object>> relationships(TableSpec table) {
    return table.relationships().stream().map(ModelDocument::relationship).toList();
  }

  private static Map<String, Object> relationship(RelationshipSpec relationship) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("columns", relationship.columns());
    document.put("table", relationship.table());
    document.put("referencedColumns", relationship.referencedColumns());
    document.put("cardinality", relationship.cardinality().text());
    document.put("onOrphan", relationship.onOrphan().text());
    return document;
  }
}
