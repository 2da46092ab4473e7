package io.datamirror.relate;

import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The model in lines of text: each table with its key, and below it what it refers to.
 *
 * <pre>
 * countries  key id, version _commit_version
 * regions    key id, version _commit_version
 *   iso_country ──M:1──▶ countries.code
 * </pre>
 */
public final class TextDiagram {

  private TextDiagram() {}

  /** The lines, tables in loading order. */
  public static List<String> lines(List<TableSpec> tables) {
    int width =
        tables.stream()
            .mapToInt(table -> table.name().codePointCount(0, table.name().length()))
            .max()
            .orElse(0);
    List<String> lines = new ArrayList<>();
    for (TableSpec table : LoadOrder.of(tables)) {
      int length = table.name().codePointCount(0, table.name().length());
      lines.add(table.name() + " ".repeat(width - length) + "  " + ModelWords.facts(table));
      table.relationships().forEach(relationship -> lines.add(line(relationship)));
    }
    return lines;
  }

  private static String line(RelationshipSpec relationship) {
    return "  "
        + ModelWords.columns(relationship.columns())
        + " ──"
        + relationship.cardinality()
        + "──▶ "
        + relationship.table()
        + "."
        + ModelWords.columns(relationship.referencedColumns());
  }
}
