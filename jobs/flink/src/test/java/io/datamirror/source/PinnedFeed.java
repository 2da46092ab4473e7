package io.datamirror.source;

import io.datamirror.change.ChangeLayout;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A feed whose base table counts as one of a single moment, as a warehouse's does. It is so for as
 * long as nobody changes it.
 */
record PinnedFeed(Feed feed) implements Feed {

  private static final long serialVersionUID = 1L;

  @Override
  public Snapshot snapshot() {
    return Snapshot.PINNED;
  }

  @Override
  public ChangeLayout layout() {
    return feed.layout();
  }

  @Override
  public Identity identity(Connection connection) throws SQLException {
    return feed.identity(connection);
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    return feed.head(connection, last);
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    return feed.nextWindow(connection, last, seen, settleMillis);
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException {
    return feed.chunks(connection, window, rows);
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rows)
      throws SQLException {
    return feed.snapshotChunks(connection, at, rows);
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    return feed.open(connection, chunk, resume, fetchSize);
  }

  @Override
  public long clockMillis(Connection connection) throws SQLException {
    return feed.clockMillis(connection);
  }

  @Override
  public int compare(Position left, Position right) {
    return feed.compare(left, right);
  }

  @Override
  public List<String> statements() {
    return feed.statements();
  }
}
