package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.feed.Windows.Left.Start;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of changes, or a table whose rows say when they changed, in any JDBC database.
 *
 * @param target the table
 * @param rows how its rows become changes
 * @param windows how its history is cut
 * @param order what rows are read in the order of: that of the windows, then as much of the key as
 *     can be ordered, so that few rows are equal in it and a reader has little to remember
 * @param base the table that is read first; null when there is none
 */
record JdbcFeed(Windows.Target target, RowPlan rows, Windows windows, Keyset order, BaseTable base)
    implements Feed {

  @Override
  public ChangeLayout layout() {
    return rows.layout();
  }

  @Override
  public Identity identity(Connection connection) throws SQLException {
    return new Identity(target.dialect().incarnation(connection, target.table()).orElse(""));
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    return windows.head(connection, checked(last));
  }

  @Override
  public void requireContinuation(Connection connection, Position last) throws SQLException {
    windows.requireContinuation(connection, checked(last));
  }

  @Override
  public void requireUnread(Connection connection, List<Unread> parts) throws SQLException {
    windows.requireUnread(connection, parts.stream().map(this::left).toList());
  }

  private Windows.Left left(Unread part) {
    Position to = checked(new Position(part.chunk().to()));
    String read = understood(part.resume()).cursor();
    if (read.isEmpty()) {
      return new Windows.Left(checked(new Position(part.chunk().from())), to, Start.BEHIND);
    }
    String from = windows.upTo(order.split(read).get(0));
    return new Windows.Left(checked(new Position(from)), to, Start.AMONG);
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    return windows.next(connection, checked(last), seen, settleMillis);
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rowsPerChunk)
      throws SQLException {
    String from = window.from().text();
    String to = window.to().text();
    if (from.equals(to)) {
      return List.of();
    }
    Axis.Parts parts =
        new Axis(target, axis())
            .cut(connection, sql -> windows.within(sql, from, to), rowsPerChunk);
    if (parts.rows() == 0) {
      return List.of();
    }
    List<Chunk> chunks = new ArrayList<>();
    String start = from;
    for (String cut : parts.cuts()) {
      String end = windows.upTo(cut);
      // A cut is a whole number near a value: it may stand before the window that the value is in.
      boolean behindStart = start.isEmpty() || windows.compare(end, start) > 0;
      if (behindStart && windows.compare(end, to) < 0) {
        chunks.add(new Chunk(Part.CHANGES, start, end));
        start = end;
      }
    }
    chunks.add(new Chunk(Part.CHANGES, start, to));
    return chunks;
  }

  @Override
  public Snapshot snapshot() {
    return base == null ? Snapshot.NONE : Snapshot.MOVING;
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rowsPerChunk)
      throws SQLException {
    return base == null ? List.of() : base.chunks(connection, rowsPerChunk);
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    return switch (chunk.part()) {
      case CHANGES -> openChanges(connection, chunk, resume, fetchSize);
      case SNAPSHOT -> base.open(connection, chunk, resume, fetchSize);
    };
  }

  private ChunkReader openChanges(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    Resume from = understood(resume);
    return KeysetReader.open(
        connection, rows, order, new KeysetReader.Start(changes(chunk, from), from, fetchSize));
  }

  /** Rows that are read again do no harm; those that are passed over would be missing. */
  private Resume understood(Resume resume) {
    return order.understands(resume.cursor()) ? resume : Resume.START;
  }

  private KeysetColumn axis() {
    return windows.keyset().columns().get(0);
  }

  private SqlText count(String from, String to) {
    return new Axis(target, axis()).query(sql -> windows.within(sql, from, to));
  }

  private SqlText nothing() {
    return Selection.nothing(target, rows, order);
  }

  private SqlText changes(Chunk chunk, Resume resume) {
    SqlText.Builder sql = Selection.begin(target, rows, order);
    windows.within(sql, chunk.from(), chunk.to());
    return Selection.end(sql, order, resume);
  }

  @Override
  public long clockMillis(Connection connection) throws SQLException {
    return target.dialect().clockMillis(connection);
  }

  @Override
  public void probe(Connection connection) throws SQLException {
    Probe probe = new Probe(connection, layout().table());
    probe.clock(target.dialect());
    probe.read(target.table(), nothing());
    if (base != null) {
      base.probe(probe);
    }
  }

  @Override
  public int compare(Position left, Position right) {
    if (left.beginning() || right.beginning()) {
      return Boolean.compare(!left.beginning(), !right.beginning());
    }
    return windows.compare(checked(left).text(), checked(right).text());
  }

  private Position checked(Position position) {
    if (position.beginning()) {
      return position;
    }
    try {
      windows.compare(position.text(), position.text());
      return position;
    } catch (DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.BAD_POSITION,
          layout().table(),
          "the stored position " + position + " is none of its cursor",
          "Was the cursor of this table changed in the spec? Then mirror it into a new table.");
    }
  }

  /** See {@link BaseTable#contested}; empty where there is no base table. */
  List<String> contestedInBase() {
    return base == null ? List.of() : base.contested();
  }

  /** How many rows no window will ever hold, since their cursor is null. */
  long rowsWithoutCursor(Connection connection) throws SQLException {
    SqlText.Builder sql =
        SqlText.in(target.dialect())
            .text("SELECT COUNT(*) FROM ")
            .name(target.table())
            .text(" WHERE ");
    List<KeysetColumn> columns = windows.keyset().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        sql.text(" OR ");
      }
      sql.name(columns.get(i).name()).text(" IS NULL");
    }
    try (Rows result = sql.build().query(connection)) {
      result.next();
      return result.row().getLong(1);
    }
  }

  @Override
  public List<String> statements() {
    List<String> statements = new ArrayList<>();
    target.dialect().allRowsQuery().ifPresent(sql -> statements.add(sql.toString()));
    target
        .dialect()
        .incarnationQuery(target.table())
        .ifPresent(sql -> statements.add(sql.toString()));
    statements.add(target.dialect().clockQuery().toString());
    statements.add(nothing().toString());
    if (base != null) {
      base.statements().forEach(sql -> statements.add(sql.toString()));
    }
    windows.boundQueries().forEach(sql -> statements.add(sql.toString()));
    String bound = windows.upTo(axis().example());
    for (String from : List.of("", bound)) {
      statements.add(count(from, bound).toString());
      statements.add(changes(new Chunk(Part.CHANGES, from, bound), Resume.START).toString());
    }
    return statements;
  }
}
