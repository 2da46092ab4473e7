package io.datamirror.feed;

import io.datamirror.change.Operation;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.model.ForeignKey;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The change data feed of Delta tables on Databricks. A point is a version of the table: versions
 * are atomic and are numbered in the order of commits, so that the newest one is settled as soon as
 * it is seen. Every version is a commit unit of its own.
 */
record Databricks() implements Warehouse {

  private static final Dialect DIALECT = new Dialect(Dialect.Family.OTHER, "`");
  private static final String FORM = "CATALOG.SCHEMA.TABLE";
  // An answer must end in reasonable time also where a table got a version every second.
  private static final long MOST_VERSIONS = 10_000;
  private static final Set<String> FEED_COLUMNS =
      Set.of("_change_type", "_commit_version", "_commit_timestamp");

  @Override
  public Trial trial() {
    return Trial.NEVER_TRUE;
  }

  @Override
  public Dialect dialect() {
    return DIALECT;
  }

  @Override
  public SourceTable describe(Connection connection, TableName table) throws SQLException {
    TableName whole = WholeName.of(connection, table, FORM);
    List<SourceColumn> columns = new ArrayList<>();
    try (Rows rows = describeQuery(whole).query(connection)) {
      Map<String, Boolean> nullable = nullable(connection, whole);
      while (rows.next() && describesColumn(rows.row())) {
        String name = rows.row().getString("col_name");
        boolean mayBeNull = nullable.getOrDefault(name, true);
        columns.add(DatabricksTypes.column(name, rows.row().getString("data_type"), mayBeNull));
      }
    } catch (SQLException e) {
      if (!SqlErrors.tableMissing(e)) {
        throw e;
      }
    }
    return new SourceTable(whole, columns);
  }

  private static SqlText describeQuery(TableName table) {
    return sql().text("DESCRIBE TABLE ").name(table).build();
  }

  private static boolean describesColumn(ResultSet row) throws SQLException {
    return DatabricksTypes.describesColumn(row.getString("col_name"), row.getString("data_type"));
  }

  private static Map<String, Boolean> nullable(Connection connection, TableName table)
      throws SQLException {
    Map<String, Boolean> nullable = new HashMap<>();
    for (SourceColumn column : SourceTable.read(connection, table).columns()) {
      nullable.put(column.name().name(), column.nullable());
    }
    return nullable;
  }

  @Override
  public Optional<String> obstacle(SourceTable table) {
    return table.columns().stream()
        .map(column -> column.name().name())
        .filter(FEED_COLUMNS::contains)
        .findFirst()
        .map(name -> "it has a column " + name + ", which the feed has for itself");
  }

  @Override
  public List<TableName> tables(Connection connection, String schema) throws SQLException {
    List<TableName> tables = new ArrayList<>();
    for (TableName table : JdbcModel.tables(connection, schema)) {
      tables.add(WholeName.of(connection, table, FORM));
    }
    return tables;
  }

  @Override
  public List<ForeignKey> foreignKeys(Connection connection, TableName table) throws SQLException {
    List<ForeignKey> keys = new ArrayList<>();
    for (ForeignKey key : JdbcModel.foreignKeys(connection, table)) {
      TableName referenced = WholeName.of(connection, key.referenced(), FORM);
      keys.add(new ForeignKey(key.columns(), referenced, key.referencedColumns()));
    }
    return keys;
  }

  @Override
  public List<String> key(Connection connection, TableName table) throws SQLException {
    Map<Integer, String> columns = new TreeMap<>();
    try (ResultSet rows =
        connection
            .getMetaData()
            .getPrimaryKeys(table.catalog(), table.schema(), table.table().name())) {
      while (rows.next()) {
        columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
      }
    }
    return List.copyOf(columns.values());
  }

  @Override
  public Tracking tracking(Connection connection, TableName table) throws SQLException {
    try (Rows rows = detailQuery(table).query(connection)) {
      rows.next();
      String format = rows.row().getString("format");
      if (!"delta".equalsIgnoreCase(format)) {
        throw new MirrorException(
            ErrorCode.NO_CHANGE_FEED,
            table.toString(),
            "it is no Delta table but of the format " + format,
            "Only Delta tables have a change data feed: mirror one of those.");
      }
      TableProperties properties = new TableProperties(rows.row().getString("properties"));
      return new Tracking(
          properties.changeDataFeed() ? Tracking.State.ON : Tracking.State.OFF,
          new Identity(rows.row().getString("id")),
          properties.retention(),
          enable(table));
    }
  }

