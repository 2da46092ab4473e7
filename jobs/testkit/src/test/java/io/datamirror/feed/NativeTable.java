package io.datamirror.feed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A table of id, part and note in one of the warehouses, with the key (id, part), as {@link
 * NativeFeedContract} needs it. Whatever changes it is one commit.
 */
interface NativeTable extends AutoCloseable {

  /** The feed, resolved as a job does when it starts. */
  Feed feed() throws SQLException;

  /** The same with the note as its version. */
  Feed feedByNote() throws SQLException;

  /** Another connection, by the driver. */
  Connection connect() throws SQLException;

  long settleMillis();

  /** Adds rows with the ids {@code [from, to)}. */
  void insert(int from, int to) throws SQLException;

  /** Adds two rows of one key. */
  void insertTwice(int id) throws SQLException;

  /** Gives a row another id. */
  void move(int id, int other) throws SQLException;

  /** Gives a row another note, or none. */
  void note(int id, String note) throws SQLException;

  /** Deletes a row. */
  void delete(int id) throws SQLException;

  /** Deletes a row and adds another one of the same key. */
  void replace(int id, String note) throws SQLException;

  /** Deletes all rows. */
  void truncate() throws SQLException;

  /** Waits until all that was committed is settled. */
  void settle();

  /** The rows of the table as it was at a position. */
  List<List<String>> rowsAt(Position position) throws SQLException;

  /** What was kept of the history so far is gone. */
  void loseHistory() throws SQLException;

  /** Changes are no longer kept. */
  void untrack() throws SQLException;

  /** Drops the table, and creates one of the same name. */
  void recreate() throws SQLException;

  /** The next statement that reads changes fails for a moment. */
  void failOnce();

  /** The next statement that reads changes asks for too much. */
  void asksForTooMuch();

  /** The bounds of changes in the statements since the last call. */
  List<String> bounds();

  /** How many statements asked for the table's identity since the last call. */
  long looks();

  /** The statement that turns the keeping of changes on. */
  String enable();

  @Override
  void close() throws SQLException;
}
