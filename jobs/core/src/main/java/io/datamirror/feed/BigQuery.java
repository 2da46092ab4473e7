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
import io.datamirror.sql.SqlErrors.Action;
import io.datamirror.sql.SqlText;
import io.datamirror.sql.SqlValue;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * BigQuery's CHANGES and APPENDS. A point is a time in epoch microseconds, and stands before what
 * was committed at exactly that time: so windows are {@code [start, end)} as CHANGES has them, and
 * a snapshot at a point is of the microsecond before it.
 */
record BigQuery(Told told) implements Warehouse {

  /** Which of its functions is asked. */
  enum Told {
    /** CHANGES: everything that happened. */
    CHANGES,
    /** APPENDS: what was added; it needs no option on the table. */
    APPENDS
  }

  private static final Dialect DIALECT = new Dialect(Dialect.Family.OTHER, "`");
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long MICROS_PER_MILLI = 1_000;
  private static final int MOST_DIGITS = 38;
  private static final int NUMERIC_SCALE = 9;
  // What a dataset has unless it says otherwise; two to seven days.
  private static final long TIME_TRAVEL_HOURS = 168;

  // Each part of a reading is a statement that is billed for the whole table, unless the table is
  // clustered by its key.
  private static final int MOST_PARTS = 4;

  /** What a query costs is told by the bytes of its columns, and not by the rows that it finds. */
  @Override
  public Trial trial() {
    return Trial.NONE;
  }

  @Override
  public Dialect dialect() {
    return DIALECT;
  }

  @Override
  public SourceTable describe(Connection connection, TableName table) throws SQLException {
    TableName whole = whole(connection, table);
    List<SourceColumn> columns = new ArrayList<>();
    try (Rows rows = columnQuery(whole).query(connection)) {
      while (rows.next()) {
        String type = rows.row().getString(2);
        List<Integer> sizes = sizes(type);
        columns.add(
            new SourceColumn(
                new Identifier(rows.row().getString(1)),
                Types.OTHER,
                type,
                sizes.isEmpty() ? 0 : sizes.get(0),
                sizes.size() < 2 ? 0 : sizes.get(1),
                !"NO".equals(rows.row().getString(3))));
      }
    }
    return new SourceTable(whole, columns);
  }

  private static TableName whole(Connection connection, TableName table) throws SQLException {
    String project = table.catalog() == null ? connection.getCatalog() : table.catalog();
    if (project == null || table.schema() == null) {
      throw new MirrorException(
          ErrorCode.BAD_VALUE,
          table.toString(),
          "the name does not say which dataset of which project it is in",
          "Write project.dataset.table.");
    }
    return new TableName(
        List.of(new Identifier(project), new Identifier(table.schema()), table.table()));
  }

  /** The numbers in {@code NUMERIC(10, 2)}. */
  private static List<Integer> sizes(String type) {
    List<Integer> sizes = new ArrayList<>();
    int open = type.indexOf('(');
    if (open > 0 && type.endsWith(")") && !type.contains("<")) {
      for (String part : type.substring(open + 1, type.length() - 1).split(",", -1)) {
        if (part.trim().matches("\\d{1,9}")) {
          sizes.add(Integer.valueOf(part.trim()));
        }
      }
    }
    return sizes;
  }

  private static String family(SourceColumn column) {
    return column.typeName().toUpperCase(Locale.ROOT).replaceAll("[(<].*", "");
  }

  private static SqlText.Builder from(SqlText.Builder sql, TableName table) {
    return sql.name(new TableName(table.parts().subList(0, 2))).text(".INFORMATION_SCHEMA.");
  }

  private static SqlValue name(TableName table) {
    return SqlValue.of(table.table().name());
  }

  private static SqlText columnQuery(TableName table) {
    return from(sql().text("SELECT column_name, data_type, is_nullable FROM "), table)
        .text("COLUMNS WHERE table_name = ")
        .value(name(table))
        // Pseudo-columns, as _PARTITIONTIME of tables that are partitioned by ingestion.
        .text(" AND is_hidden = 'NO' ORDER BY ordinal_position")
        .build();
  }

