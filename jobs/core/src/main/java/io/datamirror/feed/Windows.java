package io.datamirror.feed;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** How the history of one table is cut into windows. */
sealed interface Windows extends Serializable
    permits ClockWindows, HeadWindows, TransactionWindows {

  /** The columns that rows are read in the order of; the first is what windows are cut along. */
  Keyset keyset();

  /** See {@link Feed#head}. */
  Position head(Connection connection, Position last) throws SQLException;

  /** See {@link Feed#requireContinuation}. */
  void requireContinuation(Connection connection, Position last) throws SQLException;

  /**
   * See {@link Feed#requireUnread}.
   *
   * @param parts what is left to read of each
   */
  default void requireUnread(Connection connection, List<Left> parts) throws SQLException {
    requireContinuation(connection, parts.get(0).from());
  }

  /**
   * What is left to read of a part of a window.
   *
   * @param from everything before it was read
   */
  record Left(Position from, Position to, Start start) {

    /** Whether rows that stand at {@code from} were all read. */
    enum Start {
      /** They were: the part before ended there. */
      BEHIND,
      /** Somebody stopped reading there: many rows may have one value. */
      AMONG
    }
  }

  /** See {@link Feed#nextWindow}. */
  Optional<Window> next(Connection connection, Position last, Observed seen, long settleMillis)
      throws SQLException;

  /** Adds the condition that a row stands in {@code (from, to]}; an empty {@code from} is none. */
  void within(SqlText.Builder sql, String from, String to);

  /** The position up to which {@code axis}, a value of the first column, is read. */
  String upTo(String axis);

  /** Which of two positions, neither of them the beginning, is later. */
  int compare(String left, String right);

  /** The statements that ask for bounds. */
  List<SqlText> boundQueries();

  /** The table and how it is talked to. */
  record Target(Dialect dialect, TableName table) implements Serializable {}
}
