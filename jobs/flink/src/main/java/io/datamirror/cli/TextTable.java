package io.datamirror.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of text in columns; numbers stand right, everything else left. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... header) {
    rows.add(List.of(header));
  }

  /** Adds a row; null is shown as {@code -}, whole numbers with their thousands apart. */
  TextTable row(Object... cells) {
    List<String> texts = new ArrayList<>();
    for (Object cell : cells) {
      texts.add(text(cell));
    }
    rows.add(texts);
    return this;
  }

  private static String text(Object cell) {
    if (cell == null) {
      return "-";
    }
    return cell instanceof Long count ? String.format(Locale.ROOT, "%,d", count) : cell.toString();
  }

  /** The table, line by line, the header first. */
  List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    boolean[] right = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      widths[column] = width(column);
      right[column] = numeric(column);
    }
    return rows.stream().map(row -> line(row, widths, right)).toList();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  private boolean numeric(int column) {
    return rows.size() > 1
        && rows.stream().skip(1).allMatch(row -> row.get(column).matches("-|[-0-9.,]+( s)?"));
  }

  private static String line(List<String> row, int[] widths, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String blanks = " ".repeat(widths[column] - length(row.get(column)));
      line.append(column == 0 ? "" : "  ");
      line.append(right[column] ? blanks + row.get(column) : row.get(column) + blanks);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
