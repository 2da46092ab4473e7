package io.datamirror.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What a table must be when all has happened, and what a table of a lake is, both as text: lakes of
 * other sources have numbers of other widths.
 */
public final class ExpectedTable {

  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  private ExpectedTable(DemoTable table) {
    try (DemoFile file = table.expected()) {
      columns = file.header();
      while (file.hasNext()) {
        rows.add(plain(List.of(file.next())));
      }
    }
  }

  public static ExpectedTable of(DemoTable table) {
    return new ExpectedTable(table);
  }

  /** Rows that only one of the two has; the lake is read as any reader of Iceberg would. */
  public List<List<String>> differing(Table lake) throws IOException {
    Set<List<String>> missing = new HashSet<>(rows);
    List<List<String>> differing = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(lake).build()) {
      for (Record record : records) {
        List<String> row =
            plain(
                columns.stream()
                    .map(column -> Objects.toString(record.getField(column), ""))
                    .toList());
        if (!missing.remove(row)) {
          differing.add(row);
        }
      }
    }
    differing.addAll(missing);
    return differing;
  }

  private List<String> plain(List<String> values) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      boolean number = List.of("WHOLE", "NUMBER").contains(DemoChanges.type(columns.get(i)));
      row.add(
          number && !value.isEmpty()
              ? new BigDecimal(value).stripTrailingZeros().toPlainString()
              : value);
    }
    return row;
  }
}
