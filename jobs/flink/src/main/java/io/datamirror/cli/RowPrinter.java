package io.datamirror.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints rows as they come. Values are such as {@link RowValue} takes. */
interface RowPrinter {

  void header(List<String> columns);

  void row(Object[] values);

  /** There are no more rows. */
  void end();

  static RowPrinter csv(Console console) {
    return new RowPrinter() {
      @Override
      public void header(List<String> columns) {
        console.raw(Csv.line(columns));
      }

      @Override
      public void row(Object[] values) {
        console.raw(Csv.line(Arrays.stream(values).map(RowValue::text).toList()));
      }

      @Override
      public void end() {}
    };
  }

  static RowPrinter text(Console console) {
    return new RowPrinter() {
      private TextTable table;

      @Override
      public void header(List<String> columns) {
        table = new TextTable(columns.toArray(String[]::new));
      }

      @Override
      public void row(Object[] values) {
        table.row(Arrays.stream(values).map(RowValue::text).toArray());
      }

      @Override
      public void end() {
        table.lines().forEach(console::data);
      }
    };
  }

  static RowPrinter json(Console console) {
    return new RowPrinter() {
      private final List<String> names = new ArrayList<>();
      private String held;

      @Override
      public void header(List<String> columns) {
        names.addAll(columns);
        console.raw("[");
      }

      @Override
      public void row(Object[] values) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
          row.put(names.get(i), RowValue.json(values[i]));
        }
        put(",");
        held = Json.line(row);
      }

      @Override
      public void end() {
        put("");
        console.raw("]");
      }

      private void put(String after) {
        if (held != null) {
          console.raw(held + after);
        }
      }
    };
  }
}
