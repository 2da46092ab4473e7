package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.Operation;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.model.ForeignKey;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Snowflake's CHANGES. A point is a time in epoch milliseconds. A window is the net difference of
 * two moments, without commit times and without order: all of it is one commit unit, its end.
 */
record Snowflake() implements Warehouse {

  private static final Dialect DIALECT = new Dialect(Dialect.Family.OTHER, "\"");
  private static final String FORM = "DATABASE.SCHEMA.TABLE";
  private static final String WITH_OFFSET = ", 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9TZH:TZM')";
  private static final int MOST_INT_DIGITS = 9;
  private static final int MOST_LONG_DIGITS = 18;
  private static final int MOST_DIGITS = 38;

  // The server's own numbers.
  private static final int NO_TIME_TRAVEL_DATA = 707;
  private static final int STATEMENT_TIMEOUT = 630;
  private static final int NO_WAREHOUSE = 606;
  private static final int NO_SUCH_COLUMN = 904;
  private static final Set<Integer> NO_SUCH_OBJECT = Set.of(2003, 2043);
  private static final Set<Integer> SESSION_LOST = Set.of(390110, 390111, 390112, 390114, 390115);
  private static final String IO_ERROR = "58030";
  private static final String UNTRACKED = "Change tracking is not enabled";
  private static final String UNTRACKABLE = "Change tracking is not supported";

