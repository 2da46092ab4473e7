package io.datamirror.feed;

import io.datamirror.sql.Identifier;
import io.datamirror.sql.SqlText;
import java.util.ArrayList;
import java.util.List;

/** The frame of every query that reads rows. */
final class Selection {

  private Selection() {}

  /** Everything up to the condition: explicit columns, those of the plan and then the keyset. */
  static SqlText.Builder begin(Windows.Target target, RowPlan rows, Keyset keyset) {
    List<Identifier> names = new ArrayList<>(rows.selected());
    keyset.columns().forEach(column -> names.add(column.name()));
    return SqlText.in(target.dialect())
        .text("SELECT ")
        .names(names)
        .text(" FROM ")
        .name(target.table())
        .text(" WHERE ");
  }

  /** What selects the same as every query, of no row. */
  static SqlText nothing(Windows.Target target, RowPlan rows, Keyset keyset) {
    return begin(target, rows, keyset).text("1 = 0").build();
  }

  /** Everything behind the condition. */
  static SqlText end(SqlText.Builder sql, Keyset keyset, Resume resume) {
    if (!resume.cursor().isEmpty()) {
      sql.text(" AND ");
      keyset.from(sql, resume.cursor());
    }
    keyset.orderBy(sql);
    return sql.build();
  }
}
