package io.datamirror.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is opened when it is needed, kept while it works, and can be cut from another
 * thread.
 */
public final class HeldConnection {

  private static final Logger LOG = LoggerFactory.getLogger(HeldConnection.class);
  private static final int VALID_SECONDS = 2;
  private static final Duration CHECK_AFTER = Duration.ofSeconds(5);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private final Opening connections;
  private final long checkAfterNanos;
  private Connection connection;
  private boolean aborted;
  private long usedNanos;

  public HeldConnection(Opening connections) {
    this(connections, CHECK_AFTER);
  }

  /**
   * @param checkAfter a connection that was not used for longer is checked first
   */
  public HeldConnection(Opening connections, Duration checkAfter) {
    this.connections = connections;
    this.checkAfterNanos = checkAfter.toNanos();
  }

  /** How a connection is opened. */
  @FunctionalInterface
  public interface Opening {

    /** A new connection; whoever asked for it closes it. */
    Connection open() throws SQLException;
  }

  /** The connection: the one kept, unless it has been idle and no longer answers. */
  public Connection get() throws SQLException {
    Connection kept = kept();
    if (kept != null && System.nanoTime() - usedNanos > checkAfterNanos && !answers(kept)) {
      drop();
      kept = null;
    }
    usedNanos = System.nanoTime();
    return kept == null ? keep(connections.open()) : kept;
  }

  private synchronized Connection kept() throws SQLException {
    if (aborted) {
      throw new SQLException("the connection is closed for good");
    }
    return connection;
  }

  private synchronized Connection keep(Connection opened) throws SQLException {
    if (aborted) {
      opened.close();
      throw new SQLException("the connection is closed for good");
    }
    connection = opened;
    return opened;
  }

  private static boolean answers(Connection kept) {
    try {
      return kept.isValid(VALID_SECONDS);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("A connection does not say whether it is valid", e);
      return false;
    }
  }

  /**
   * Closes the connection if it was not asked for since then; the next {@link #get} opens another.
   */
  public void dropUnused(Duration since) {
    if (System.nanoTime() - usedNanos > since.toNanos()) {
      drop();
    }
  }

  /** Closes the connection; the next {@link #get} opens another. */
  public void drop() {
    close(take());
  }

  private synchronized Connection take() {
    Connection taken = connection;
    connection = null;
    return taken;
  }

  private static void close(Connection closing) {
    if (closing == null) {
      return;
    }
    try {
      closing.close();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("A connection did not close", e);
    }
  }

  /**
   * Closes the connection, which nobody uses, for good. Some drivers say goodbye to their server,
   * and wait for its answer: one that says nothing is waited for a moment, and then cut.
   */
  public void close() {
    Connection closing = takeForGood();
    if (closing != null
        && !Aside.run("data-mirror-close-connection", CLOSE_PATIENCE, () -> close(closing))) {
      cutAside(closing);
    }
  }

  private synchronized Connection takeForGood() {
    aborted = true;
    return take();
  }

  /** Cuts the connection under whoever uses it, for good. Does not wait for anything. */
  public void abort() {
    Connection cut = takeForGood();
    if (cut != null) {
      cutAside(cut);
    }
  }

  /** A driver may hold a lock while its query runs, and close only after that. */
  private static void cutAside(Connection cut) {
    Aside.begin("data-mirror-cut-connection", () -> cut(cut));
  }

  private static void cut(Connection cut) {
    try {
      cut.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("A connection could not be cut", e);
    }
    close(cut);
  }
}