  @Override
  public Trial trial() {
    return Trial.EXPLAINED;
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
      while (rows.next()) {
        columns.add(column(rows.row()));
      }
    } catch (SQLException e) {
      if (!missing(e)) {
        throw e;
      }
    }
    return new SourceTable(whole, columns);
  }

  private static SqlText describeQuery(TableName table) {
    return sql().text("DESCRIBE TABLE ").name(table).build();
  }

  private static SourceColumn column(ResultSet row) throws SQLException {
    String type = row.getString("type");
    List<Integer> sizes = sizes(type);
    return new SourceColumn(
        new Identifier(row.getString("name")),
        Types.OTHER,
        type,
        sizes.isEmpty() ? 0 : sizes.get(0),
        sizes.size() < 2 ? 0 : sizes.get(1),
        !"N".equals(row.getString("null?")));
  }

  /** The numbers in {@code NUMBER(10,2)}. */
  private static List<Integer> sizes(String type) {
    int open = type.indexOf('(');
    List<Integer> sizes = new ArrayList<>();
    if (open > 0 && type.endsWith(")")) {
      for (String part : type.substring(open + 1, type.length() - 1).split(",", -1)) {
        if (part.trim().matches("\\d{1,9}")) {
          sizes.add(Integer.valueOf(part.trim()));
        }
      }
    }
    return sizes;
  }

  private static String family(SourceColumn column) {
    String type = column.typeName().toUpperCase(Locale.ROOT);
    int open = type.indexOf('(');
    return open < 0 ? type : type.substring(0, open);
  }

  @Override
  public Optional<String> obstacle(SourceTable table) {
    return table.columns().stream()
        .filter(column -> Set.of("GEOGRAPHY", "GEOMETRY").contains(family(column)))
        .findFirst()
        .map(column -> "Snowflake has no CHANGES for tables with a " + column.typeName());
  }

  @Override
  public List<TableName> tables(Connection connection, String schema) throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (Rows rows = listQuery(connection, schema).query(connection)) {
      while (rows.next()) {
        TableName name = name(rows.row(), "database_name", "schema_name", "name");
        if (!name.schema().equals("INFORMATION_SCHEMA")) {
          tables.add(name);
        }
      }
    }
    return tables;
  }

  private static SqlText listQuery(Connection connection, String schema) throws SQLException {
    Identifier database = new Identifier(WholeName.catalog(connection, FORM));
    return schema == null
        ? sql().text("SHOW TABLES IN DATABASE ").name(database).build()
        : sql()
            .text("SHOW TABLES IN SCHEMA ")
            .name(new TableName(List.of(database, new Identifier(schema))))
            .build();
  }

  private static TableName name(ResultSet row, String database, String schema, String table)
      throws SQLException {
    return new TableName(
        List.of(
            new Identifier(row.getString(database)),
            new Identifier(row.getString(schema)),
            new Identifier(row.getString(table))));
  }

  @Override
  public List<ForeignKey> foreignKeys(Connection connection, TableName table) throws SQLException {
    SqlText query = sql().text("SHOW IMPORTED KEYS IN TABLE ").name(table).build();
    Map<String, Map<Integer, ImportedColumn>> keys = new TreeMap<>();
    try (Rows rows = query.query(connection)) {
      while (rows.next()) {
        ResultSet row = rows.row();
        keys.computeIfAbsent(row.getString("fk_name"), none -> new TreeMap<>())
            .put(
                row.getInt("key_sequence"),
                new ImportedColumn(
                    row.getString("fk_column_name"),
                    name(row, "pk_database_name", "pk_schema_name", "pk_table_name"),
                    row.getString("pk_column_name")));
      }
    }
    JdbcModel.References references = new JdbcModel.References();
    keys.forEach(
        (key, columns) ->
            columns
                .values()
                .forEach(c -> references.add(key, c.own(), c.referenced(), c.referencedColumn())));
    return references.foreignKeys();
  }

  /** A column of a foreign key; the server promises no order of them. */
  private record ImportedColumn(String own, TableName referenced, String referencedColumn) {}

  @Override
  public List<String> key(Connection connection, TableName table) throws SQLException {
    Map<Integer, String> columns = new TreeMap<>();
    try (Rows rows = keyQuery(table).query(connection)) {
      while (rows.next()) {
        columns.put(rows.row().getInt("key_sequence"), rows.row().getString("column_name"));
      }
    }
    return List.copyOf(columns.values());
  }

  private static SqlText keyQuery(TableName table) {
    return sql().text("SHOW PRIMARY KEYS IN TABLE ").name(table).build();
  }

  @Override
  public Tracking tracking(Connection connection, TableName table) throws SQLException {
    try (Rows rows = tableQuery(table).query(connection)) {
      while (rows.next()) {
        if (rows.row().getString("name").equals(table.table().name())) {
          return tracking(rows.row(), table);
        }
      }
    }
    if (!describe(connection, table).exists()) {
      throw TableProblems.gone(table);
    }
    throw new MirrorException(
        ErrorCode.NO_CHANGE_FEED,
        table.toString(),
        "SHOW TABLES does not list it: it is no table, a view for example",
        "Mirror a table; what a view selects can be mirrored from its base tables.");
  }

  private static Tracking tracking(ResultSet row, TableName table) throws SQLException {
    String days = row.getString("retention_time");
    boolean known = days != null && days.matches("\\d{1,4}");
    return new Tracking(
        "ON".equals(row.getString("change_tracking")) ? Tracking.State.ON : Tracking.State.OFF,
        new Identity("created " + row.getTimestamp("created_on").getTime()),
        known ? Optional.of(Duration.ofDays(Long.parseLong(days))) : Optional.empty(),
        sql()
            .text("ALTER TABLE ")
            .name(table)
            .text(" SET CHANGE_TRACKING = TRUE;")
            .build()
            .toString());
  }

  /** Unlike LIKE, it takes the name as it is: without patterns, upper and lower case apart. */
  private static SqlText tableQuery(TableName table) {
    TableName schema = new TableName(table.parts().subList(0, table.parts().size() - 1));
    return sql()
        .text("SHOW TABLES IN SCHEMA ")
        .name(schema)
        .text(" STARTS WITH ")
        .textOf(table.table())
        .build();
  }

  @Override
  public long clockMillis(Connection connection) throws SQLException {
    try (Rows rows = clockQuery().query(connection)) {
      rows.next();
      return rows.row().getLong(1);
    }
  }

  private static SqlText clockQuery() {
    return sql().text("SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())").build();
  }

  @Override
  public long newest(Connection connection, TableName table) throws SQLException {
    return clockMillis(connection);
  }

  @Override
  public Settled settled(Connection connection, TableName table, long settleMillis)
      throws SQLException {
    long point = clockMillis(connection) - settleMillis;
    return new Settled(point, point);
  }

  @Override
  public long longestWindow() {
    return Long.MAX_VALUE;
  }

  @Override
  public OptionalLong millis(long point) {
    return OptionalLong.of(point);
  }

  @Override
  public Reading reading(SourceColumn column) {
    return switch (family(column)) {
      case "NUMBER", "DECIMAL", "NUMERIC" -> number(column);
      case "FLOAT", "DOUBLE", "REAL" -> Reading.of(Getter.DOUBLE, Kind.DOUBLE);
      case "DECFLOAT" -> Reading.needsCast(Getter.DECIMAL);
      case "VARCHAR", "TEXT", "STRING", "CHAR" -> Reading.of(Getter.TEXT, Kind.STRING);
      case "BOOLEAN" -> Reading.of(Getter.BOOLEAN, Kind.BOOLEAN);
      case "BINARY", "VARBINARY" -> Reading.of(Getter.BINARY, Kind.BINARY);
      case "DATE" -> Reading.of(Getter.TEXT, Kind.DATE);
      case "TIME" -> Reading.of(Getter.TEXT, Kind.TIME);
      case "TIMESTAMP_NTZ", "DATETIME" -> Reading.of(Getter.TEXT, Kind.TIMESTAMP);
      case "TIMESTAMP_LTZ", "TIMESTAMP_TZ" -> Reading.of(Getter.TEXT, Kind.TIMESTAMP_WITH_ZONE);
      case "VARIANT", "OBJECT", "ARRAY", "MAP" -> Reading.of(Getter.TEXT, Kind.STRING);
      default -> Reading.needsCast(Getter.TEXT);
    };
  }

  private static Reading number(SourceColumn column) {
    int digits = column.precision();
    if (digits < 1 || digits > MOST_DIGITS) {
      return Reading.needsCast(Getter.DECIMAL);
    }
    if (column.scale() > 0 || digits > MOST_LONG_DIGITS) {
      return new Reading(Getter.DECIMAL, ColumnType.decimal(digits, column.scale()));
    }
    return digits <= MOST_INT_DIGITS
        ? Reading.of(Getter.INT, Kind.INT)
        : Reading.of(Getter.LONG, Kind.LONG);
  }

  /**
   * Times travel as text: the driver gives them in the zone of this process, without the offset.
   */
  @Override
  public void select(SqlText.Builder sql, SourceColumn column) {
    switch (family(column)) {
      case "DATE" -> sql.text("TO_VARCHAR(").name(column.name()).text(", 'YYYY-MM-DD')");
      case "TIME" -> sql.text("TO_VARCHAR(").name(column.name()).text(", 'HH24:MI:SS.FF9')");
      case "TIMESTAMP_NTZ", "DATETIME" ->
          sql.text("TO_VARCHAR(").name(column.name()).text(", 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9')");
      case "TIMESTAMP_LTZ", "TIMESTAMP_TZ" ->
          sql.text("TO_VARCHAR(").name(column.name()).text(WITH_OFFSET);
      case "VARIANT", "OBJECT", "ARRAY", "MAP" ->
          sql.text("TO_JSON(TO_VARIANT(").name(column.name()).text("))");
      default -> sql.name(column.name());
    }
  }

  @Override
  public void selectInstant(SqlText.Builder sql, SourceColumn column) {
    switch (family(column)) {
      case "TIMESTAMP_TZ" ->
          sql.text("TO_VARCHAR(CONVERT_TIMEZONE('UTC', ")
              .name(column.name())
              .text(")")
              .text(WITH_OFFSET);
      default -> select(sql, column);
    }
  }

  @Override
  public void snapshot(SqlText.Builder sql, TableName table, long at) {
    sql.name(table).text(" AT(TIMESTAMP => ");
    time(sql.text("TO_TIMESTAMP_LTZ("), at);
    sql.text(", 3))");
  }

  @Override
  public void changes(SqlText.Builder sql, TableName table, long from, long to) {
    sql.name(table).text(" CHANGES(INFORMATION => DEFAULT) AT(TIMESTAMP => TO_TIMESTAMP_LTZ(");
    sql.literal(from).text(", 3)) END(TIMESTAMP => TO_TIMESTAMP_LTZ(");
    sql.literal(to).text(", 3))");
  }

  @Override
  public void unit(SqlText.Builder sql, long to) {
    sql.literal(to);
  }

  @Override
  public void time(SqlText.Builder sql, long to) {
    sql.literal(to);
  }

  @Override
  public void snapshotTime(SqlText.Builder sql, long at) {
    sql.literal(at);
  }

  @Override
  public void operation(SqlText.Builder sql) {
    sql.text("METADATA$ACTION");
  }

  /** An update comes as a DELETE and an INSERT; METADATA$ISUPDATE does not say so of all. */
  @Override
  public Map<String, Operation> operations() {
    return Map.of("insert", Operation.UPSERT, "delete", Operation.DELETE);
  }

  /** A window is one unit, and INSERT is greater than DELETE. */
  @Override
  public void orderOfChanges(SqlText.Builder sql) {
    sql.text("METADATA$ACTION DESC");
  }

  @Override
  public Action classify(SQLException error) {
    int code = error.getErrorCode();
    if (code == NO_TIME_TRAVEL_DATA) {
      return Action.RESNAPSHOT;
    }
    if (code == STATEMENT_TIMEOUT) {
      return Action.SPLIT;
    }
    if (SESSION_LOST.contains(code) || IO_ERROR.equals(error.getSQLState())) {
      return Action.RETRY;
    }
    boolean mistaken =
        code == NO_WAREHOUSE || NO_SUCH_OBJECT.contains(code) || says(error, UNTRACKABLE);
    return mistaken ? Action.CONFIG : SqlErrors.classify(error);
  }

  @Override
  public boolean untracked(SQLException error) {
    return says(error, UNTRACKED);
  }

  @Override
  public String state(SQLException error) {
    if (NO_SUCH_OBJECT.contains(error.getErrorCode())) {
      return "42S02";
    }
    return switch (error.getErrorCode()) {
      case NO_SUCH_COLUMN -> "42S22";
      // Its own says that the server is starting: nothing starts a warehouse that is not named.
      case NO_WAREHOUSE -> "HY000";
      default -> error.getSQLState();
    };
  }

  private static boolean missing(SQLException error) {
    return NO_SUCH_OBJECT.contains(error.getErrorCode()) || SqlErrors.tableMissing(error);
  }

  /** The number of these errors is not documented, their text is. */
  private static boolean says(SQLException error, String words) {
    return error.getMessage() != null && error.getMessage().contains(words);
  }

  @Override
  public List<SqlText> questions(TableName table) {
    return List.of(describeQuery(table), keyQuery(table), tableQuery(table), clockQuery());
  }

  private static SqlText.Builder sql() {
    return SqlText.in(DIALECT);
  }
}
