package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.sql.Dialect.Horizon;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.SqlValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Windows along the number of the transaction that wrote a row, as PostgreSQL counts them. A window
 * ends where every transaction has ended, so that nothing can be committed into it any more: exact,
 * without a settling time. A long transaction anywhere in the server holds the windows back.
 *
 * <p>A position {@code 7:} stands behind all rows of transactions below 7; {@code 7:42} stands at
 * the row of transaction 7 whose cursor is 42.
 */
record TransactionWindows(Target target, KeysetColumn transaction, KeysetColumn cursor)
    implements Windows {

  private static final String BEHIND = ":";
  // True of every source: nothing was committed before 1970.
  private static final long SETTLED_UNKNOWN = 0;

  @Override
  public Keyset keyset() {
    return Keyset.of(transaction, cursor);
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    long startedBelow = target.dialect().horizon(connection).startedBelow();
    if (!last.beginning() && Long.compareUnsigned(startedBelow, readBelow(last)) < 0) {
      throw new MirrorException(
          ErrorCode.HISTORY_LOST,
          target.table().toString(),
          "the server counts its transactions from a smaller number than was read before: it was put"
              + " back to an older state, or is another one",
          SourceErrors.OTHER_TABLE_OR_BEHIND + SourceErrors.LOST_IN_SQL);
    }
    return latest(last, startedBelow);
  }

  private static long readBelow(Position last) {
    return Long.parseUnsignedLong(last.text().substring(0, last.text().indexOf(BEHIND)));
  }

  /** Rows that were copied from another server have its numbers, and are in no window for long. */
  @Override
  public void requireContinuation(Connection connection, Position last) throws SQLException {
    try (Rows rows = fromElsewhereQuery().query(connection)) {
      rows.next();
      if (rows.row().getBoolean(1)) {
        // To read the base table anew would change nothing of that.
        throw new MirrorException(
            ErrorCode.SOURCE_TABLE_RECREATED,
            target.table().toString(),
            "it has rows of transactions that this server has not begun: they were copied from"
                + " another one",
            "Give all rows the number of a transaction of this server: UPDATE "
                + target.table()
                + " SET "
                + transaction.name()
                + " = pg_current_xact_id().");
      }
    }
    if (subscribed(connection) && numberedElsewhere(connection)) {
      throw new MirrorException(
          ErrorCode.SOURCE_TABLE_RECREATED,
          target.table().toString(),
          "a subscription fills it with rows that have the publisher's transaction numbers: most of"
              + " them would be in no window",
          "Read the publisher. Or leave "
              + transaction.name()
              + " out of the publication, so that its default gives it numbers of this server.");
    }
  }

  /** Whether the table is a copy that logical replication keeps. */
  private boolean subscribed(Connection connection) throws SQLException {
    try (Rows rows = target.dialect().subscribedQuery(target.table()).query(connection)) {
      return rows.next() && rows.row().getBoolean(1);
    } catch (SQLException e) {
      if (SqlErrors.privilege(e) || SqlErrors.tableMissing(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Whether none of the newest rows was written by the transaction whose number it has. One that
   * was written after a savepoint was written by a part of it, with a number of its own.
   */
  private boolean numberedElsewhere(Connection connection) throws SQLException {
    try (Rows rows = newestQuery().query(connection)) {
      return rows.next() && rows.row().getBoolean(1);
    }
  }

  private SqlText newestQuery() {
    return SqlText.in(target.dialect())
        .text("SELECT bool_and(elsewhere) FROM (SELECT mod(")
        .name(transaction.name())
        .text("::text::numeric, 4294967296) <> xmin::text::numeric AS elsewhere FROM ")
        .name(target.table())
        .text(" WHERE ")
        .name(cursor.name())
        .text(" IS NOT NULL ORDER BY ")
        .name(cursor.name())
        .text(" DESC LIMIT 100) AS newest")
        .build();
  }

  /** One statement, so that both are of one moment. */
  private SqlText fromElsewhereQuery() {
    return SqlText.in(target.dialect())
        .text("SELECT EXISTS (SELECT 1 FROM ")
        .name(target.table())
        .text(" WHERE ")
        .name(transaction.name())
        .text(" >= pg_snapshot_xmax(pg_current_snapshot()))")
        .build();
  }

  @Override
  public Optional<Window> next(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    Horizon horizon = target.dialect().horizon(connection);
    Position end = latest(last, horizon.finishedBelow());
    if (end.equals(last)) {
      return Optional.empty();
    }
    // All that had begun when the head was seen has ended: so all that was committed then is in.
    boolean settled = !seen.head().beginning() && compare(end.text(), seen.head().text()) >= 0;
    return Optional.of(new Window(last, end, settled ? seen.clockMillis() : SETTLED_UNKNOWN));
  }

  private Position latest(Position last, long number) {
    String position = upTo(Long.toUnsignedString(number));
    boolean ahead = last.beginning() || compare(position, last.text()) > 0;
    return ahead ? new Position(position) : last;
  }

  @Override
  public void within(SqlText.Builder sql, String from, String to) {
    if (!from.isEmpty()) {
      sql.name(transaction.name()).text(" >= ").value(number(from)).text(" AND ");
    }
    sql.name(transaction.name()).text(" < ").value(number(to)).text(" AND ");
    sql.name(cursor.name()).text(" IS NOT NULL");
  }

  private SqlValue number(String position) {
    return transaction.value(position.substring(0, position.indexOf(BEHIND)));
  }

  @Override
  public String upTo(String axis) {
    return axis + BEHIND;
  }

  @Override
  public int compare(String left, String right) {
    int leftEnd = left.indexOf(BEHIND);
    int rightEnd = right.indexOf(BEHIND);
    int byTransaction =
        transaction.compare(
            left.substring(0, leftEnd), right.substring(0, rightEnd), target.dialect());
    return byTransaction != 0
        ? byTransaction
        : compareCursors(left.substring(leftEnd + 1), right.substring(rightEnd + 1));
  }

  private int compareCursors(String left, String right) {
    if (left.isEmpty() || right.isEmpty()) {
      return Boolean.compare(!left.isEmpty(), !right.isEmpty());
    }
    return cursor.compare(left, right, target.dialect());
  }

  @Override
  public List<SqlText> boundQueries() {
    return List.of(
        fromElsewhereQuery(),
        target.dialect().subscribedQuery(target.table()),
        newestQuery(),
        target.dialect().horizonQuery());
  }
}
