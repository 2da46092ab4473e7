package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What a table keeps of the law by which its rows were decided. */
final class TableLaw {

  private TableLaw() {}

  /** The columns of the key in their order, by their names in the lake. */
  static String key(ChangeLayout layout) {
    return PropertyJson.write(
        layout.key().stream().map(column -> layout.columns().get(column).name()).toList());
  }

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

  /** The column of the source that says when a change was made; empty for none. */
  static String timestamp(ChangeLayout layout) {
    return layout.time() < 0 ? "" : layout.columns().get(layout.time()).source();
  }

  /** Which of two changes that are equal in all else wins, as specs call it. */
  static String tie(ChangeLayout layout) {
    return switch (layout.tie()) {
      case DELETE_WINS -> TieRule.DELETE_WINS.text();
      case UPSERT_WINS -> TieRule.UPSERT_WINS.text();
    };
  }

  /** By which rule the keys of a state were ranked that a start wrote; empty if nobody knows. */
  static String tieAt(Map<String, String> properties, long generation) {
    String now = properties.getOrDefault(LakeKeys.TIE, "");
    long changedSince =
        Stream.of(properties.getOrDefault(LakeKeys.TIE_GENERATIONS, "").split(",", -1))
            .filter(text -> !text.isEmpty())
            .filter(text -> Long.parseLong(text) > generation)
            .count();
    return changedSince % 2 == 0 || now.isEmpty() ? now : other(now);
  }

  private static String other(String tie) {
    return Stream.of(TieRule.values())
        .map(TieRule::text)
        .filter(text -> !text.equals(tie))
        .findFirst()
        .orElseThrow();
  }

  /**
   * What a start changes of the properties of a table that has another cursor, timestamp or tie
   * rule, or does not say its key yet.
   */
  static Map<String, String> changes(
      Map<String, String> properties, TablePlan plan, long generation) {
    Map<String, String> changes = new LinkedHashMap<>();
    if (!properties.containsKey(LakeKeys.KEY)) {
      changes.put(LakeKeys.KEY, key(plan.layout()));
    }
    String cursor = cursor(plan.spec());
    String keptCursor = properties.get(LakeKeys.CURSOR);
    if (!cursor.equals(keptCursor)) {
      changes.put(LakeKeys.CURSOR, cursor);
      if (keptCursor != null) {
        changes.put(LakeKeys.CURSOR_GENERATION, String.valueOf(generation));
      }
    }
    String timestamp = timestamp(plan.layout());
    if (!timestamp.equals(properties.get(LakeKeys.TIMESTAMP))) {
      changes.put(LakeKeys.TIMESTAMP, timestamp);
    }
    String tie = tie(plan.layout());
    String keptTie = properties.get(LakeKeys.TIE);
    if (!tie.equals(keptTie)) {
      changes.put(LakeKeys.TIE, tie);
      if (keptTie != null) {
        String before = properties.getOrDefault(LakeKeys.TIE_GENERATIONS, "");
        changes.put(
            LakeKeys.TIE_GENERATIONS,
            before.isEmpty() ? String.valueOf(generation) : before + "," + generation);
      }
    }
    return changes;
  }
}