  @Override
  public List<TableName> tables(Connection connection, String dataset) throws SQLException {
    if (dataset == null) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          "--schema",
          "BigQuery lists its tables dataset by dataset",
          "Name the dataset: --schema DATASET.");
    }
    TableName described =
        whole(
            connection, new TableName(List.of(new Identifier(dataset), new Identifier("TABLES"))));
    List<TableName> tables = new ArrayList<>();
    try (Rows rows = listQuery(described).query(connection)) {
      while (rows.next()) {
        tables.add(name(described.catalog(), dataset, rows.row().getString(1)));
      }
    }
    return tables;
  }

  /** The tables of the dataset that {@code table} is in. */
  static SqlText listQuery(TableName table) {
    return from(sql().text("SELECT table_name FROM "), table)
        .text("TABLES WHERE table_type = 'BASE TABLE' ORDER BY table_name")
        .build();
  }

  private static TableName name(String project, String dataset, String table) {
    return new TableName(
        List.of(new Identifier(project), new Identifier(dataset), new Identifier(table)));
  }

  /** A foreign key refers to a primary key: its columns are given in the order of that. */
  @Override
  public List<ForeignKey> foreignKeys(Connection connection, TableName table) throws SQLException {
    Map<String, List<String>> columns = new TreeMap<>();
    Map<String, TableName> referenced = new HashMap<>();
    try (Rows rows = foreignKeyQuery(table).query(connection)) {
      while (rows.next()) {
        String key = rows.row().getString(1);
        columns.computeIfAbsent(key, none -> new ArrayList<>()).add(rows.row().getString(2));
        referenced.put(key, name(table.catalog(), table.schema(), rows.row().getString(3)));
      }
    }
    List<ForeignKey> keys = new ArrayList<>();
    columns.forEach((key, own) -> keys.add(new ForeignKey(own, referenced.get(key), List.of())));
    return keys;
  }

  static SqlText foreignKeyQuery(TableName table) {
    SqlText.Builder sql =
        from(sql().text("SELECT k.constraint_name, k.column_name, u.table_name FROM "), table);
    from(sql.text("KEY_COLUMN_USAGE AS k JOIN "), table)
        .text("TABLE_CONSTRAINTS AS c ON k.constraint_name = c.constraint_name JOIN ")
        .text("(SELECT DISTINCT constraint_name, table_name FROM ");
    return from(sql, table)
        .text("CONSTRAINT_COLUMN_USAGE) AS u ON k.constraint_name = u.constraint_name")
        .text(" WHERE c.constraint_type = 'FOREIGN KEY' AND c.table_name = ")
        .value(name(table))
        .text(" AND k.table_name = ")
        .value(name(table))
        .text(" ORDER BY k.constraint_name, k.position_in_unique_constraint")
        .build();
  }

  @Override
  public List<String> key(Connection connection, TableName table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Rows rows = keyQuery(table).query(connection)) {
      while (rows.next()) {
        columns.add(rows.row().getString(1));
      }
    }
    return columns;
  }

  private static SqlText keyQuery(TableName table) {
    SqlText.Builder sql = from(sql().text("SELECT k.column_name FROM "), table);
    return from(sql.text("KEY_COLUMN_USAGE AS k JOIN "), table)
        .text("TABLE_CONSTRAINTS AS c ON k.constraint_name = c.constraint_name")
        .text(" WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_name = ")
        .value(name(table))
        .text(" AND k.table_name = ")
        .value(name(table))
        .text(" ORDER BY k.ordinal_position")
        .build();
  }

  @Override
  public Tracking tracking(Connection connection, TableName table) throws SQLException {
    Tracking tracking = poll(connection, table);
    return new Tracking(
        tracking.state(), tracking.identity(), retention(connection, table), tracking.enable());
  }

  /** Empty when the dataset cannot be seen: its region may not be the one of the connection. */
  private Optional<Duration> retention(Connection connection, TableName table) throws SQLException {
    try (Rows rows = retentionQuery(table).query(connection)) {
      if (!rows.next()) {
        return Optional.empty();
      }
      String hours = rows.row().getString(1);
      boolean said = hours != null && hours.matches("\\d{1,4}");
      return Optional.of(Duration.ofHours(said ? Long.parseLong(hours) : TIME_TRAVEL_HOURS));
    } catch (SQLException e) {
      if (classify(e) == Action.CONFIG) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The options of a dataset are listed under its project, and only those that were set. */
  private static SqlText retentionQuery(TableName table) {
    TableName project = new TableName(table.parts().subList(0, 1));
    return sql()
        .text("SELECT o.option_value FROM ")
        .name(project)
        .text(".INFORMATION_SCHEMA.SCHEMATA AS s LEFT JOIN ")
        .name(project)
        .text(".INFORMATION_SCHEMA.SCHEMATA_OPTIONS AS o ON o.schema_name = s.schema_name")
        .text(" AND o.option_name = 'max_time_travel_hours' WHERE s.schema_name = ")
        .value(SqlValue.of(table.schema()))
        .build();
  }

  @Override
  public Tracking poll(Connection connection, TableName table) throws SQLException {
    checkPartitions(connection, table);
    try (Rows rows = tableQuery(table).query(connection)) {
      if (!rows.next()) {
        throw TableProblems.gone(table);
      }
      if (!"BASE TABLE".equals(rows.row().getString(3))) {
        throw noFeed(table, "it is no table of its own: a view, or external");
      }
      boolean kept =
          switch (told) {
            case CHANGES -> "YES".equals(rows.row().getString(1));
            case APPENDS -> true;
          };
      return new Tracking(
          kept ? Tracking.State.ON : Tracking.State.OFF,
          new Identity("created " + rows.row().getLong(2)),
          Optional.empty(),
          sql()
              .text("ALTER TABLE ")
              .name(table)
              .text(" SET OPTIONS (enable_change_history = TRUE);")
              .build()
              .toString());
    }
  }

  private static SqlText tableQuery(TableName table) {
    return from(
            sql()
                .text("SELECT is_change_history_enabled, UNIX_MICROS(creation_time), table_type")
                .text(" FROM "),
            table)
        .text("TABLES WHERE table_name = ")
        .value(name(table))
        .build();
  }

  /** Rows that go with an expired partition are in no change history. */
  private static void checkPartitions(Connection connection, TableName table) throws SQLException {
    try (Rows rows = partitionQuery(table).query(connection)) {
      rows.next();
      if (rows.row().getLong(1) > 0) {
        throw noFeed(table, "its partitions expire, and its change history does not tell of that");
      }
    }
  }

  private static SqlText partitionQuery(TableName table) {
    return from(sql().text("SELECT COUNT(*) FROM "), table)
        .text("TABLE_OPTIONS WHERE option_name = 'partition_expiration_days' AND table_name = ")
        .value(name(table))
        .build();
  }

  private static MirrorException noFeed(TableName table, String sentence) {
    return new MirrorException(
        ErrorCode.NO_CHANGE_FEED, table.toString(), sentence, "Mirror another table.");
  }

  private static long clockMicros(Connection connection) throws SQLException {
    try (Rows rows = clockQuery().query(connection)) {
      rows.next();
      return rows.row().getLong(1);
    }
  }

  private static SqlText clockQuery() {
    return sql().text("SELECT UNIX_MICROS(CURRENT_TIMESTAMP())").build();
  }

  @Override
  public long clockMillis(Connection connection) throws SQLException {
    return toMillis(clockMicros(connection));
  }

  private static long toMillis(long micros) {
    return Math.floorDiv(micros, MICROS_PER_MILLI);
  }

  @Override
  public long newest(Connection connection, TableName table) throws SQLException {
    return clockMicros(connection);
  }

  @Override
  public Settled settled(Connection connection, TableName table, long settleMillis)
      throws SQLException {
    long point = clockMicros(connection) - settleMillis * MICROS_PER_MILLI;
    return new Settled(point, toMillis(point));
  }

  @Override
  public long longestWindow() {
    return DAY_MICROS;
  }

  @Override
  public OptionalLong millis(long point) {
    return OptionalLong.of(toMillis(point));
  }

  @Override
  public Reading reading(SourceColumn column) {
    return switch (family(column)) {
      case "INT64" -> Reading.of(Getter.LONG, Kind.LONG);
      case "FLOAT64" -> Reading.of(Getter.DOUBLE, Kind.DOUBLE);
      case "NUMERIC" ->
          column.precision() == 0
              ? new Reading(Getter.DECIMAL, ColumnType.decimal(MOST_DIGITS, NUMERIC_SCALE))
              : decimal(column);
      case "BIGNUMERIC" ->
          column.precision() == 0 ? Reading.needsCast(Getter.DECIMAL) : decimal(column);
      case "BOOL" -> Reading.of(Getter.BOOLEAN, Kind.BOOLEAN);
      case "STRING" -> Reading.of(Getter.TEXT, Kind.STRING);
      case "BYTES" -> Reading.of(Getter.BINARY, Kind.BINARY);
      case "DATE" -> Reading.of(Getter.TEXT, Kind.DATE);
      case "TIME" -> Reading.of(Getter.TEXT, Kind.TIME);
      case "DATETIME" -> Reading.of(Getter.TEXT, Kind.TIMESTAMP);
      case "TIMESTAMP" -> Reading.of(Getter.TEXT, Kind.TIMESTAMP_WITH_ZONE);
      case "JSON", "ARRAY", "STRUCT" -> Reading.of(Getter.TEXT, Kind.STRING);
      default -> Reading.needsCast(Getter.TEXT);
    };
  }

  private static Reading decimal(SourceColumn column) {
    boolean fits = column.precision() <= MOST_DIGITS && column.scale() <= column.precision();
    return fits
        ? new Reading(Getter.DECIMAL, ColumnType.decimal(column.precision(), column.scale()))
        : Reading.needsCast(Getter.DECIMAL);
  }

  /** Times travel as text: drivers disagree on what zone a DATETIME is in. */
  @Override
  public void select(SqlText.Builder sql, SourceColumn column) {
    Identifier name = column.name();
    switch (family(column)) {
      case "DATE" -> sql.text("CAST(").name(name).text(" AS STRING)");
      case "TIME" -> sql.text("FORMAT_TIME('%H:%M:%E6S', ").name(name).text(")");
      case "DATETIME" -> sql.text("FORMAT_DATETIME('%E4Y-%m-%dT%H:%M:%E6S', ").name(name).text(")");
      case "TIMESTAMP" ->
          sql.text("FORMAT_TIMESTAMP('%E4Y-%m-%dT%H:%M:%E6SZ', ").name(name).text(", 'UTC')");
      case "JSON", "ARRAY", "STRUCT" ->
          sql.text("IF(").name(name).text(" IS NULL, NULL, TO_JSON_STRING(").name(name).text("))");
      default -> sql.name(name);
    }
  }

  @Override
  public void snapshot(SqlText.Builder sql, TableName table, long at) {
    sql.name(table).text(" FOR SYSTEM_TIME AS OF TIMESTAMP_MICROS(").literal(at - 1).text(")");
  }

  @Override
  public void changes(SqlText.Builder sql, TableName table, long from, long to) {
    switch (told) {
      case CHANGES -> sql.text("CHANGES");
      case APPENDS -> sql.text("APPENDS");
    }
    sql.text("(TABLE ").name(table).text(", TIMESTAMP_MICROS(").literal(from);
    sql.text("), TIMESTAMP_MICROS(").literal(to).text("))");
  }

  @Override
  public void unit(SqlText.Builder sql, long to) {
    sql.text("UNIX_MICROS(_CHANGE_TIMESTAMP)");
  }

  @Override
  public long snapshotUnit(long at) {
    return at - 1;
  }

  @Override
  public void time(SqlText.Builder sql, long to) {
    sql.text("UNIX_MILLIS(_CHANGE_TIMESTAMP)");
  }

  @Override
  public void snapshotTime(SqlText.Builder sql, long at) {
    sql.literal(toMillis(at - 1));
  }

  @Override
  public void operation(SqlText.Builder sql) {
    sql.text("_CHANGE_TYPE");
  }

  /** An update is a DELETE of the old row and an UPDATE with the new one. */
  @Override
  public Map<String, Operation> operations() {
    return switch (told) {
      case CHANGES ->
          Map.of(
              "insert", Operation.UPSERT, "update", Operation.UPSERT, "delete", Operation.DELETE);
      case APPENDS -> Map.of("insert", Operation.UPSERT);
    };
  }

  /** Of the words INSERT, UPDATE and DELETE, the last one is the least. */
  @Override
  public void orderOfChanges(SqlText.Builder sql) {
    sql.text("_CHANGE_TIMESTAMP, _CHANGE_TYPE DESC");
  }

  @Override
  public Action classify(SQLException error) {
    return BigQueryErrors.classify(error);
  }

  @Override
  public boolean untracked(SQLException error) {
    return BigQueryErrors.untracked(error);
  }

  @Override
  public String state(SQLException error) {
    return BigQueryErrors.state(error);
  }

  @Override
  public Optional<String> grant() {
    return Optional.of(
        "Give the user bigquery.tables.getData on the table, and, if the table has or had row access"
            + " policies, bigquery.rowAccessPolicies.overrideTimeTravelRestrictions.");
  }

  @Override
  public Optional<String> phrase(SQLException error) {
    return BigQueryErrors.phrase(error);
  }

  @Override
  public int mostParts() {
    return MOST_PARTS;
  }

  @Override
  public List<SqlText> questions(TableName table) {
    return List.of(
        columnQuery(table),
        keyQuery(table),
        retentionQuery(table),
        tableQuery(table),
        partitionQuery(table),
        clockQuery());
  }

  private static SqlText.Builder sql() {
    return SqlText.in(DIALECT);
  }
}
