package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
   * What a poll begins with: {@link #identity}, the clock, {@link #head} and the clock once more,
   * asked in this order, so that whatever was committed by the first time stands at the head or
   * before it, and the head stood there by the second.
   */
  default Sight look(Connection connection, Position last) throws SQLException {
    Identity identity = identity(connection);
    long clockMillis = clockMillis(connection);
    Position head = head(connection, last);
    return new Sight(identity, new Observed(head, clockMillis, clockMillis(connection)));
  }

  /**
   * The greatest position that exists in the source now, settled or not; {@code last} when there is
   * none after it.
   */
  Position head(Connection connection, Position last) throws SQLException;

  /**
   * Makes sure, as far as the source can tell, that nothing of what came after a position is gone.
   * Asked by each start, before the first window, and whenever the reading stood still: whoever
   * reads on sees changes before anybody cleans them up.
   *
   * @param last up to where changes were read
   * @throws io.datamirror.error.MirrorException with {@link
   *     io.datamirror.error.ErrorCode#HISTORY_LOST} if something may be gone
   */
  default void requireContinuation(Connection connection, Position last) throws SQLException {}

  /**
   * Makes sure, as far as the source can tell, that nothing unread is gone of a window that was
   * planned before the reading stood still. What was read of it may go, but for the newest row.
   *
   * @param parts what of the window was not read to its end, at least one
   * @throws io.datamirror.error.MirrorException with {@link
   *     io.datamirror.error.ErrorCode#HISTORY_LOST} if something may be gone
   */
  default void requireUnread(Connection connection, List<Unread> parts) throws SQLException {}

  /**
   * A chunk of changes that was not read to its end.
   *
   * @param resume how far it was read
   */
  record Unread(Chunk chunk, Resume resume) {}

  /**
   * The next window after {@code last}, or empty when nothing after it is settled.
   *
   * @param last up to where changes were read
   * @param seen what {@link #look} saw before; a feed without a clock of its own takes its bound
   *     from the newest head that was seen {@code settleMillis} ago or before
   */
  Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException;

  /** Cuts a window into chunks of roughly {@code rows} rows that can be read side by side. */
  List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException;

  /** Whether rows are read before the changes, and of which moment they are. */
  enum Snapshot {
    /** There are changes only. */
    NONE,
    /** A base table that goes on changing while it is read. */
    MOVING,
    /** The table as it was at one position, all of it. */
    PINNED
  }

  /** What is read before the changes. */
  Snapshot snapshot();

  /**
   * The order of every row of a {@link Snapshot#PINNED} one: after that of each change before it,
   * and before that of each after it. Empty when rows have an order of their own.
   */
  default OptionalLong snapshotOrder(Position at) {
    return OptionalLong.empty();
  }

  /**
   * Where changes are read from after a base table that is read now, as a window from the
   * beginning; empty when nothing is settled.
   *
   * @param seen as in {@link #nextWindow}
   */
  default Optional<Window> snapshotStart(Connection connection, Observed seen, long settleMillis)
      throws SQLException {
    return nextWindow(connection, Position.BEGINNING, seen, settleMillis);
  }

  /**
   * Whether a start without state must find the table in the lake as it was at its position, with
   * nothing of what came after: where a later reading would not win over it.
   */
  default boolean resumesExactly() {
    return snapshot() == Snapshot.PINNED;
  }

  /**
   * Cuts the snapshot into chunks; empty when there is none to read first.
   *
   * @param at the position that a {@link Snapshot#PINNED} one is of
   */
  List<Chunk> snapshotChunks(Connection connection, Position at, long rows) throws SQLException;

  /**
   * Whether more was settled than {@code window} holds when it was planned, so that the next one
   * need not wait for the next poll.
   */
  default boolean more(Window window, Observed seen, long settleMillis) {
    return compare(seen.head(), window.to()) > 0;
  }

  /**
   * A shorter window from the same position, for one that the source cannot read in one query;
   * empty when it cannot be cut. Only for a window that nobody has begun to read.
   */
  default Optional<Window> narrower(Window window) {
    return Optional.empty();
  }

  /** The time of a position in epoch milliseconds; empty when it tells no time. */
  default OptionalLong millis(Position position) {
    return OptionalLong.empty();
  }

  /**
   * The feed that rows are compared by with those of the lake: without what only says where a
   * change stood, if rows of the base table stand nowhere.
   */
  default Feed comparable() {
    return this;
  }

  /** For how long the source kept changes when it was described; empty when it does not say. */
  default OptionalLong retentionMillis() {
    return OptionalLong.empty();
  }

  /** What the source says of the history that it keeps; empty when it keeps none of its own. */
  default Optional<Tracking> tracking(Connection connection) throws SQLException {
    return Optional.empty();
  }

  /**
   * Whether changes come in lanes, each from a writer of its own and with times of its own, so that
   * neither the newest time nor the source's clock says that no older change will come.
   */
  default boolean laned() {
    return false;
  }

  /** The lane that a chunk is a part of; empty if changes do not come in lanes. */
  default Optional<String> lane(Chunk chunk) {
    return Optional.empty();
  }

  /**
   * Makes sure that everything up to a position can be read again from the beginning.
   *
   * @throws io.datamirror.error.MirrorException if the source is known to have let go of some of it
   */
  default void requireWhole(Connection connection, Position to) throws SQLException {}

  /**
   * Whether what was changed later may be gone from what the source says of an earlier position.
   */
  default boolean forgetsEarlier() {
    return false;
  }

  /** Reads a chunk from {@code resume} on, {@code fetchSize} rows a round trip. */
  ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException;

  /** The server's clock in epoch milliseconds. */
  long clockMillis(Connection connection) throws SQLException;

  /**
   * Makes sure, before anything is begun, that the source tells its clock and that every statement
   * that reads rows may be sent. Reads no row, and costs nothing where reading does; a source that
   * has no such way says at the first reading what the user may not read.
   *
   * @throws io.datamirror.error.MirrorException if it is not so
   */
  default void probe(Connection connection) throws SQLException {
    clockMillis(connection);
  }

  /** Which of two positions of this feed is later; the beginning is before all others. */
  int compare(Position left, Position right);

  /** Every statement that this feed would send, for people to read before they run it. */
  List<String> statements();

  /** What a source says of a table at one moment. */
  record Sight(Identity identity, Observed observed) {}

  /**
   * A head that was seen before. A slow scan or a lock may lie between its two times.
   *
   * @param head the greatest position at that moment
   * @param clockMillis the server's clock just before it was asked: the head holds all that was
   *     committed by then
   * @param seenMillis the server's clock just after the answer: from then on it settles
   */
  record Observed(Position head, long clockMillis, long seenMillis) implements Serializable {

    /** A head whose two times are one. */
    public Observed(Position head, long clockMillis) {
      this(head, clockMillis, clockMillis);
    }
  }
}
