package io.datamirror.feed;

import io.datamirror.sql.SqlText;

/** The condition that a column's value is in {@code (from, to]}. */
final class ColumnRange {

  private ColumnRange() {}

  /** Adds the condition; an empty bound is none, and null is never inside. */
  static void write(SqlText.Builder sql, KeysetColumn column, String from, String to) {
    if (from.isEmpty() && to.isEmpty()) {
      column.write(sql);
      sql.text(" IS NOT NULL");
      return;
    }
    if (!from.isEmpty()) {
      column.write(sql);
      column.writeValue(sql.text(" > "), from);
    }
    if (!to.isEmpty()) {
      if (!from.isEmpty()) {
        sql.text(" AND ");
      }
      column.write(sql);
      column.writeValue(sql.text(" <= "), to);
    }
  }
}
