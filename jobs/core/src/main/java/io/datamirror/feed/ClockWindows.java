package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Windows along a time stamp with a zone. A window ends at the server's clock less the settling
 * time, whether or not there are rows: so the position of an idle table moves on, and a row from
 * the future waits for its time.
 *
 * <p>Complete if every transaction that writes a time stamp commits within the settling time.
 */
record ClockWindows(Target target, KeysetColumn cursor) implements Windows {

  // A clock is set right by a little now and then, and the settling time makes up for it.
  private static final long SMALL_STEP_MILLIS = 1_000;

  @Override
  public Keyset keyset() {
    return Keyset.of(cursor);
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    OffsetDateTime now = at(clockMillis(connection, last));
    try (Rows rows = headQuery(last, now).query(connection)) {
      rows.next();
      OffsetDateTime head = rows.row().getObject(1, OffsetDateTime.class);
      return head == null
          ? last
          : new Position(head.toInstant().atOffset(ZoneOffset.UTC).toString());
    }
  }

  /** Rows from the future are no part of the history yet. */
  private SqlText headQuery(Position last, OffsetDateTime now) {
    SqlText.Builder sql = SqlText.in(target.dialect()).text("SELECT MAX(").name(cursor.name());
    sql.text(") FROM ").name(target.table()).text(" WHERE ");
    ColumnRange.write(sql, cursor, last.text(), now.toString());
    return sql.build();
  }

  /** Nobody can tell: a position is a time, and need not be that of a row. */
  @Override
  public void requireContinuation(Connection connection, Position last) {}

  @Override
  public Optional<Window> next(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    long settled = clockMillis(connection, last) - settleMillis;
    String end = at(settled).toString();
    boolean ahead = last.beginning() || compare(end, last.text()) > 0;
    return ahead ? Optional.of(new Window(last, new Position(end), settled)) : Optional.empty();
  }

  /**
   * The server's clock. If it is behind what was read, rows that are written now are in no window,
   * unless the server only replays what another has written: then they are no new ones.
   */
  private long clockMillis(Connection connection, Position last) throws SQLException {
    long clockMillis = target.dialect().clockMillis(connection);
    String latest = at(clockMillis + SMALL_STEP_MILLIS).toString();
    boolean behind = !last.beginning() && compare(latest, last.text()) < 0;
    if (behind && !target.dialect().standby(connection)) {
      throw new MirrorException(
          ErrorCode.HISTORY_LOST,
          target.table().toString(),
          "the database's clock is behind "
              + last.text()
              + ", up to which it was read: rows that are written now would never be",
          "Read the host that was read before, or set the clock right. Mirror the table into a new"
              + " one if rows were written meanwhile.");
    }
    return clockMillis;
  }

  private static OffsetDateTime at(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC);
  }

  @Override
  public void within(SqlText.Builder sql, String from, String to) {
    ColumnRange.write(sql, cursor, from, to);
  }

  @Override
  public String upTo(String axis) {
    return axis;
  }

  @Override
  public int compare(String left, String right) {
    return cursor.compare(left, right, target.dialect());
  }

  @Override
  public List<SqlText> boundQueries() {
    List<SqlText> queries = new ArrayList<>();
    queries.add(headQuery(Position.BEGINNING, at(0)));
    target.dialect().standbyQuery().ifPresent(queries::add);
    return queries;
  }
}
