package io.datamirror.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Compares a table of the lake with the one that it must be, row by row and column by column. Reads
 * it as any reader of Iceberg would, with nothing of the mirror's own.
 */
public final class DemoCheck {
  private static final String KEY = "id";

  private DemoCheck() {}

  /**
   * The result for one table.
   *
   * @param rows how many rows the table of the lake has
   * @param differing what is wrong, a line for each key; empty if the tables are equal
   */
  public record Result(long rows, List<String> differing) {
    public boolean verified() {
      return differing.isEmpty();
    }
  }

  /** Compares {@code actual} with what {@code table} must be when all has happened. */
  public static Result compare(DemoTable table, Table actual) throws IOException {
    return compare(table, DemoReach.whole(), actual);
  }

  /** Compares {@code actual} with what {@code table} must be when so much has happened. */
  public static Result compare(DemoTable table, DemoReach reach, Table actual) throws IOException {
    try (DemoFile expected = table.expected()) {
      List<String> columns = expected.header();
      Iterator<String[]> rows = reach.whole(table) ? expected : folded(table, reach);
      return compare(columns, rowsByKey(rows, columns), actual);
    }
  }

  /** The newest change of each key, without those that were deleted. */
  private static Iterator<String[]> folded(DemoTable table, DemoReach reach) {
    Map<String, String[]> newest = new HashMap<>();
    try (DemoFile changes = table.changes()) {
      int key = changes.header().indexOf(KEY);
      while (changes.hasNext()) {
        String[] change = changes.next();
        if (reach.includes(table, change)) {
          newest.merge(change[key], change, DemoCheck::newer);
        }
      }
    }
    return newest.values().stream()
        .filter(change -> change[0].equals("u"))
        .map(change -> Arrays.copyOfRange(change, DemoWarehouse.CONTROL_COLUMNS, change.length))
        .iterator();
  }

  private static String[] newer(String[] one, String[] other) {
    return DemoWarehouse.version(one) > DemoWarehouse.version(other) ? one : other;
  }

  private static Map<Object, Object[]> rowsByKey(
      Iterator<String[]> expected, List<String> columns) {
    List<DemoType> types = columns.stream().map(DemoType::ofColumn).toList();
    int key = columns.indexOf(KEY);
    Map<Object, Object[]> rows = new HashMap<>();
    while (expected.hasNext()) {
      String[] fields = expected.next();
      Object[] values = new Object[fields.length];
      for (int i = 0; i < fields.length; i++) {
        values[i] = types.get(i).value(fields[i]);
      }
      rows.put(values[key], values);
    }
    return rows;
  }

  private static Result compare(List<String> columns, Map<Object, Object[]> missing, Table actual)
      throws IOException {
    List<String> differing = new ArrayList<>();
    long rows = 0;
    try (CloseableIterable<Record> records = IcebergGenerics.read(actual).build()) {
      for (Record row : records) {
        rows++;
        Object key = row.getField(KEY);
        Object[] expected = missing.remove(key);
        if (expected == null) {
          differing.add(KEY + " " + key + ": must not be there, or stands there twice");
        } else {
          compare(columns, expected, row, differing);
        }
      }
    }
    missing.keySet().forEach(key -> differing.add(KEY + " " + key + ": is missing"));
    return new Result(rows, differing);
  }

  private static void compare(
      List<String> columns, Object[] expected, Record row, List<String> differing) {
    for (int i = 0; i < expected.length; i++) {
      if (!Objects.equals(expected[i], row.getField(columns.get(i)))) {
        differing.add(KEY + " " + row.getField(KEY) + ": differs in " + columns.get(i));
        return;
      }
    }
  }
}
