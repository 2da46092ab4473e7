package io.datamirror.feed;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.RowWriter;
import io.datamirror.ledger.LedgerEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Reads a chunk to its end although connections break: goes on behind the last row that was
 * delivered, on a new connection.
 *
 * <p>Takes a connection at the first {@link #read} and gives it back at {@link #close}. One thread
 * reads, any thread may cancel.
 */
public final class SteadyReader implements ChunkReader {

  private static final String CANCELLED = "57014";

  private final Connections connections;
  private final Work work;
  private final RetryPolicy<Void> policy;
  private Resume resume;
  private CountingSink counting;

  private final Object lock = new Object();
  private Connection connection;
  private ChunkReader reader;
  private Thread readingThread;
  private boolean cancelled;

  /**
   * @param connections where connections come from
   * @param work what to read
   * @param talk hears of each failure that is tried again, as one sentence
   */
  public SteadyReader(Connections connections, Work work, Consumer<String> talk) {
    this.connections = connections;
    this.work = work;
    this.resume = work.resume();
    this.policy = Retries.policy("reading " + work.feed().layout().table(), talk);
  }

  /**
   * What to read.
   *
   * @param fetchSize how many rows the driver fetches at once
   */
  public record Work(Feed feed, Chunk chunk, Resume resume, int fetchSize) {}

  /**
   * {@inheritDoc}
   *
   * @throws io.datamirror.error.MirrorException when reading failed for good
   * @throws SQLException when it was cancelled
   */
  @Override
  public int read(ChangeSink sink, int maxRows) throws SQLException {
    if (counting == null || counting.sink != sink) {
      counting = new CountingSink(sink);
    }
    counting.count = 0;
    begin();
    try {
      Failsafe.with(policy).run(() -> attempt(maxRows));
      return counting.count;
    } catch (RuntimeException e) {
      throw explained(Retries.unwrapped(e));
    } finally {
      end();
    }
  }

  private void attempt(int maxRows) throws SQLException {
    checkCancelled();
    ChunkReader current = current();
    try {
      current.read(counting, maxRows - counting.count);
      resume = current.resume();
    } catch (SQLException | RuntimeException e) {
      resume = current.resume();
      giveUpConnection(e);
      throw e;
    }
  }

  private ChunkReader current() throws SQLException {
    if (reader != null) {
      return reader;
    }
    Connection opened = connections.open();
    synchronized (lock) {
      connection = opened;
    }
    try {
      ChunkReader fresh = work.feed().open(opened, work.chunk(), resume, work.fetchSize());
      synchronized (lock) {
        reader = fresh;
      }
      return fresh;
    } catch (SQLException | RuntimeException e) {
      giveUpConnection(e);
      throw e;
    }
  }

  /** After a failure nobody knows what state the connection is in: it is never used again. */
  private void giveUpConnection(Exception failure) {
    try {
      closeBoth();
    } catch (SQLException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void closeBoth() throws SQLException {
    ChunkReader oldReader;
    Connection oldConnection;
    synchronized (lock) {
      oldReader = reader;
      oldConnection = connection;
      reader = null;
      connection = null;
    }
    try (oldConnection) {
      if (oldReader != null) {
        oldReader.close();
      }
    }
  }

  private void begin() throws SQLException {
    synchronized (lock) {
      checkCancelled();
      readingThread = Thread.currentThread();
    }
  }

  private void end() {
    synchronized (lock) {
      readingThread = null;
      if (cancelled) {
        // The interrupt was meant for the reading, which is over.
        Thread.interrupted();
      }
    }
  }

  private void checkCancelled() throws SQLException {
    synchronized (lock) {
      if (cancelled) {
        throw new SQLException("the reading was cancelled", CANCELLED);
      }
    }
  }

  private RuntimeException explained(Throwable failure) throws SQLException {
    checkCancelled();
    if (failure instanceof SQLException error) {
      return SourceErrors.query(error, work.feed().layout().table());
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      throw new SQLException("the reading was interrupted", CANCELLED, failure);
    }
    return (RuntimeException) failure;
  }

  @Override
  public Resume resume() {
    return resume;
  }

  /** Ends the reading: the query, the connection, and a wait between two attempts. */
  @Override
  public void cancel() {
    ChunkReader running;
    Connection used;
    synchronized (lock) {
      cancelled = true;
      running = reader;
      used = connection;
    }
    if (running != null) {
      running.cancel();
    }
    if (used != null) {
      abort(used);
    }
    synchronized (lock) {
      if (readingThread != null) {
        readingThread.interrupt();
      }
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed, or the driver cannot abort; the cancelled query is the way out then.
      return;
    }
  }

  @Override
  public void close() throws SQLException {
    closeBoth();
  }

  /** Counts what is delivered, also by an attempt that fails later. */
  private static final class CountingSink implements ChangeSink {
    private final ChangeSink sink;
    private int count;

    CountingSink(ChangeSink sink) {
      this.sink = sink;
    }

    @Override
    public RowWriter row() {
      return sink.row();
    }

    @Override
    public void change(Operation operation, KeyId key, byte[] rank, long timeMillis) {
      sink.change(operation, key, rank, timeMillis);
      count++;
    }

    @Override
    public void reject(LedgerEntry entry) {
      sink.reject(entry);
      count++;
    }
  }
}
