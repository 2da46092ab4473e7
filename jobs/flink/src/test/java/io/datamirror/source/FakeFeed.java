package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of a {@link FakeWarehouse}, cut by position; it takes its bounds from heads seen before.
 */
record FakeFeed(String warehouse, String table) implements Feed {

  private static final long serialVersionUID = 1L;

  FakeWarehouse.Table data() {
    return home().table(table);
  }

  private FakeWarehouse home() {
    return FakeWarehouse.of(warehouse);
  }

  @Override
  public ChangeLayout layout() {
    return new ChangeLayout(
        table,
        List.of(
            new Column("ID", "id", ColumnType.of(ColumnType.Kind.LONG), true),
            new Column("VERSION", "version", ColumnType.of(ColumnType.Kind.LONG), true),
            new Column("NOTE", "note", ColumnType.of(ColumnType.Kind.STRING), false),
            new Column("TIME", "time", ColumnType.of(ColumnType.Kind.LONG), false)),
        List.of(0),
        List.of(1),
        -1,
        3,
        ChangeLayout.Tie.DELETE_WINS);
  }

  @Override
  public Identity identity(Connection connection) {
    return new Identity(data().identity);
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    home().mayFail("head");
    synchronized (data()) {
      long head = data().rows.size();
      return head > number(last) ? new Position(Long.toString(head)) : last;
    }
  }

  @Override
  public void requireContinuation(Connection connection, Position last) throws SQLException {
    data().continuations.add(last);
    home().mayFail("requireContinuation");
  }

  @Override
  public void requireUnread(Connection connection, List<Unread> parts) throws SQLException {
    requireContinuation(connection, new Position(parts.get(0).chunk().from()));
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    home().mayFail("nextWindow");
    boolean settled = home().clockMillis.get() >= seen.clockMillis() + settleMillis;
    if (!settled || data().horizonStalls) {
      return Optional.empty();
    }
    if (compare(seen.head(), last) <= 0) {
      Window idle = new Window(last, last, seen.clockMillis());
      return data().idleWindows ? Optional.of(idle) : Optional.empty();
    }
    return Optional.of(new Window(last, seen.head(), seen.clockMillis()));
  }

  @Override
  public boolean laned() {
    return data().laned;
  }

  @Override
  public Optional<String> lane(Chunk chunk) {
    return data().laned ? Optional.of("the only one") : Optional.empty();
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException {
    home().mayFail("chunks");
    awaitCount();
    if (data().rowsHidden) {
      return List.of();
    }
    return cut(Part.CHANGES, number(window.from()), number(window.to()), rows);
  }

  private void awaitCount() throws SQLException {
    try {
      data().counted.await();
    } catch (InterruptedException e) {
      throw new SQLException("interrupted while counting", e);
    }
  }

  @Override
  public Snapshot snapshot() {
    Snapshot base = data().pinned ? Snapshot.PINNED : Snapshot.MOVING;
    return data().hasBase ? base : Snapshot.NONE;
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rows) {
    return data().hasBase ? cut(Part.SNAPSHOT, 0, data().rows.size(), rows) : List.of();
  }

  private static List<Chunk> cut(Part part, long from, long to, long rows) {
    List<Chunk> chunks = new ArrayList<>();
    for (long start = from; start < to; start += rows) {
      long end = Math.min(to, start + rows);
      chunks.add(new Chunk(part, Long.toString(start), Long.toString(end)));
    }
    return chunks;
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    home().mayFail("open");
    Resume from = data().begunAnew ? Resume.START : resume;
    return new FakeChunkReader(home(), this, chunk, from);
  }

  @Override
  public long clockMillis(Connection connection) {
    return home().clockMillis.get();
  }

  @Override
  public int compare(Position left, Position right) {
    return Long.compare(number(left), number(right));
  }

  @Override
  public List<String> statements() {
    return List.of();
  }

  private static long number(Position position) {
    return position.beginning() ? 0 : Long.parseLong(position.text());
  }
}
