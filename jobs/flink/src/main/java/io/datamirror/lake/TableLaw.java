package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import java.util.ArrayList;
import java.util.List;

/** What a table keeps of the law by which its rows were decided. */
final class TableLaw {

  private TableLaw() {}

  /** The version columns and the order column, by their names in the lake. */
  static String version(ChangeLayout layout) {
    List<String> columns = new ArrayList<>();
    layout.version().forEach(column -> columns.add(layout.columns().get(column).name()));
    if (layout.order() >= 0 && layout.columns().get(layout.order()).stored()) {
      columns.add(layout.columns().get(layout.order()).name());
    }
    return PropertyJson.write(columns);
  }
}
