package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What the mirror needs to know of one source table, over plain JDBC.
 *
 * <p>A feed is resolved once at the start of a job, is serializable, holds no connection and no
 * secret. Positions, chunk bounds and resume points are texts that only it understands. Every
 * method that takes a connection reads only, and leaves the connection as it found it.
 */
public interface Feed extends Serializable {

  /** The columns that are read, and which of them are key, version, order and time. */
  ChangeLayout layout();

  /** Which incarnation of the source table this is now. */
  Identity identity(Connection connection) throws SQLException;

  /**
   * The greatest position that exists in the source now, settled or not; {@code last} when there is
   * none after it.
   */
  Position head(Connection connection, Position last) throws SQLException;

  /**
   * The next window after {@code last}, or empty when nothing after it is settled.
   *
   * @param last up to where changes were read
   * @param seen what {@link #head} returned before, with the server's clock at that moment; a feed
   *     without a clock of its own takes its bound from the newest head that is older than {@code
   *     settleMillis}
   */
  Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException;

  /** Cuts a window into chunks of roughly {@code rows} rows that can be read side by side. */
  List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException;

  /** Cuts the base table into chunks; empty when the table has no snapshot to read first. */
  List<Chunk> snapshotChunks(Connection connection, long rows) throws SQLException;

  /** Reads a chunk from {@code resume} on, {@code fetchSize} rows a round trip. */
  ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException;

  /** The server's clock in epoch milliseconds. */
  long clockMillis(Connection connection) throws SQLException;

  /** Which of two positions of this feed is later; the beginning is before all others. */
  int compare(Position left, Position right);

  /** Every statement that this feed would send, for people to read before they run it. */
  List<String> statements();

  /**
   * A head that was seen before.
   *
   * @param head the greatest position at that moment
   * @param clockMillis the server's clock just before it was asked
   */
  record Observed(Position head, long clockMillis) implements Serializable {}
}
