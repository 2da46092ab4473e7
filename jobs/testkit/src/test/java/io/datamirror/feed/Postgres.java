package io.datamirror.feed;

import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.testkit.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A database of its own on the shared PostgreSQL, for one test class. */
final class Postgres implements AutoCloseable {

  private final String url;
  private final Connection connection;

  Postgres(String... statements) throws SQLException {
    this("UTF8", statements);
  }

  private Postgres(String encoding, String... statements) throws SQLException {
    url = EmbeddedPostgres.shared().newDatabase(encoding);
    connection = connect();
    run(statements);
  }

  /** A database that takes any bytes for text. */
  static Postgres ofAnyBytes(String... statements) throws SQLException {
    return new Postgres("SQL_ASCII", statements);
  }

  String url() {
    return url;
  }

  Connection connection() {
    return connection;
  }

  /** A connection as the product's are. */
  Connection connect() throws SQLException {
    return connect("");
  }

  /** The same with options at the end of its URL. */
  Connection connect(String options) throws SQLException {
    SourceSpec source = Specs.source(url + options, EmbeddedPostgres.shared().user(), "", Map.of());
    Connection connection = Connections.to(source, SecretSource.ofProcess(), talk -> {}).open();
    connection.setReadOnly(false);
    return connection;
  }

  /** A connection that gets every value as text. */
  Connection connectForText() throws SQLException {
    return EmbeddedPostgres.shared().connect(url + "?binaryTransfer=false");
  }

  void run(String... statements) throws SQLException {
    run(connection, statements);
  }

  static void run(Connection connection, String... statements) throws SQLException {
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
