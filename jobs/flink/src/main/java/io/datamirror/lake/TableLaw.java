package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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

  /** The columns of the source that positions are values of; empty for feeds with their own. */
  static String cursor(TableSpec spec) {
    List<String> columns =
        Stream.of(spec.transaction(), spec.cursor()).filter(Objects::nonNull).toList();
    return columns.isEmpty() ? "" : PropertyJson.write(columns);
  }

  /** Which of two changes that are equal in all else wins, as specs call it. */
  static String tie(ChangeLayout layout) {
    return switch (layout.tie()) {
      case DELETE_WINS -> TieRule.DELETE_WINS.text();
      case UPSERT_WINS -> TieRule.UPSERT_WINS.text();
    };
  }
}
