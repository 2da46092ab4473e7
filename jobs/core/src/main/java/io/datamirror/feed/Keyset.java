package io.datamirror.feed;

import io.datamirror.feed.KeysetColumn.Kind;
import io.datamirror.feed.KeysetColumn.Nulls;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.SqlText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns that rows are read in the order of, so that a reader can go on behind the last row
 * without counting rows.
 *
 * <p>The text of a row's values joins them by colons; all but the last are escaped.
 */
record Keyset(List<KeysetColumn> columns) implements Serializable {

  private static final char SEPARATOR = ':';
  private static final char ESCAPE = '\\';

  Keyset {
    columns = List.copyOf(columns);
  }

  static Keyset of(KeysetColumn... columns) {
    return new Keyset(List.of(columns));
  }

  /** This keyset and, among rows that are equal in it, the order of {@code more}. */
  Keyset then(List<KeysetColumn> more) {
    List<KeysetColumn> all = new ArrayList<>(columns);
    more.stream().filter(column -> !contains(column)).forEach(all::add);
    return new Keyset(all);
  }

  private boolean contains(KeysetColumn column) {
    return columns.stream().anyMatch(known -> known.name().equals(column.name()));
  }

  /** Adds {@code ORDER BY}. */
  void orderBy(SqlText.Builder sql) {
    sql.text(" ORDER BY ");
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        sql.text(", ");
      }
      columns.get(i).write(sql);
      if (columns.get(i).nulls() == Nulls.LAST) {
        sql.text(" NULLS LAST");
      }
    }
  }

  /**
   * Whether the database surely compares these columns with a bound value by the rules that it
   * sorts them by. Oracle sorts texts by {@code NLS_SORT} and compares them by {@code NLS_COMP};
   * SQL Server compares a {@code varchar} with a bound {@code nvarchar} by other rules.
   */
  boolean comparedAsSorted(Dialect dialect) {
    return switch (dialect.family()) {
      case H2, POSTGRESQL -> true;
      case ORACLE, SQL_SERVER, MYSQL, OTHER ->
          columns.stream().noneMatch(column -> column.kind() == Kind.OPAQUE);
    };
  }

  /**
   * Adds the condition that a row stands at {@code text} or behind it: {@code a >= ? AND (a > ? OR
   * b >= ?)}. The first part alone lets the database use an index.
   */
  void from(SqlText.Builder sql, String text) {
    from(sql, split(text), 0);
  }

  private void from(SqlText.Builder sql, List<String> values, int index) {
    KeysetColumn column = columns.get(index);
    boolean isLast = index + 1 == columns.size();
    if (values.get(index).isEmpty()) {
      column.write(sql);
      sql.text(" IS NULL");
      if (!isLast) {
        sql.text(" AND (");
        from(sql, values, index + 1);
        sql.text(")");
      }
      return;
    }
    if (column.nulls() == Nulls.LAST) {
      column.write(sql);
      sql.text(" IS NULL OR ");
    }
    column.write(sql);
    column.writeValue(sql.text(" >= "), values.get(index));
    if (!isLast) {
      sql.text(" AND (");
      column.write(sql);
      column.writeValue(sql.text(" > "), values.get(index));
      sql.text(" OR ");
      from(sql, values, index + 1);
      sql.text(")");
    }
  }

  /** One text for the values of all columns. */
  String join(List<String> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.size() - 1; i++) {
      escape(values.get(i), text);
      text.append(SEPARATOR);
    }
    return text.append(values.get(values.size() - 1)).toString();
  }

  private static void escape(String value, StringBuilder to) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == SEPARATOR || c == ESCAPE) {
        to.append(ESCAPE);
      }
      to.append(c);
    }
  }

  /**
   * Whether {@code text} can be one of this keyset. A checkpoint of an earlier release, or of a
   * table that had another key then, may hold one of fewer columns or of others.
   */
  boolean understands(String text) {
    try {
      List<String> values = text.isEmpty() ? List.of() : split(text);
      for (int i = 0; i < values.size(); i++) {
        if (!columns.get(i).understands(values.get(i))) {
          return false;
        }
      }
      return true;
    } catch (IndexOutOfBoundsException e) {
      return false;
    }
  }

  /** The values of all columns; the reverse of {@link #join}. */
  List<String> split(String text) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    int at = 0;
    while (values.size() < columns.size() - 1) {
      char c = text.charAt(at++);
      if (c == SEPARATOR) {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c == ESCAPE ? text.charAt(at++) : c);
      }
    }
    values.add(text.substring(at));
    return values;
  }
}
