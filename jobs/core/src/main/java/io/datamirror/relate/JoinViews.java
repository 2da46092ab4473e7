package io.datamirror.relate;

import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Views of Flink SQL that join each table with what it refers to: {@code regions_joined} has all
 * columns of regions, and those of each referenced table behind them as {@code countries_code}.
 *
 * <p>A left join: every row of the table is there, whether what it refers to is there or not.
 * Columns whose names hold a line end are left out.
 */
public final class JoinViews {

  private final List<TableSpec> tables;
  private final Set<String> names = new HashSet<>();
  private final Function<String, List<String>> columns;

  /**
   * @param columns the columns of a table of the lake, by its name
   */
  public JoinViews(List<TableSpec> tables, Function<String, List<String>> columns) {
    this.tables = List.copyOf(tables);
    this.columns = columns;
    tables.forEach(table -> names.add(table.name()));
  }

  /** A view by its name, and what it selects. */
  public record View(String name, String select) {

    /** The statement that creates it. */
    public String statement() {
      return "CREATE TEMPORARY VIEW " + quoted(name) + " AS\n" + select + ";";
    }
  }

  /** A view for each of the tables that refer to others. */
  public List<View> views() {
    Map<String, List<LakeReference>> byTable = new LinkedHashMap<>();
    for (LakeReference reference : LakeReference.of(tables)) {
      if (!reference.columns().stream().allMatch(JoinViews::speakable)
          || !reference.referencedColumns().stream().allMatch(JoinViews::speakable)) {
        continue;
      }
      byTable.computeIfAbsent(reference.table(), table -> new ArrayList<>()).add(reference);
    }
    List<View> views = new ArrayList<>();
    byTable.forEach((table, references) -> views.add(view(table, references)));
    return views;
  }

  private View view(String table, List<LakeReference> references) {
    return new View(viewName(table), select(table, references));
  }

  private String viewName(String table) {
    String name = table + "_joined";
    while (!names.add(name)) {
      name += "_";
    }
    return name;
  }

  private String select(String table, List<LakeReference> references) {
    Set<String> used = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    List<String> selected = new ArrayList<>();
    for (String column : columnsOf(table)) {
      used.add(column);
      selected.add("t." + quoted(column));
    }
    StringBuilder joins = new StringBuilder();
    Map<String, Integer> times = new LinkedHashMap<>();
    int number = 0;
    for (LakeReference reference : references) {
      String alias = "r" + ++number;
      int time = times.merge(reference.referencedTable(), 1, Integer::sum);
      String prefix = reference.referencedTable() + (time == 1 ? "" : "_" + time) + "_";
      for (String column : columnsOf(reference.referencedTable())) {
        String name = unused(prefix + column, used);
        selected.add(alias + "." + quoted(column) + " AS " + quoted(name));
      }
      joins.append("\nLEFT JOIN ").append(quoted(reference.referencedTable())).append(" AS ");
      joins.append(alias).append(" ON ").append(condition(reference, alias));
    }
    return "SELECT\n  "
        + String.join(",\n  ", selected)
        + "\nFROM "
        + quoted(table)
        + " AS t"
        + joins;
  }

  private static String unused(String wanted, Set<String> used) {
    String name = wanted;
    while (!used.add(name)) {
      name += "_";
    }
    return name;
  }

  private static String condition(LakeReference reference, String alias) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < reference.columns().size(); i++) {
      String own = quoted(reference.columns().get(i));
      parts.add("t." + own + " = " + alias + "." + quoted(reference.referencedColumns().get(i)));
    }
    return String.join(" AND ", parts);
  }

  private List<String> columnsOf(String table) {
    return columns.apply(table).stream().filter(JoinViews::speakable).toList();
  }

  /** Flink SQL has no way to write a line end inside of a name. */
  private static boolean speakable(String name) {
    return name.indexOf('\n') < 0 && name.indexOf('\r') < 0;
  }

  /** An identifier of Flink SQL: a back-tick inside of it is doubled. */
  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
