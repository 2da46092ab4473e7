package io.datamirror.feed;

import io.datamirror.feed.KeysetColumn.Nulls;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Cuts a slice along the first key column. A snapshot is always cut, changes only where that costs
 * no other pass over them. Rows whose key is null belong to the first part.
 */
final class NativeCuts {

  private static final Identifier VALUE = new Identifier("mirror_key");
  private static final Identifier NUMBER = new Identifier("mirror_row");
  private static final Identifier NUMBERED = new Identifier("mirror_rows");

  private final NativeColumns columns;
  private final KeysetColumn first;
  private final Axis.Phrase all;

  NativeCuts(NativeColumns columns, Keyset keyset) {
    this.columns = columns;
    this.first = keyset.columns().get(0);
    this.all = sql -> sql.text("1 = 1");
  }

  /** The chunks of a range of changes; none when there are none. */
  List<Chunk> ofChanges(Connection connection, Slice slice, long rows) throws SQLException {
    Axis.Parts parts = axis(slice).cut(connection, all, size(rows));
    return parts.rows() == 0 ? List.of() : chunks(slice, parts.cuts());
  }

  /** The chunks of a snapshot, at least one. */
  List<Chunk> ofSnapshot(Connection connection, Slice slice, long rows) throws SQLException {
    Axis.Parts parts = axis(slice).cut(connection, all, size(rows));
    long each = size(rows).rowsOf(parts.rows());
    boolean whole = parts.rows() <= each;
    return chunks(
        slice, whole || first.divisible() ? parts.cuts() : numbered(connection, slice, each));
  }

  private PartSize size(long rows) {
    return new PartSize(rows, columns.warehouse().mostParts());
  }

  private Axis axis(Slice slice) {
    return new Axis(columns.warehouse().dialect(), sql -> columns.from(sql, slice), first);
  }

  private List<String> numbered(Connection connection, Slice slice, long rows) throws SQLException {
    LinkedHashSet<String> cuts = new LinkedHashSet<>();
    try (Rows result = everyNth(slice, rows).query(connection)) {
      while (result.next()) {
        cuts.add(KeysetColumn.marked(result.row().getString(1)));
      }
    }
    return List.copyOf(cuts);
  }

  /** Values that only the database orders: every n-th of them in its own order. */
  private SqlText everyNth(Slice slice, long rows) {
    SqlText.Builder sql =
        SqlText.in(columns.warehouse().dialect())
            .text("SELECT ")
            .name(VALUE)
            .text(" FROM (SELECT ");
    columns.warehouse().select(sql, columns.key().get(0));
    first.write(sql.text(" AS ").name(VALUE).text(", ROW_NUMBER() OVER (ORDER BY "));
    columns.from(sql.text(") AS ").name(NUMBER).text(" FROM "), slice);
    first.write(sql.text(" WHERE "));
    return sql.text(" IS NOT NULL) AS ")
        .name(NUMBERED)
        .text(" WHERE MOD(")
        .name(NUMBER)
        .text(", ")
        .literal(rows)
        .text(") = 0 ORDER BY ")
        .name(NUMBER)
        .build();
  }

  private static List<Chunk> chunks(Slice slice, List<String> cuts) {
    List<Chunk> chunks = new ArrayList<>();
    String lower = "";
    for (String cut : cuts) {
      chunks.add(slice.withKeys(lower, cut).chunk());
      lower = cut;
    }
    chunks.add(slice.withKeys(lower, "").chunk());
    return chunks;
  }

  /** Adds the condition that a row is in the slice's range of keys. */
  void within(SqlText.Builder sql, Slice slice) {
    if (slice.keyFrom().isEmpty() && slice.keyTo().isEmpty()) {
      all.write(sql);
      return;
    }
    if (!slice.keyFrom().isEmpty()) {
      first.write(sql);
      sql.text(" > ").value(first.value(slice.keyFrom()));
    }
    if (!slice.keyTo().isEmpty()) {
      upTo(slice.keyFrom().isEmpty() ? sql.text("(") : sql.text(" AND ("), slice);
    }
  }

  private void upTo(SqlText.Builder sql, Slice slice) {
    first.write(sql);
    sql.text(" <= ").value(first.value(slice.keyTo()));
    if (slice.keyFrom().isEmpty() && first.nulls() == Nulls.LAST) {
      first.write(sql.text(" OR "));
      sql.text(" IS NULL");
    }
    sql.text(")");
  }

  /** The questions that cut a slice, for people. */
  List<SqlText> questions(Slice slice) {
    List<SqlText> questions = new ArrayList<>(List.of(axis(slice).query(all)));
    switch (slice.part()) {
      case SNAPSHOT -> {
        if (!first.divisible()) {
          questions.add(everyNth(slice, 1));
        }
      }
      case CHANGES -> {}
    }
    return questions;
  }
}
