package io.datamirror.feed;

import io.datamirror.change.ChangeSink;
import java.sql.SQLException;

/**
 * Reads one chunk once, from a resume point to its end. Not thread-safe, but for {@link #cancel}.
 */
public interface ChunkReader extends AutoCloseable {

  /**
   * Delivers up to {@code maxRows} further changes.
   *
   * @return how many were delivered; less than {@code maxRows} only at the end of the chunk
   */
  int read(ChangeSink sink, int maxRows) throws SQLException;

  /**
   * The point from which a new reader delivers all that this one has not delivered, and nothing
   * twice but what would be too much to remember.
   */
  Resume resume();

  /** Ends a running query from another thread; the reading thread gets an {@link SQLException}. */
  void cancel();

  @Override
  void close() throws SQLException;
}
