package io.datamirror.feed;

import io.datamirror.feed.KeysetColumn.Kind;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a range of a column's values into even parts, as many as its rows ask for. Rows that are
 * spread unevenly make uneven parts; that costs time, never rows.
 */
final class Axis {

  // Every part is a split in the state of the job.
  private static final int MOST_PARTS = 10_000;

  private final Dialect dialect;
  private final Phrase from;
  private final KeysetColumn column;

  /**
   * @param from adds what is read, a table for example
   */
  Axis(Dialect dialect, Phrase from, KeysetColumn column) {
    this.dialect = dialect;
    this.from = from;
    this.column = column;
  }

  Axis(Windows.Target target, KeysetColumn column) {
    this(target.dialect(), sql -> sql.name(target.table()), column);
  }

  /** A part of the query. */
  interface Phrase {
    void write(SqlText.Builder sql);
  }

  /** What the range holds, and where it can be cut. */
  record Parts(long rows, List<String> cuts) {}

  /** Cuts the rows of {@code range} so that each part has about {@code rows} of them. */
  Parts cut(Connection connection, Phrase range, long rows) throws SQLException {
    return cut(connection, range, PartSize.of(rows));
  }

  /** The same, with parts that may have to be larger. */
  Parts cut(Connection connection, Phrase range, PartSize size) throws SQLException {
    try (Rows result = query(range).query(connection)) {
      result.next();
      long count = result.row().getLong(1);
      long rows = size.rowsOf(count);
      if (count <= rows || !column.divisible()) {
        return new Parts(count, List.of());
      }
      String least = value(result, 2);
      String greatest = value(result, 3);
      int parts = (int) Math.min(MOST_PARTS, (count + rows - 1) / rows);
      return new Parts(count, cuts(column.number(least), column.number(greatest), parts));
    }
  }

  private String value(Rows result, int index) throws SQLException {
    KeysetPlace place = new KeysetPlace(Keyset.of(column), index, "");
    place.advance(result.row());
    return place.text();
  }

  private List<String> cuts(BigInteger least, BigInteger greatest, int parts) {
    List<String> cuts = new ArrayList<>();
    BigInteger width = greatest.subtract(least);
    for (int i = 1; i < parts; i++) {
      BigInteger cut =
          least.add(width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(parts)));
      String text = column.text(cut);
      if (cuts.isEmpty() || !cuts.get(cuts.size() - 1).equals(text)) {
        cuts.add(text);
      }
    }
    return cuts;
  }

  /** Before its version 15, PostgreSQL has no MIN and MAX of transaction numbers. */
  private void comparable(SqlText.Builder sql) {
    column.write(sql);
    if (column.kind() == Kind.TRANSACTION) {
      sql.text("::text::numeric");
    }
  }

  SqlText query(Phrase range) {
    SqlText.Builder sql = SqlText.in(dialect).text("SELECT COUNT(*), MIN(");
    comparable(sql);
    sql.text("), MAX(");
    comparable(sql);
    from.write(sql.text(") FROM "));
    range.write(sql.text(" WHERE "));
    return sql.build();
  }
}
