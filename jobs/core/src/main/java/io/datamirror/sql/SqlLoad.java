package io.datamirror.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/**
 * Fills a table, batch by batch, of a database that belongs to this process: the embedded warehouse
 * of the demo. A mirror's source is only ever read, so nothing else in the product writes by SQL.
 */
public final class SqlLoad implements AutoCloseable {
  private static final int BATCH_ROWS = 2_000;

  private final Connection connection;
  private final PreparedStatement statement;
  private int waiting;

  private SqlLoad(Connection connection, PreparedStatement statement) {
    this.connection = connection;
    this.statement = statement;
  }

  /** Runs a statement that defines something. */
  public static void define(Connection connection, SqlText definition) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(definition.toString())) {
      statement.execute();
    }
  }

  /** Begins to fill these columns of a table; the connection's autocommit is switched off. */
  public static SqlLoad into(
      Connection connection, Dialect dialect, TableName table, List<Identifier> columns)
      throws SQLException {
    connection.setAutoCommit(false);
    String text =
        SqlText.in(dialect)
            .text("INSERT INTO ")
            .name(table)
            .text(" (")
            .names(columns)
            .text(") VALUES (")
            .build()
            .toString();
    String places = String.join(", ", Collections.nCopies(columns.size(), "?"));
    return new SqlLoad(connection, connection.prepareStatement(text + places + ")"));
  }

  /** Adds a row: a value for each column, of a class that the driver knows, or null. */
  public void add(Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.addBatch();
    if (++waiting == BATCH_ROWS) {
      flush();
    }
  }

  private void flush() throws SQLException {
    statement.executeBatch();
    connection.commit();
    waiting = 0;
  }

  /** Writes what is left. */
  @Override
  public void close() throws SQLException {
    try (statement) {
      if (waiting > 0) {
        flush();
      }
    }
  }
}
