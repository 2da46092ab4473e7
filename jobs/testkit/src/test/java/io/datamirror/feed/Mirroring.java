package io.datamirror.feed;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Follows one table through a native feed, as the job's schedule does, step by step. */
final class Mirroring {

  private static final int FETCH_SIZE = 100;
  private static final int BATCH = 7;

  private final List<Window> windows = new ArrayList<>();
  private final long settleMillis;
  private final long chunkRows;
  private Feed feed;
  private Position last = Position.BEGINNING;
  private Observed seen;
  private Fold fold;

  Mirroring(Feed feed, long settleMillis, long chunkRows) {
    this.feed = feed;
    this.settleMillis = settleMillis;
    this.chunkRows = chunkRows;
    this.fold = new Fold(feed.layout());
  }

  Position last() {
    return last;
  }

  /** All windows so far, the one that the snapshot is of among them. */
  List<Window> windows() {
    return windows;
  }

  /** Another process goes on, with what was stored. */
  void restart(Feed fresh) {
    feed = fresh;
    last = new Position(last.text());
    seen = null;
  }

  Fold fold() {
    return fold;
  }

  /** The time or version of the position. */
  long point() {
    return Point.of(last, "test").value();
  }

  /** Plans the next chunks; what was planned is frozen. Empty when nothing is settled. */
  Optional<List<Chunk>> plan(Connection connection) throws SQLException {
    if (seen == null || !last.beginning()) {
      seen = feed.look(connection, last).observed();
    }
    Optional<Window> window = feed.nextWindow(connection, last, seen, settleMillis);
    if (window.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(planned(connection, window.get()));
  }

  private List<Chunk> planned(Connection connection, Window window) throws SQLException {
    Window tried = window;
    while (true) {
      try {
        List<Chunk> chunks =
            last.beginning()
                ? feed.snapshotChunks(connection, tried.to(), chunkRows)
                : feed.chunks(connection, tried, chunkRows);
        windows.add(tried);
        last = tried.to();
        return chunks;
      } catch (SQLException e) {
        boolean split = SqlErrors.classify(e) == Action.SPLIT;
        tried = feed.narrower(tried).filter(shorter -> split).orElseThrow(() -> e);
      }
    }
  }

  /** Plans and reads, on as many threads as there are connections. */
  boolean step(List<Connection> connections) throws Exception {
    Optional<List<Chunk>> chunks = plan(connections.get(0));
    if (chunks.isEmpty()) {
      return false;
    }
    read(connections, chunks.get());
    return true;
  }

  /** Reads chunks, on as many threads as there are connections. */
  void read(List<Connection> connections, List<Chunk> chunks) throws Exception {
    if (connections.size() == 1) {
      for (Chunk chunk : chunks) {
        read(connections.get(0), chunk, Resume.START, Integer.MAX_VALUE);
      }
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(connections.size());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < connections.size(); i++) {
        int worker = i;
        running.add(
            threads.submit(
                () -> {
                  for (int c = worker; c < chunks.size(); c += connections.size()) {
                    readApart(connections.get(worker), chunks.get(c));
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private void readApart(Connection connection, Chunk chunk) throws SQLException {
    Fold own = new Fold(feed.layout());
    try (ChunkReader reader = feed.open(connection, chunk, Resume.START, FETCH_SIZE)) {
      reader.read(own, Integer.MAX_VALUE);
    }
    synchronized (this) {
      fold.takeAll(own);
    }
  }

  /** Reads a chunk, up to so many rows; where it stands then. */
  Resume read(Connection connection, Chunk chunk, Resume from, int mostRows) throws SQLException {
    try (ChunkReader reader = feed.open(connection, chunk, from, FETCH_SIZE)) {
      int left = mostRows;
      int read;
      do {
        int want = Math.min(BATCH, left);
        read = reader.read(fold, want);
        left -= read;
        if (read < want) {
          return null;
        }
      } while (left > 0);
      return reader.resume();
    }
  }
}
