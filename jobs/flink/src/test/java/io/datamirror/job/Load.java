package io.datamirror.job;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Changes of four tables in an H2 database, and what they must come to.
 *
 * <p>Seven of ten changes are of a new key, the others update or delete one that was used before,
 * some with a version that is older than the last one. The value is made of key and version, so
 * that a row in the lake tells which change it came from; the place, by which some tables are
 * partitioned, changes with the version.
 */
final class Load implements AutoCloseable {

  static final int TABLES = 4;

  private static final int BATCH_ROWS = 500;
  private static final double NEW_KEYS = 0.7;
  private static final int PLACES = 3;

  /** A row of the lake. */
  record Row(long id, long version, String value, int place) {}

  private record Winner(long version, boolean delete) {}

  private final Connection connection;
  private final Random random;
  private final long[] keys = new long[TABLES];
  private final long[] versions = new long[TABLES];
  private final List<Map<Long, Winner>> winners = new ArrayList<>();

  Load(String url, long seed) throws SQLException {
    this.connection = DriverManager.getConnection(url);
    this.random = new Random(seed);
    try (Statement statement = connection.createStatement()) {
      for (int table = 0; table < TABLES; table++) {
        winners.add(new HashMap<>());
        statement.execute(
            "CREATE TABLE T%d_CHANGES (CHANGE_ID BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    .formatted(table)
                + " OP CHAR(1) NOT NULL, ID BIGINT NOT NULL, VERSION BIGINT NOT NULL,"
                + " CONTENT VARCHAR(60), PLACE INT)");
      }
    }
    connection.setAutoCommit(false);
  }

  /** The part of a spec that speaks of the tables of this load. */
  static String spec() {
    StringBuilder tables = new StringBuilder("tables:\n");
    String[] partitions = {"", "\"bucket(4, ID)\"", "PLACE", "PLACE"};
    for (int table = 0; table < TABLES; table++) {
      tables.append(
          """
            - name: t%d
              source: PUBLIC.T%d_CHANGES
              feed: change-table
              primary-key: [ID]
              version: [VERSION]
              operation: OP
              cursor: CHANGE_ID
              columns: { exclude: [CHANGE_ID] }
              partition-by: [%s]
          """
              .formatted(table, table, partitions[table]));
    }
    return tables.toString();
  }

  /** Commits {@code rows} further changes to each table. */
  void write(int rows) throws SQLException {
    for (int table = 0; table < TABLES; table++) {
      write(table, rows);
      connection.commit();
    }
  }

  private void write(int table, int rows) throws SQLException {
    String sql =
        "INSERT INTO T%d_CHANGES (OP, ID, VERSION, CONTENT, PLACE) VALUES (?, ?, ?, ?, ?)"
            .formatted(table);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int row = 1; row <= rows; row++) {
        addChange(table, insert);
        if (row % BATCH_ROWS == 0 || row == rows) {
          insert.executeBatch();
        }
      }
    }
  }

  private void addChange(int table, PreparedStatement insert) throws SQLException {
    boolean fresh = keys[table] == 0 || random.nextDouble() < NEW_KEYS;
    long id = fresh ? keys[table]++ : (long) (random.nextDouble() * keys[table]);
    long version = Math.max(0, ++versions[table] - (fresh ? 0 : random.nextInt(200)));
    boolean delete = !fresh && random.nextInt(3) == 0;
    insert.setString(1, delete ? "d" : "u");
    insert.setLong(2, id);
    insert.setLong(3, version);
    insert.setString(4, delete ? null : value(id, version));
    insert.setInt(5, place(version));
    insert.addBatch();
    winners.get(table).merge(id, new Winner(version, delete), Load::greater);
  }

  private static Winner greater(Winner left, Winner right) {
    if (left.version != right.version) {
      return left.version > right.version ? left : right;
    }
    return left.delete ? left : right;
  }

  private static String value(long id, long version) {
    return "value " + id + " of version " + version;
  }

  private static int place(long version) {
    return (int) (version % PLACES);
  }

  /** The rows that table {@code table} must have, by key. */
  Map<Long, Row> expected(int table) {
    Map<Long, Row> rows = new TreeMap<>();
    winners
        .get(table)
        .forEach(
            (id, winner) -> {
              if (!winner.delete) {
                long version = winner.version;
                rows.put(id, new Row(id, version, value(id, version), place(version)));
              }
            });
    return rows;
  }

  /** The cursor of the last change of a table. */
  long head(int table) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT MAX(CHANGE_ID) FROM T" + table + "_CHANGES")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
