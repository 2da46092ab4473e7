package io.datamirror.bench;

import io.datamirror.testkit.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A table of changes in a PostgreSQL that lives as long as this process. */
final class SourceTable {

  /** The table that is measured. */
  static final String MEASURED = "chg";

  /** A short one of the same kind, for warming up. */
  static final String WARM_UP = "warm";

  private static final long WARM_UP_ROWS = 200_000;

  private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();
  private final String url;
  private final Workload workload;

  /** Makes the table and fills it. */
  SourceTable(Workload workload, long rows, long keys) throws SQLException {
    this.workload = workload;
    this.url = postgres.newDatabase();
    fill(MEASURED, rows, keys);
    fill(WARM_UP, Math.min(WARM_UP_ROWS, Math.max(1_000, rows / 5)), Math.max(1, keys / 10));
  }

  private void fill(String table, long rows, long keys) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET work_mem = '256MB'");
      statement.execute(workload.createTable(table, rows, keys));
      statement.execute("ALTER TABLE " + table + " ADD PRIMARY KEY (seq)");
      statement.execute("VACUUM (FREEZE, ANALYZE) " + table);
    }
  }

  String url() {
    return url;
  }

  String user() {
    return postgres.user();
  }

  Connection connect() throws SQLException {
    return postgres.connect(url);
  }

  /** What a mirror of the table must hold: the fold of its changes, done by the database. */
  Digest expected() throws SQLException {
    String fold =
        "(SELECT * FROM (SELECT DISTINCT ON (id) * FROM %s ORDER BY id, ver DESC, op) AS last WHERE op = 'u') AS fold"
            .formatted(MEASURED);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET work_mem = '256MB'");
      try (ResultSet rows = statement.executeQuery(Digest.query(workload.columns(), fold))) {
        rows.next();
        return new Digest(
            rows.getLong(1),
            rows.getBigDecimal(2).toBigIntegerExact(),
            rows.getBigDecimal(3).toBigIntegerExact());
      }
    }
  }

  /** The server's process, whose ended children count as its own. */
  long serverProcess() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return ProcessHandle.of(rows.getLong(1))
          .flatMap(ProcessHandle::parent)
          .map(ProcessHandle::pid)
          .orElse(-1L);
    }
  }
}
