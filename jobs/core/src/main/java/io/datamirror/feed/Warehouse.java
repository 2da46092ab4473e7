package io.datamirror.feed;

import io.datamirror.change.Operation;
import io.datamirror.model.ForeignKey;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The words and rules of one warehouse's own change feed. {@link NativeFeed} does everything that
 * is the same for all of them: positions, windows, chunks, resuming, and what an error leads to.
 *
 * <p>A point is a number that grows with the history of a table: a time or a version. What was
 * committed at a point or before it is contained in a snapshot at the point; a window {@code (from,
 * to]} has the changes after {@code from} up to {@code to}. A warehouse that counts otherwise
 * translates in its own SQL, and nowhere else.
 *
 * <p>Implementations are plain values without a connection, and name no class of a driver.
 */
interface Warehouse extends Serializable {

  /** How it is seen whether a table may be read, without reading it and at no cost. */
  enum Trial {
    /** By a statement that is explained and not run. */
    EXPLAINED,
    /** By a condition that is never true. */
    NEVER_TRUE,
    /** Not before the first reading: nothing is surely free. */
    NONE
  }

  /** See {@link Feed#probe}. */
  Trial trial();

  /** Its quotes. */
  Dialect dialect();

  /** The columns of a table as it is now; without columns when there is no such table. */
  SourceTable describe(Connection connection, TableName table) throws SQLException;

  /**
   * The whole names of the tables of a schema.
   *
   * @param schema null for all that can be asked for at once, but not the warehouse's own
   */
  List<TableName> tables(Connection connection, String schema) throws SQLException;

  /** The declared foreign keys of a table; what they refer to by its whole name. */
  List<ForeignKey> foreignKeys(Connection connection, TableName table) throws SQLException;

  /** Why this table can have no change feed; empty when it can. */
  default Optional<String> obstacle(SourceTable table) {
    return Optional.empty();
  }

  /** The columns of the declared primary key in the order of the key; empty when there is none. */
  List<String> key(Connection connection, TableName table) throws SQLException;

  /** What it says of a table's history. A table that is not there is an {@link SQLException}. */
  Tracking tracking(Connection connection, TableName table) throws SQLException;

  /**
   * As {@link #tracking}, with every poll: it may leave out a retention that takes a statement of
   * its own.
   */
  default Tracking poll(Connection connection, TableName table) throws SQLException {
    return tracking(connection, table);
  }

  /** The server's clock in epoch milliseconds, never this host's. */
  long clockMillis(Connection connection) throws SQLException;

  /** The greatest point there is now, settled or not. */
  long newest(Connection connection, TableName table) throws SQLException;

  /** The greatest point that no later commit can get behind. */
  Settled settled(Connection connection, TableName table, long settleMillis) throws SQLException;

  /** The most that one window may span, in points; {@link Long#MAX_VALUE} for any. */
  long longestWindow();

  /** The time of a point in epoch milliseconds; empty when a point tells no time. */
  OptionalLong millis(long point);

  /** How values of a column are read; {@link #select} asks for them in that form. */
  Reading reading(SourceColumn column);

  /** Adds the expression that gives the values of a column in the form of its reading. */
  void select(SqlText.Builder sql, SourceColumn column);

  /**
   * The same, but equal instants have equal texts: the warehouse takes them for one key, whatever
   * offset a row has them in. Other columns than those of instants are as in {@link #select}.
   */
  default void selectInstant(SqlText.Builder sql, SourceColumn column) {
    select(sql, column);
  }

  /** Adds what stands behind FROM to read a table as it was at a point. */
  void snapshot(SqlText.Builder sql, TableName table, long at);

  /** Adds what stands behind FROM to read the changes of {@code (from, to]}. */
  void changes(SqlText.Builder sql, TableName table, long from, long to);

  /** Adds the expression of a change's commit unit, a whole number that grows with commits. */
  void unit(SqlText.Builder sql, long to);

  /** The commit unit of a snapshot's rows: before that of every change after the snapshot. */
  default long snapshotUnit(long at) {
    return at;
  }

  /** Adds the expression of a change's commit time in epoch milliseconds, or null. */
  void time(SqlText.Builder sql, long to);

  /** Adds the expression of a snapshot row's time in epoch milliseconds, or null. */
  void snapshotTime(SqlText.Builder sql, long at);

  /** Adds the column that says what a change is. */
  void operation(SqlText.Builder sql);

  /** What the values of {@link #operation} ask for, in small letters: a pre-image is a delete. */
  Map<String, Operation> operations();

  /**
   * Adds, behind the key in ORDER BY, what orders the changes of one key: by their units, and the
   * upserts of a unit before its deletes, as {@link FinalImages} needs them.
   */
  void orderOfChanges(SqlText.Builder sql);

  /** What an error asks for, by the warehouse's own table. */
  Action classify(SQLException error);

  /**
   * Whether an error says that changes were not tracked in the range that was asked for: whose
   * fault that is depends on whether they are tracked now.
   */
  boolean untracked(SQLException error);

  /** The standard's SQL state for an error, where the warehouse has a number of its own. */
  default String state(SQLException error) {
    return error.getSQLState();
  }

  /** What a user needs whom it does not let read a table; empty where that is SELECT. */
  default Optional<String> grant() {
    return Optional.empty();
  }

  /** What of an error's message may be told: words of a closed list, which hold no value. */
  default Optional<String> phrase(SQLException error) {
    return Optional.empty();
  }

  /**
   * Into how many parts a snapshot or a window is cut at most, as long as that does not make parts
   * too large to be sorted: each is a statement of its own, which may have to scan all of it.
   */
  default int mostParts() {
    return 32;
  }

  /**
   * The statements of {@link #describe}, {@link #key}, {@link #tracking}, {@link #clockMillis} and
   * the like, for people: also those that only some specs lead to.
   */
  List<SqlText> questions(TableName table);

  /**
   * A point that is settled.
   *
   * @param millis everything that was committed up to this instant of the server's clock stands at
   *     the point or before it
   */
  record Settled(long point, long millis) {}
}
