package io.datamirror.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The changes of a table of the demo, for warehouses that are to do what they say. */
public record DemoChanges(List<String> columns, Map<Long, List<Change>> commits) {

  private static final int CONTROL_COLUMNS = 3;

  /** One change: a delete, or the row that is there from now on. */
  public record Change(boolean delete, int id, List<Object> row) {}

  /** What comes of a text column. */
  public static String type(String column) {
    return column.equals("id") ? "WHOLE" : DemoType.ofColumn(column).name();
  }

  /** The first changes of a table, commit by commit in their order. */
  public static DemoChanges of(DemoTable table, int most) {
    try (DemoFile file = table.changes()) {
      List<String> columns = file.header().subList(CONTROL_COLUMNS, file.header().size());
      Map<Long, List<Change>> commits = new java.util.TreeMap<>();
      int count = 0;
      while (file.hasNext() && count++ < most) {
        String[] fields = file.next();
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
          String field = fields[CONTROL_COLUMNS + i];
          row.add(
              columns.get(i).equals("id")
                  ? Integer.valueOf(field)
                  : DemoType.ofColumn(columns.get(i)).value(field));
        }
        commits
            .computeIfAbsent(Long.valueOf(fields[1]), version -> new ArrayList<>())
            .add(new Change(fields[0].equals("d"), (Integer) row.get(columns.indexOf("id")), row));
      }
      return new DemoChanges(columns, new LinkedHashMap<>(commits));
    }
  }
}
