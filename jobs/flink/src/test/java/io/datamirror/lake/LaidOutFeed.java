package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/** A feed that knows its columns and has nothing to read. */
public record LaidOutFeed(ChangeLayout layout, Snapshot snapshot) implements Feed {

  LaidOutFeed(ChangeLayout layout) {
    this(layout, Snapshot.NONE);
  }

  @Override
  public Identity identity(Connection connection) {
    return Identity.UNKNOWN;
  }

  @Override
  public Position head(Connection connection, Position last) {
    return last;
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) {
    return Optional.empty();
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rows) {
    return List.of();
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rows) {
    return List.of();
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize) {
    throw new AssertionError("nobody reads here");
  }

  @Override
  public long clockMillis(Connection connection) {
    return 0;
  }

  @Override
  public int compare(Position left, Position right) {
    return left.text().compareTo(right.text());
  }

  @Override
  public List<String> statements() {
    return List.of();
  }
}
