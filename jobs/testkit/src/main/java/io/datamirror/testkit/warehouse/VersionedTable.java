package io.datamirror.testkit.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A table that keeps every version of every row, with the times from which and up to which it was
 * the row's. Keys are not enforced, as in the warehouses.
 *
 * <p>The engine's own columns are {@code $FROM}, {@code $TO} and {@code $ROW}; a row of identity
 * {@code $ROW} keeps it when it is updated.
 */
public final class VersionedTable {

  /** The end of what is still so. */
  public static final long NOW = Long.MAX_VALUE;

  /**
   * A column.
   *
   * @param type in the warehouse's words
   * @param engineType in the words of the engine behind it
   */
  public record Column(String name, String type, String engineType, boolean nullable) {}

  /** A declared foreign key, to another table's primary key. */
  public record Reference(String name, List<String> columns, VersionedTable table) {}

  private final VersionedTables home;
  private final String engineName;
  private final String name;
  private final List<Column> columns;
  private final List<String> key;
  private final List<Reference> references = new CopyOnWriteArrayList<>();
  private final long createdAt;
  private volatile boolean tracked = true;
  private volatile long trackedSince;
  private volatile long retentionDays = 1;

  VersionedTable(
      VersionedTables home,
      String engineName,
      String name,
      List<Column> columns,
      List<String> key,
      long createdAt) {
    this.home = home;
    this.engineName = engineName;
    this.name = name;
    this.columns = List.copyOf(columns);
    this.key = List.copyOf(key);
    this.createdAt = createdAt;
    this.trackedSince = createdAt;
  }

  public String name() {
    return name;
  }

  public String engineName() {
    return engineName;
  }

  public List<Column> columns() {
    return columns;
  }

  /** The declared key, in its order. */
  public List<String> key() {
    return key;
  }

  /** Declares a foreign key. */
  public void references(List<String> columns, VersionedTable table) {
    String constraint = name + ".fk$" + (references.size() + 1);
    references.add(new Reference(constraint, List.copyOf(columns), table));
  }

  /** The declared foreign keys. */
  public List<Reference> references() {
    return List.copyOf(references);
  }

  public long createdAt() {
    return createdAt;
  }

  public boolean tracked() {
    return tracked;
  }

  /** Since when changes are kept without a gap. */
  public long trackedSince() {
    return trackedSince;
  }

  public long retentionDays() {
    return retentionDays;
  }

  public void retainDays(long days) {
    retentionDays = days;
  }

  /** Turns the keeping of changes off. */
  public void untrack() {
    tracked = false;
  }

  /** Turns it on: the history begins now. */
  public void track() {
    tracked = true;
    trackedSince = home.now();
  }

  /** What one transaction does. */
  public interface Change {
    void apply(Writer writer) throws SQLException;
  }

  /** Commits one transaction; returns its time. */
  public long commit(Change change) throws SQLException {
    return home.commit(
        (connection, at) -> {
          try (Writer writer = new Writer(connection, at)) {
            change.apply(writer);
          }
        });
  }

  /** The rows as they were at a time, each as text by column. */
  public List<List<String>> rowsAt(long at) throws SQLException {
    StringJoiner names = new StringJoiner(", ");
    columns.forEach(column -> names.add(VersionedTables.quoted(column.name())));
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = home.open();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT "
                    + names
                    + " FROM "
                    + engineName
                    + " WHERE \"$FROM\" <= ? AND ? < \"$TO\"")) {
      statement.setLong(1, at);
      statement.setLong(2, at);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns.size(); i++) {
            row.add(found.getString(i));
          }
          rows.add(Collections.unmodifiableList(row));
        }
      }
    }
    return rows;
  }

  /** Changes rows inside one transaction. */
  public final class Writer implements AutoCloseable {

    private final Connection connection;
    private final long at;
    private final PreparedStatement insert;
    private final PreparedStatement end;
    private final PreparedStatement forget;
    private final Map<String, PreparedStatement> current = new HashMap<>();

    Writer(Connection connection, long at) throws SQLException {
      this.connection = connection;
      this.at = at;
      String places = String.join(", ", Collections.nCopies(columns.size() + 3, "?"));
      this.insert =
          connection.prepareStatement("INSERT INTO " + engineName + " VALUES (" + places + ")");
      this.end =
          connection.prepareStatement(
              "UPDATE " + engineName + " SET \"$TO\" = " + at + " WHERE _ROWID_ = ?");
      this.forget = connection.prepareStatement("DELETE FROM " + engineName + " WHERE _ROWID_ = ?");
    }

    /** When this transaction commits. */
    public long at() {
      return at;
    }

    /** Adds a row. */
    public void insert(Object... values) throws SQLException {
      put(home.nextRow(), values);
    }

    private void put(long row, Object... values) throws SQLException {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      insert.setLong(values.length + 1, at);
      insert.setLong(values.length + 2, NOW);
      insert.setLong(values.length + 3, row);
      insert.executeUpdate();
    }

    /** Gives the rows whose column has a value other values, and tells whether there were any. */
    public boolean update(String column, Object value, Object... values) throws SQLException {
      List<Long> rows = end(where(column), value);
      for (long row : rows) {
        put(row, values);
      }
      return !rows.isEmpty();
    }

    /** Deletes the rows whose column has a value. */
    public void delete(String column, Object value) throws SQLException {
      end(where(column), value);
    }

    /** Deletes every row. */
    public void truncate() throws SQLException {
      end("");
    }

    private static String where(String column) {
      return " AND " + VersionedTables.quoted(column) + " = ?";
    }

    /** Ends the current rows of a condition; their identities. */
    private List<Long> end(String condition, Object... values) throws SQLException {
      List<Long> rows = new ArrayList<>();
      PreparedStatement query = current(condition);
      for (int i = 0; i < values.length; i++) {
        query.setObject(i + 1, values[i]);
      }
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          // What this transaction itself wrote was never there.
          PreparedStatement ending = found.getLong(3) == at ? forget : end;
          ending.setLong(1, found.getLong(1));
          ending.executeUpdate();
          rows.add(found.getLong(2));
        }
      }
      return rows;
    }

    private PreparedStatement current(String condition) throws SQLException {
      PreparedStatement query = current.get(condition);
      if (query == null) {
        query =
            connection.prepareStatement(
                "SELECT _ROWID_, \"$ROW\", \"$FROM\" FROM "
                    + engineName
                    + " WHERE \"$TO\" = "
                    + NOW
                    + condition);
        current.put(condition, query);
      }
      return query;
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement query : current.values()) {
        query.close();
      }
      insert.close();
      end.close();
      forget.close();
    }
  }
}
