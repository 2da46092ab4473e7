package io.datamirror.feed;

import io.datamirror.change.ChangeSink;
import io.datamirror.feed.FinalImages.Kept;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads one chunk in the order of a keyset, inside a transaction of its own where asked for.
 *
 * <p>The query runs at the first {@link #read}, so that it can be cancelled from the start.
 */
final class KeysetReader implements ChunkReader {

  /**
   * Of how many rows with one keyset value a reader remembers that they were delivered. A statement
   * may give millions of rows one value, and what is remembered is in every checkpoint.
   */
  static final int MOST_REMEMBERED = 10_000;

  private final Connection connection;
  private final Scope scope;
  private final boolean autoCommit;
  private final RowPlan plan;
  private final Dialect dialect;
  private final KeysetPlace place;
  private final Delivered delivered;
  private final FinalImages images;
  private final Rows rows;
  private RowDecoder decoder;
  private boolean undigested;
  private boolean executed;
  private boolean ended;
  private volatile boolean cancelled;

  private KeysetReader(
      Connection connection,
      Scope scope,
      boolean autoCommit,
      RowPlan plan,
      KeysetPlace place,
      Start start)
      throws SQLException {
    this.connection = connection;
    this.scope = scope;
    this.autoCommit = autoCommit;
    this.plan = plan;
    this.dialect = start.query().dialect();
    this.place = place;
    this.delivered = new Delivered(start.resume().delivered());
    this.images = FinalImages.of(plan, start.kept());
    this.rows = Rows.prepare(connection, start.query(), start.fetchSize());
  }

  /** What is read, from where, in which portions, and which rows of it count. */
  record Start(SqlText query, Resume resume, int fetchSize, Kept kept) {

    /** All rows count. */
    Start(SqlText query, Resume resume, int fetchSize) {
      this(query, resume, fetchSize, Kept.ALL);
    }
  }

  /** Where the query runs. */
  enum Scope {
    /** Some drivers stream rows only inside a transaction; most others lose nothing by one. */
    TRANSACTION,
    /** Where a transaction costs statements of its own, or the feed cannot be read in one. */
    STATEMENT
  }

  static KeysetReader open(Connection connection, RowPlan plan, Keyset keyset, Start start)
      throws SQLException {
    return open(connection, Scope.TRANSACTION, plan, keyset, start);
  }

  static KeysetReader open(
      Connection connection, Scope scope, RowPlan plan, Keyset keyset, Start start)
      throws SQLException {
    boolean autoCommit =
        switch (scope) {
          case TRANSACTION -> connection.getAutoCommit();
          case STATEMENT -> true;
        };
    switch (scope) {
      case TRANSACTION -> connection.setAutoCommit(false);
      case STATEMENT -> {}
    }
    try {
      int firstIndex = plan.selected().size() + 1;
      KeysetPlace place = new KeysetPlace(keyset, firstIndex, start.resume().cursor());
      return new KeysetReader(connection, scope, autoCommit, plan, place, start);
    } catch (SQLException | RuntimeException e) {
      switch (scope) {
        case TRANSACTION -> restoreAfter(e, connection, autoCommit);
        case STATEMENT -> {}
      }
      throw e;
    }
  }

  @Override
  public int read(ChangeSink sink, int maxRows) throws SQLException {
    begin(sink);
    int count = 0;
    while (count < maxRows && !ended) {
      if (!rows.next()) {
        ended = true;
      } else if (deliverRow()) {
        count++;
      }
    }
    return count;
  }

  private void begin(ChangeSink sink) throws SQLException {
    if (cancelled) {
      throw new SQLException("the reading was cancelled", "57014");
    }
    if (!executed) {
      executed = true;
      rows.execute();
    }
    if (decoder == null || !decoder.serves(sink)) {
      digestLast();
      WireFormats formats = WireFormats.of(rows.row());
      ResultTypes.require(plan, dialect, formats, rows.row());
      decoder = new RowDecoder(plan, formats, sink);
    }
  }

  private boolean deliverRow() throws SQLException {
    if (place.advance(rows.row())) {
      delivered.clear();
      images.nextKey();
      undigested = false;
    }
    digestLast();
    decoder.decode(rows.row());
    if (images.passesOver(rows.row(), decoder.operation())) {
      return false;
    }
    if (delivered.skips() && delivered.before(decoder.digest())) {
      return false;
    }
    decoder.deliver();
    undigested = true;
    return true;
  }

  /** Most rows stand alone at their place and are followed by another: nobody asks for theirs. */
  private void digestLast() {
    if (undigested) {
      delivered.add(decoder.digest());
      undigested = false;
    }
  }

  @Override
  public Resume resume() {
    digestLast();
    return place.text().isEmpty() ? Resume.START : new Resume(place.text(), delivered.digests());
  }

  @Override
  public void cancel() {
    cancelled = true;
    try {
      rows.cancel();
    } catch (SQLException e) {
      // The statement is closed or the connection is gone: nothing is left to cancel.
      return;
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      rows.close();
    } finally {
      switch (scope) {
        case TRANSACTION -> endTransaction();
        case STATEMENT -> {}
      }
    }
  }

  private void endTransaction() throws SQLException {
    try {
      if (ended) {
        connection.commit();
      } else {
        connection.rollback();
      }
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }

  private static void restoreAfter(Exception failure, Connection connection, boolean autoCommit) {
    try {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * The digests of the rows that share the last keyset value and were delivered; none of them once
   * they are too many, so that all rows of the value are read again.
   */
  private static final class Delivered {
    private static final long[] NONE = new long[0];

    private final Map<Long, Integer> toSkip = new HashMap<>();
    private long[] digests;
    private int size;
    private boolean tooMany;

    Delivered(long[] before) {
      // An earlier release kept as many as there were.
      tooMany = before.length > MOST_REMEMBERED;
      digests = tooMany ? NONE : before.clone();
      size = digests.length;
      for (long digest : digests) {
        toSkip.merge(digest, 1, Integer::sum);
      }
    }

    void clear() {
      size = 0;
      tooMany = false;
      toSkip.clear();
    }

    void add(long digest) {
      if (size == MOST_REMEMBERED) {
        size = 0;
        tooMany = true;
      }
      if (tooMany) {
        return;
      }
      if (size == digests.length) {
        digests = Arrays.copyOf(digests, Math.max(16, 2 * size));
      }
      digests[size++] = digest;
    }

    boolean skips() {
      return !toSkip.isEmpty();
    }

    /** Whether a row of this digest was delivered before; counts each such row once. */
    boolean before(long digest) {
      if (!toSkip.containsKey(digest)) {
        return false;
      }
      toSkip.computeIfPresent(digest, (same, count) -> count == 1 ? null : count - 1);
      return true;
    }

    long[] digests() {
      return Arrays.copyOf(digests, size);
    }
  }
}
