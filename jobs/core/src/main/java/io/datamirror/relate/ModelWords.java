package io.datamirror.relate;

import io.datamirror.spec.Behavior;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.List;

/** What is said of tables and columns in all pictures of a model. */
final class ModelWords {

  private ModelWords() {}

  /** Key, version and time of a table. */
  static String facts(TableSpec table) {
    return String.join(", ", factList(table));
  }

  static List<String> factList(TableSpec table) {
    List<String> facts = new ArrayList<>();
    facts.add("key " + columns(table.primaryKey()));
    if (!table.version().isEmpty()) {
      facts.add("version " + columns(table.version()));
    }
    if (table.timestamp() != null) {
      facts.add("timestamp " + table.timestamp());
    }
    if (table.behavior() == Behavior.TIME_SERIES) {
      facts.add(Behavior.TIME_SERIES.text());
    }
    return facts;
  }

  /** One column as it is, several in parentheses. */
  static String columns(List<String> columns) {
    return columns.size() == 1 ? columns.get(0) : "(" + String.join(", ", columns) + ")";
  }
}
