package io.datamirror.bench;

import io.datamirror.testkit.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;

/** A table of changes in a PostgreSQL that lives as long as this process. */
final class SourceTable {

  private static final String MEASURED = "chg";
  private static final String WARM_UP = "warm";

  private static final long WARM_UP_ROWS = 2_000_000;

  private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();
  private final String url;
  private final Workload workload;
  private final Sweep.Point size;
  private final List<String> measured;
  private final List<String> warmUp;
  private Digest expected;

  /**
   * Makes the tables and fills them.
   *
   * @param size of all tables together
   */
  SourceTable(Workload workload, Sweep.Point size) throws SQLException {
    this.workload = workload;
    this.size = size;
    this.url = postgres.newDatabase();
    int tables = size.tables();
    readFromTheStart();
    this.measured = IntStream.range(0, tables).mapToObj(i -> numbered(MEASURED, i)).toList();
    this.warmUp = IntStream.range(0, tables).mapToObj(i -> numbered(WARM_UP, i)).toList();
    for (String table : measured) {
      fill(table, size.rows() / tables, Math.max(1, size.keys() / tables), size.fill());
    }
    long warmUpRows = Math.min(WARM_UP_ROWS, Math.max(1_000, size.rows() / 5));
    long warmUpKeys = Math.min(size.keys(), warmUpRows / 10);
    for (String table : warmUp) {
      fill(table, warmUpRows / tables, Math.max(1, warmUpKeys / tables), 0);
    }
  }

  /**
   * Otherwise a scan of a large table begins where another one was a moment ago, and who scans sees
   * the newest changes first, beside which all others lose.
   */
  private void readFromTheStart() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronize_seqscans = off',"
              + " current_database()); END $$");
    }
  }

  /** Whether these are the changes of a workload in a size, however many of them are committed. */
  boolean holds(Workload other, Sweep.Point point) {
    return workload == other && size.equals(point.withEpochRows(size.epochRows()));
  }

  /** The name of one of several: the first has no number. */
  static String numbered(String name, int number) {
    return number == 0 ? name : name + number;
  }

  /** The tables that are measured. */
  List<String> measured() {
    return measured;
  }

  /**
   * As many tables of the same kind, for warming up: as long as it takes until most of it is
   * compiled.
   */
  List<String> warmUp() {
    return warmUp;
  }

  private void fill(String table, long rows, long keys, long fill) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET work_mem = '256MB'");
      statement.execute(workload.createTable(table, rows, keys, fill));
      statement.execute("ALTER TABLE " + table + " ADD PRIMARY KEY (seq)");
      statement.execute("VACUUM (FREEZE, ANALYZE) " + table);
    }
  }

  /** Gives their space back. */
  void drop() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (List<String> tables : List.of(warmUp, measured)) {
        for (String table : tables) {
          statement.execute("DROP TABLE " + table);
        }
      }
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

  /** What mirrors of the tables must hold: the folds of their changes, done by the database. */
  Digest expected() throws SQLException {
    if (expected == null) {
      Digest all = Digest.NOTHING;
      for (String table : measured) {
        all = all.and(expected(table));
      }
      expected = all;
    }
    return expected;
  }

  private Digest expected(String table) throws SQLException {
    String fold =
        "(SELECT * FROM (SELECT DISTINCT ON (id) * FROM %s ORDER BY id, ver DESC, op) AS last WHERE op = 'u') AS fold"
            .formatted(table);
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
