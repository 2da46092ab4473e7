package io.datamirror.demo;

import io.datamirror.error.MirrorException;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlLoad;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.StreamSupport;

/**
 * An embedded warehouse with one table of changes for each of the five tables. Its {@code
 * _change_id} counts the changes in the order in which they were delivered.
 */
public final class DemoWarehouse {
  static final String CURSOR = "_change_id";
  static final String OPERATION = "_change_request_type";
  static final String VERSION = "_commit_version";
  static final String TIMESTAMP = "_commit_timestamp";

  private static final String DATABASE = "warehouse";

  /** How many columns of the files of changes come before the table's own. */
  static final int CONTROL_COLUMNS = 3;

  private final Path directory;

  /**
   * @param directory where the database's files are kept
   */
  public DemoWarehouse(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** The address of the database, for one process at a time. */
  public String url() {
    return "jdbc:h2:file:" + directory.resolve(DATABASE);
  }

  /** The address of the database for many processes, while {@link DemoServer} serves it. */
  public static String servedUrl(int port) {
    return "jdbc:h2:tcp://localhost:" + port + "/./" + DATABASE;
  }

  /** The user of the database; there is no password. */
  public String user() {
    return "demo";
  }

  /** Creates and fills a table of changes, and tells how many were delivered. */
  public long fill(DemoTable table, DemoOrder order) throws SQLException {
    return fill(table, order, DemoReach.whole());
  }

  /**
   * Refuses to go on to where a kept warehouse was before.
   *
   * @throws MirrorException naming a table that has come further
   */
  public void requireWithin(DemoReach reach) throws SQLException {
    for (DemoTable table : DemoTable.values()) {
      create(table);
      reach.requireNotBehind(table, delivered(table));
    }
  }

  /**
   * Creates a table of changes if it is not there, and delivers what happened since it was filled.
   *
   * @return how many changes were delivered
   */
  public long fill(DemoTable table, DemoOrder order, DemoReach reach) throws SQLException {
    create(table);
    long delivered = delivered(table);
    try (DemoFile changes = table.changes()) {
      Iterator<String[]> wanted =
          StreamSupport.stream(Spliterators.spliteratorUnknownSize(changes, 0), false)
              .filter(change -> version(change) > delivered && reach.includes(table, change))
              .iterator();
      return deliver(table, changes.header(), order.of(table, wanted));
    }
  }

  /** The version of a change as the files have it. */
  static long version(String[] change) {
    return Long.parseLong(change[1]);
  }

  /** Creates a table of changes that has none yet. */
  void create(DemoTable table) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), user(), "");
        DemoFile changes = table.changes()) {
      SqlLoad.define(connection, definition(Dialect.of(connection), name(table), changes.header()));
    }
  }

  /** The newest version that was delivered; versions of the history begin at 1. */
  private long delivered(DemoTable table) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), user(), "")) {
      SqlText query =
          SqlText.in(Dialect.of(connection))
              .text("SELECT COALESCE(MAX(")
              .name(new Identifier(VERSION))
              .text("), 0) FROM ")
              .name(name(table))
              .build();
      try (Rows rows = query.query(connection)) {
        rows.next();
        return rows.row().getLong(1);
      }
    }
  }

  /**
   * Delivers changes to a table.
   *
   * @param columns what stands in the fields of a change
   * @return how many they were
   */
  long deliver(DemoTable table, List<String> columns, Iterator<String[]> changes)
      throws SQLException {
    List<Identifier> names = columns.stream().map(Identifier::new).toList();
    try (Connection connection = DriverManager.getConnection(url(), user(), "");
        SqlLoad load = SqlLoad.into(connection, Dialect.of(connection), name(table), names)) {
      return insert(load, columns, changes);
    }
  }

  private static TableName name(DemoTable table) {
    return new TableName(List.of(new Identifier(table.changeTable())));
  }

  private static SqlText definition(Dialect dialect, TableName table, List<String> columns) {
    SqlText.Builder sql =
        SqlText.in(dialect).text("CREATE TABLE IF NOT EXISTS ").name(table).text(" (");
    sql.name(new Identifier(CURSOR)).text(" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    for (String column : columns) {
      addType(sql.text(", ").name(new Identifier(column)), column);
    }
    return sql.text(")").build();
  }

  private static void addType(SqlText.Builder sql, String column) {
    switch (column) {
      case OPERATION -> sql.text(" CHARACTER VARYING(10)");
      case VERSION -> sql.text(" BIGINT NOT NULL");
      case TIMESTAMP -> sql.text(" TIMESTAMP(6) WITH TIME ZONE NOT NULL");
      case "id" -> sql.text(" INTEGER NOT NULL");
      default -> {
        switch (DemoType.ofColumn(column)) {
          case WHOLE -> sql.text(" INTEGER");
          case NUMBER -> sql.text(" DOUBLE PRECISION");
          case TEXT -> sql.text(" CHARACTER VARYING");
        }
      }
    }
  }

  private static long insert(SqlLoad load, List<String> columns, Iterator<String[]> changes)
      throws SQLException {
    List<DemoType> types = new ArrayList<>();
    columns.stream().skip(CONTROL_COLUMNS).map(DemoType::ofColumn).forEach(types::add);
    Object[] values = new Object[columns.size()];
    long count = 0;
    while (changes.hasNext()) {
      String[] fields = changes.next();
      values[0] = fields[0];
      values[1] = Long.valueOf(fields[1]);
      values[2] = OffsetDateTime.parse(fields[2]);
      for (int i = 0; i < types.size(); i++) {
        values[CONTROL_COLUMNS + i] = types.get(i).value(fields[CONTROL_COLUMNS + i]);
      }
      load.add(values);
      count++;
    }
    return count;
  }
}
