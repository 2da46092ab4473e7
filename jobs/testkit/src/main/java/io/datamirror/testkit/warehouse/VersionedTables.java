package io.datamirror.testkit.warehouse;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Tables with a history, over an engine in memory. Commits are one after the other. */
public final class VersionedTables implements AutoCloseable {

  private final String url =
      "jdbc:h2:mem:versioned-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000";
  private final LongSupplier clock;
  private final Map<String, VersionedTable> tables = new ConcurrentHashMap<>();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong names = new AtomicLong();
  private final Connection keeper;
  private long lastCommit;

  /**
   * @param clock the time in the unit of the warehouse; it never goes back
   */
  public VersionedTables(LongSupplier clock) throws SQLException {
    this.clock = clock;
    this.keeper = open();
  }

  public Connection open() throws SQLException {
    return DriverManager.getConnection(url);
  }

  public synchronized long now() {
    return Math.max(clock.getAsLong(), lastCommit);
  }

  long nextRow() {
    return rows.incrementAndGet();
  }

  /** Creates a table, in the place of one of the same name if there is one. */
  public synchronized VersionedTable create(
      String name, List<VersionedTable.Column> columns, List<String> key) throws SQLException {
    String engineName = quoted("T" + names.incrementAndGet());
    StringJoiner definition =
        new StringJoiner(
            ", ",
            "CREATE TABLE " + engineName + " (",
            ", \"$FROM\" BIGINT, \"$TO\" BIGINT, \"$ROW\" BIGINT)");
    columns.forEach(column -> definition.add(quoted(column.name()) + " " + column.engineType()));
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(definition.toString());
      String first = quoted(columns.get(0).name());
      for (String indexed : List.of(first + ", \"$TO\"", "\"$TO\"", "\"$FROM\"", "\"$ROW\"")) {
        statement.execute("CREATE INDEX ON " + engineName + " (" + indexed + ")");
      }
    }
    lastCommit = Math.max(clock.getAsLong(), lastCommit + 1);
    VersionedTable table = new VersionedTable(this, engineName, name, columns, key, lastCommit);
    tables.put(name, table);
    return table;
  }

  public void drop(String name) {
    tables.remove(name);
  }

  public Optional<VersionedTable> find(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  public List<VersionedTable> all() {
    return List.copyOf(tables.values());
  }

  interface Work {
    void run(Connection connection, long at) throws SQLException;
  }

  synchronized long commit(Work work) throws SQLException {
    long at = Math.max(clock.getAsLong(), lastCommit + 1);
    try (Connection connection = open()) {
      connection.setAutoCommit(false);
      work.run(connection, at);
      connection.commit();
    }
    lastCommit = at;
    return at;
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws SQLException {
    try (Statement statement = keeper.createStatement()) {
      statement.execute("SHUTDOWN");
    }
    keeper.close();
  }
}
