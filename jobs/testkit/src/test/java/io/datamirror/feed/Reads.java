package io.datamirror.feed;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads feeds to their end, as short as tests want to say it. */
final class Reads {

  static final int MANY = 1_000_000;
  private static final int FETCH_SIZE = 100;

  private Reads() {}

  static Feed resolve(Connection connection, TableSpec spec) throws SQLException {
    return FeedFactory.resolve(connection, Specs.source("jdbc:h2:mem:unused"), spec);
  }

  /** The next window with no settling time. */
  static Optional<Window> next(Connection connection, Feed feed, Position last)
      throws SQLException {
    Observed seen = observe(connection, feed, last);
    return feed.nextWindow(connection, last, seen, 0);
  }

  static Observed observe(Connection connection, Feed feed, Position last) throws SQLException {
    long clock = feed.clockMillis(connection);
    Position head = feed.head(connection, last);
    return new Observed(head, clock, feed.clockMillis(connection));
  }

  /** Everything from the beginning to now. */
  static Collected all(Connection connection, Feed feed) throws SQLException {
    Collected collected = new Collected(feed.layout());
    Window window = next(connection, feed, Position.BEGINNING).orElseThrow();
    read(connection, feed, feed.chunks(connection, window, MANY), collected);
    return collected;
  }

  static Collected all(Connection connection, TableSpec spec) throws SQLException {
    return all(connection, resolve(connection, spec));
  }

  static void read(Connection connection, Feed feed, List<Chunk> chunks, Collected into)
      throws SQLException {
    for (Chunk chunk : chunks) {
      try (ChunkReader reader = feed.open(connection, chunk, Resume.START, FETCH_SIZE)) {
        reader.read(into, MANY);
      }
    }
  }
}
