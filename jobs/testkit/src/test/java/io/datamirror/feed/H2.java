package io.datamirror.feed;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** An in-memory H2 for one test. */
final class H2 implements AutoCloseable {

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String url = "jdbc:h2:mem:feeds" + NUMBERS.incrementAndGet();
  private final Connection connection;

  H2(String... statements) {
    try {
      connection = DriverManager.getConnection(url, "sa", "");
      run(statements);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return url;
  }

  /** The connection that keeps the database alive; tests may read over it, too. */
  Connection connection() {
    return connection;
  }

  void run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