  private static SqlText detailQuery(TableName table) {
    return sql().text("DESCRIBE DETAIL ").name(table).build();
  }

  private static String enable(TableName table) {
    return sql()
        .text("ALTER TABLE ")
        .name(table)
        .text(" SET TBLPROPERTIES (delta.enableChangeDataFeed = true);")
        .build()
        .toString();
  }

  @Override
  public long clockMillis(Connection connection) throws SQLException {
    try (Rows rows = clockQuery().query(connection)) {
      rows.next();
      return rows.row().getLong(1);
    }
  }

  private static SqlText clockQuery() {
    return sql().text("SELECT unix_millis(current_timestamp())").build();
  }

  @Override
  public long newest(Connection connection, TableName table) throws SQLException {
    try (Rows rows = newestQuery(table).query(connection)) {
      rows.next();
      return rows.row().getLong("version");
    }
  }

  private static SqlText newestQuery(TableName table) {
    return sql().text("DESCRIBE HISTORY ").name(table).text(" LIMIT 1").build();
  }

  @Override
  public Settled settled(Connection connection, TableName table, long settleMillis)
      throws SQLException {
    long clockMillis = clockMillis(connection);
    if (settleMillis == 0) {
      return new Settled(newest(connection, table), clockMillis);
    }
    long settled = clockMillis - settleMillis;
    long version = 0;
    try (Rows rows = historyQuery(table).query(connection)) {
      // From the newest to the oldest.
      while (rows.next()) {
        version = rows.row().getLong("version");
        if (rows.row().getTimestamp("timestamp").getTime() <= settled) {
          break;
        }
      }
    }
    return new Settled(version, settled);
  }

  private static SqlText historyQuery(TableName table) {
    return sql().text("DESCRIBE HISTORY ").name(table).build();
  }

  @Override
  public long longestWindow() {
    return MOST_VERSIONS;
  }

  @Override
  public OptionalLong millis(long point) {
    return OptionalLong.empty();
  }

  @Override
  public Reading reading(SourceColumn column) {
    return DatabricksTypes.reading(column);
  }

  @Override
  public void select(SqlText.Builder sql, SourceColumn column) {
    DatabricksTypes.select(sql, column);
  }

  @Override
  public void snapshot(SqlText.Builder sql, TableName table, long at) {
    sql.name(table).text(" VERSION AS OF ").literal(at);
  }

  /** Both bounds belong to what is read: so it begins one version later. */
  @Override
  public void changes(SqlText.Builder sql, TableName table, long from, long to) {
    sql.text("table_changes(").textOf(table).text(", ").literal(from + 1).text(", ");
    sql.literal(to).text(")");
  }

  @Override
  public void unit(SqlText.Builder sql, long to) {
    sql.text("`_commit_version`");
  }

  @Override
  public void time(SqlText.Builder sql, long to) {
    sql.text("unix_millis(`_commit_timestamp`)");
  }

  /** A row does not tell which version wrote it. */
  @Override
  public void snapshotTime(SqlText.Builder sql, long at) {
    sql.text("CAST(NULL AS BIGINT)");
  }

  @Override
  public void operation(SqlText.Builder sql) {
    sql.text("`_change_type`");
  }

  @Override
  public Map<String, Operation> operations() {
    return Map.of(
        "insert", Operation.UPSERT,
        "update_postimage", Operation.UPSERT,
        "update_preimage", Operation.DELETE,
        "delete", Operation.DELETE);
  }

  @Override
  public void orderOfChanges(SqlText.Builder sql) {
    sql.text("`_commit_version`, CASE WHEN `_change_type` IN ('insert', 'update_postimage')")
        .text(" THEN 0 ELSE 1 END");
  }

  @Override
  public Action classify(SQLException error) {
    return DatabricksErrors.classify(error);
  }

  @Override
  public boolean untracked(SQLException error) {
    return DatabricksErrors.untracked(error);
  }

  @Override
  public List<SqlText> questions(TableName table) {
    return List.of(
        describeQuery(table),
        detailQuery(table),
        clockQuery(),
        newestQuery(table),
        historyQuery(table));
  }

  private static SqlText.Builder sql() {
    return SqlText.in(DIALECT);
  }
}
