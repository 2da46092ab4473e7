package io.datamirror.demo;

import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
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

/**
 * An embedded warehouse with one table of changes for each of the five tables. Its {@code
 * _change_id} counts the changes in the order in which they were delivered.
 */
public final class DemoWarehouse {
  static final String CURSOR = "_change_id";
  static final String OPERATION = "_change_request_type";
  static final String VERSION = "_commit_version";
  static final String TIMESTAMP = "_commit_timestamp";

  /** How many columns of the files of changes come before the table's own. */
  private static final int CONTROL_COLUMNS = 3;

  private final Path directory;

  /**
   * @param directory where the database's files are kept
   */
  public DemoWarehouse(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** The address of the database. */
  public String url() {
    return "jdbc:h2:file:" + directory.resolve("warehouse");
  }

  /** The user of the database; there is no password. */
  public String user() {
    return "demo";
  }

  /**
   * Creates and fills a table of changes.
   *
   * @return how many changes were delivered
   */
  public long fill(DemoTable table, DemoOrder order) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), user(), "");
        DemoFile changes = table.changes()) {
      Dialect dialect = Dialect.of(connection);
      TableName name = new TableName(List.of(new Identifier(table.changeTable())));
      List<String> columns = changes.header();
      SqlLoad.define(connection, definition(dialect, name, columns));
      List<Identifier> names = columns.stream().map(Identifier::new).toList();
      try (SqlLoad load = SqlLoad.into(connection, dialect, name, names)) {
        return insert(load, columns, order.of(table, changes));
      }
    }
  }

  private static SqlText definition(Dialect dialect, TableName table, List<String> columns) {
    SqlText.Builder sql = SqlText.in(dialect).text("CREATE TABLE ").name(table).text(" (");
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
