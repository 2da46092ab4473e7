package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Windows along a column without a clock: a number, a text, or a time stamp whose zone nobody
 * knows. A window ends at the greatest value that was there already one settling time ago.
 *
 * <p>Complete if values rise in the order of commits, or a transaction with a smaller value commits
 * within the settling time.
 *
 * @param values what the cursor holds
 * @param shrink whether the greatest value may become smaller
 * @param evidence what positions keep of the rows where they stand; null for nothing
 */
record HeadWindows(
    Target target, KeysetColumn cursor, Values values, Shrink shrink, Evidence evidence)
    implements Windows {

  /** What the cursor holds. */
  enum Values {
    /** Whole numbers: each has a next one. */
    WHOLE,
    /** Values between any two of which there may be others. */
    DENSE
  }

  /** What it means that the greatest value is smaller than before. */
  enum Shrink {
    /** Rows may be deleted: nothing. */
    ALLOWED,
    /** Rows are only added: it is another table now, or it was put back to an older state. */
    HISTORY_LOST
  }

  // No clock on Earth is further ahead of UTC: a time stamp beyond that is a mistake, and as the
  // end of a window it would hide every row that comes after it.
  private static final int FURTHEST_ZONE_HOURS = 14;

  @Override
  public Keyset keyset() {
    return Keyset.of(cursor);
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    if (evidence != null && evidence.contradicts(connection, last.text())) {
      throw otherTable("other rows stand where it was read up to", SourceErrors.OTHER_TABLE);
    }
    return bound(connection, headQuery(connection)).map(head -> later(head, last)).orElse(last);
  }

  /** What the statement says of the cursor; empty when there are no rows. */
  private Optional<String> bound(Connection connection, SqlText query) throws SQLException {
    try (Rows rows = query.query(connection)) {
      rows.next();
      if (rows.row().getObject(1) == null) {
        return Optional.empty();
      }
      KeysetPlace place = new KeysetPlace(keyset(), 1, "");
      place.advance(rows.row());
      return Optional.of(place.text());
    }
  }

  /**
   * A position is where a row stood. Old rows may go, and that one with them; but if rows that were
   * not read are the oldest that are left, nobody can tell whether there were older ones.
   */
  @Override
  public void requireContinuation(Connection connection, Position last) throws SQLException {
    if (shrink == Shrink.ALLOWED || last.beginning()) {
      return;
    }
    Optional<String> least = bound(connection, leastQuery());
    if (least.isPresent() && !follows(last, least.get())) {
      throw cleanedUp();
    }
  }

  @Override
  public void requireUnread(Connection connection, List<Left> parts) throws SQLException {
    if (shrink == Shrink.ALLOWED) {
      return;
    }
    Optional<String> least = bound(connection, leastQuery());
    if (least.isEmpty() || !parts.stream().allMatch(part -> whole(part, least.get()))) {
      throw cleanedUp();
    }
  }

  /**
   * Whether nothing can be missing of a part. One of which no row is left may have had none, in the
   * middle of a window, or may have lost them: nobody can tell.
   */
  private boolean whole(Left part, String least) {
    boolean any = compare(least, part.to().text()) <= 0;
    return any
        && switch (part.start()) {
          case BEHIND -> follows(part.from(), least);
          case AMONG -> compare(least, part.from().text()) <= 0;
        };
  }

  /** Whether no row can have stood between a position and the oldest row that is left. */
  private boolean follows(Position read, String least) {
    return read.beginning() || compare(least, read.text()) <= 0 || next(value(read.text()), least);
  }

  private MirrorException cleanedUp() {
    return historyLost(
        "every row up to where it was read is gone, and maybe rows behind it: its changes were"
            + " cleaned up",
        "Keep the newest row that was read. Set on-history-lost: snapshot to read the base table"
            + " anew, or on-history-lost: continue to go on with what is there."
            + SourceErrors.LOST_IN_SQL);
  }

  /** Whether no value lies between the two. */
  private boolean next(String read, String least) {
    return switch (values) {
      case WHOLE -> new BigDecimal(read).add(BigDecimal.ONE).compareTo(new BigDecimal(least)) >= 0;
      case DENSE -> false;
    };
  }

  private Position later(String head, Position last) {
    if (last.beginning() || compare(head, last.text()) > 0) {
      return new Position(head);
    }
    if (shrink == Shrink.HISTORY_LOST && compare(head, last.text()) < 0) {
      throw otherTable(
          "its greatest " + cursor.name() + " is less than what was read before",
          SourceErrors.OTHER_TABLE_OR_BEHIND);
    }
    return last;
  }

  private MirrorException otherTable(String sentence, String nextStep) {
    return historyLost(
        sentence + ": the table was created anew, or put back to an older state",
        nextStep + SourceErrors.LOST_IN_SQL);
  }

  private MirrorException historyLost(String sentence, String nextStep) {
    return new MirrorException(
        ErrorCode.HISTORY_LOST, target.table().toString(), sentence, nextStep);
  }

  private SqlText leastQuery() {
    SqlText.Builder sql = SqlText.in(target.dialect()).text("SELECT MIN(");
    cursor.write(sql);
    return sql.text(") FROM ").name(target.table()).build();
  }

  private SqlText headQuery(Connection connection) throws SQLException {
    return zoneless() ? headQuery(latest(target.dialect().clockMillis(connection))) : headQuery("");
  }

  private boolean zoneless() {
    return cursor.kind() == KeysetColumn.Kind.TIMESTAMP || cursor.kind() == KeysetColumn.Kind.TICKS;
  }

  private SqlText headQuery(String latest) {
    SqlText.Builder sql = SqlText.in(target.dialect()).text("SELECT MAX(");
    cursor.write(sql);
    sql.text(") FROM ").name(target.table()).text(" WHERE ");
    ColumnRange.write(sql, cursor, "", latest);
    return sql.build();
  }

  private static String latest(long clockMillis) {
    LocalDateTime utc = LocalDateTime.ofInstant(Instant.ofEpochMilli(clockMillis), ZoneOffset.UTC);
    return utc.plusHours(FURTHEST_ZONE_HOURS).toString();
  }

  @Override
  public Optional<Window> next(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    if (target.dialect().clockMillis(connection) - seen.seenMillis() < settleMillis) {
      return Optional.empty();
    }
    boolean ahead =
        !seen.head().beginning()
            && (last.beginning() || compare(seen.head().text(), last.text()) > 0);
    return ahead
        ? Optional.of(new Window(last, end(connection, seen.head()), seen.clockMillis()))
        : Optional.empty();
  }

  private Position end(Connection connection, Position head) throws SQLException {
    return evidence == null ? head : new Position(evidence.position(connection, head.text()));
  }

  private String value(String position) {
    return evidence == null ? position : Evidence.cursorOf(position);
  }

  @Override
  public void within(SqlText.Builder sql, String from, String to) {
    ColumnRange.write(sql, cursor, value(from), value(to));
  }

  @Override
  public String upTo(String axis) {
    return axis;
  }

  @Override
  public int compare(String left, String right) {
    return cursor.compare(value(left), value(right), target.dialect());
  }

  @Override
  public List<SqlText> boundQueries() {
    List<SqlText> queries = new ArrayList<>();
    if (evidence != null) {
      queries.add(evidence.query(cursor.example()));
    }
    if (shrink == Shrink.HISTORY_LOST) {
      queries.add(leastQuery());
    }
    queries.add(headQuery(zoneless() ? latest(0) : ""));
    return queries;
  }
}
