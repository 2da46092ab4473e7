package io.datamirror.verify;

import io.datamirror.change.ChangeSink;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;

/** Reads what a source says of a table, through the feed that the mirror itself reads by. */
final class SourceSide {
  private static final long CHUNK_ROWS = 250_000;
  private static final int BATCH_ROWS = 1_000;

  private final Connection connection;
  private final Feed feed;
  private final int fetchSize;
  private final LongConsumer progress;

  /**
   * @param progress told how many rows were read, batch by batch
   */
  SourceSide(Connection connection, Feed feed, int fetchSize, LongConsumer progress) {
    this.connection = connection;
    this.feed = feed;
    this.fetchSize = fetchSize;
    this.progress = progress;
  }

  /** Delivers every change in {@code (from, to]}. */
  void changes(Position from, Position to, ChangeSink sink) throws SQLException {
    if (feed.compare(from, to) >= 0) {
      return;
    }
    Window window = new Window(from, to, Long.MIN_VALUE);
    for (Chunk chunk : feed.chunks(connection, window, CHUNK_ROWS)) {
      read(chunk, sink);
    }
  }

  /**
   * Delivers the rows that are read before the changes, if there are any.
   *
   * @param at of which position, where the source still knows
   */
  void base(Position at, ChangeSink sink) throws SQLException {
    for (Chunk chunk : feed.snapshotChunks(connection, at, CHUNK_ROWS)) {
      read(chunk, sink);
    }
  }

  /** Makes sure that everything up to a position is still there. */
  void requireWhole(Position to) throws SQLException {
    feed.requireWhole(connection, to);
  }

  /** The newest position there is. */
  Position head(Position last) throws SQLException {
    return feed.head(connection, last);
  }

  private void read(Chunk chunk, ChangeSink sink) throws SQLException {
    try (ChunkReader reader = feed.open(connection, chunk, Resume.START, fetchSize)) {
      int delivered;
      do {
        delivered = reader.read(sink, BATCH_ROWS);
        progress.accept(delivered);
      } while (delivered == BATCH_ROWS);
    }
  }
}
