package io.datamirror.databricks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a statement as the driver gets them: every cell a text or null.
 *
 * @param columns what the cells are
 */
record Answer(List<Column> columns, List<List<String>> rows) {

  /**
   * @param typeName the driver's name of the type
   * @param typeText the type in SQL
   */
  record Column(String name, String typeName, String typeText, int precision, int scale) {
    static Column text(String name) {
      return new Column(name, "STRING", "STRING", 0, 0);
    }

    static Column number(String name) {
      return new Column(name, "INT", "INT", 0, 0);
    }
  }

  /** An answer of texts only. */
  static Answer of(List<String> names) {
    return new Answer(names.stream().map(Column::text).toList(), new ArrayList<>());
  }

  void add(Object... cells) {
    rows.add(Arrays.stream(cells).map(cell -> cell == null ? null : cell.toString()).toList());
  }
}
