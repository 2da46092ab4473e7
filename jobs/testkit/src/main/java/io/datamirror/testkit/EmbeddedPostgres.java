package io.datamirror.testkit;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL, started by the first test of a JVM that asks for it and stopped when the JVM
 * ends. It listens on a free port of the loopback address only.
 */
public final class EmbeddedPostgres {

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final int MOST_CONNECTIONS = 100;

  private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;

  private EmbeddedPostgres() throws IOException {
    server =
        io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
            .setServerConfig("max_connections", Integer.toString(MOST_CONNECTIONS))
            .setServerConfig("fsync", "off")
            .start();
  }

  private static final class Shared {
    private static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return new EmbeddedPostgres();
      } catch (IOException e) {
        throw new IllegalStateException("PostgreSQL does not start", e);
      }
    }
  }

  /** The server that all tests of this JVM share. */
  public static EmbeddedPostgres shared() {
    return Shared.SERVER;
  }

  /** Makes a new, empty database, and returns its URL; the user is {@link #user}, no password. */
  public String newDatabase() throws SQLException {
    return newDatabase("UTF8");
  }

  /** The same, for text in {@code encoding}. */
  public String newDatabase(String encoding) throws SQLException {
    String name = "test" + DATABASES.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url("postgres"), user(), "");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE " + name + " TEMPLATE template0 LOCALE 'C' ENCODING '" + encoding + "'");
    }
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** The superuser. */
  public String user() {
    return "postgres";
  }

  /** A connection to a database that {@link #newDatabase} made. */
  public Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, user(), "");
  }
}
