package io.datamirror.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows of a running query. One thread reads them; any thread may cancel. */
public final class Rows implements AutoCloseable {

  private final PreparedStatement statement;
  private ResultSet results;

  private Rows(PreparedStatement statement) {
    this.statement = statement;
  }

  /** At most so many rows. Some drivers hold a whole result, whatever the fetch size is. */
  static Rows first(Connection connection, SqlText text, int most) throws SQLException {
    Rows rows = prepare(connection, text, 0);
    try {
      rows.statement.setMaxRows(most);
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, rows.statement);
      throw e;
    }
    return rows.execute();
  }

  /** A query that is ready to run, so that it can be cancelled while it runs. */
  public static Rows prepare(Connection connection, SqlText text, int fetchSize)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(
            text.toString(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    try {
      statement.setFetchSize(fetchSize);
      for (int i = 0; i < text.values().size(); i++) {
        text.values().get(i).bind(statement, i + 1, text.dialect());
      }
      return new Rows(statement);
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, statement);
      throw e;
    }
  }

  /** Runs the query. */
  public Rows execute() throws SQLException {
    try {
      results = statement.executeQuery();
      return this;
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, statement);
      throw e;
    }
  }

  /** Moves to the next row; false at the end. */
  public boolean next() throws SQLException {
    return results.next();
  }

  /** The row where {@link #next} stands. */
  public ResultSet row() {
    return results;
  }

  /** Ends the query from another thread. */
  public void cancel() throws SQLException {
    statement.cancel();
  }

  @Override
  public void close() throws SQLException {
    try (statement) {
      if (results != null) {
        results.close();
      }
    }
  }

  private static void closeAfter(Exception failure, PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
