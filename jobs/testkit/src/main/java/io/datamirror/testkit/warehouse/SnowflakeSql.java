package io.datamirror.testkit.warehouse;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands as much of Snowflake's SQL as a change feed needs, and refuses the rest: time travel
 * and CHANGES with constant times, SHOW, DESCRIBE and EXPLAIN. Windows are (AT, END], and what they
 * hold is the net difference.
 */
final class SnowflakeSql {

  private static final String DATABASE = "DB";
  private static final String SCHEMA = "SCH";
  private static final long DAY_MILLIS = 86_400_000L;

  private static final String NAME = "\"(?:[^\"]|\"\")+\"";
  private static final String TABLE = NAME + "\\." + NAME + "\\." + NAME;
  private static final String TIME = "TIMESTAMP => ([^()]*(?:\\([^()]*\\))?[^()]*)";
  private static final Pattern SOURCE =
      Pattern.compile(
          "FROM ("
              + TABLE
              + ")( CHANGES\\(INFORMATION => DEFAULT\\))?(?: AT\\("
              + TIME
              + "\\))?(?: END\\("
              + TIME
              + "\\))?");
  private static final Pattern CONSTANT = Pattern.compile("TO_TIMESTAMP_LTZ\\((\\d+), 3\\)");
  private static final Pattern SHOW_TABLES =
      Pattern.compile(
          "SHOW TABLES IN SCHEMA ("
              + NAME
              + ")\\.("
              + NAME
              + ") STARTS WITH '((?:[^'\\\\]|\\\\.)*)'");
  private static final Pattern LIST_TABLES =
      Pattern.compile("SHOW TABLES IN (?:DATABASE \"DB\"|SCHEMA \"DB\"\\.\"SCH\")");
  private static final Pattern SHOW_IMPORTED_KEYS =
      Pattern.compile("SHOW IMPORTED KEYS IN TABLE (" + TABLE + ")");
  private static final Pattern SHOW_KEYS =
      Pattern.compile("SHOW PRIMARY KEYS IN TABLE (" + TABLE + ")");
  private static final Pattern DESCRIBE = Pattern.compile("DESCRIBE TABLE (" + TABLE + ")");
  private static final String EXPLAIN = "EXPLAIN USING TEXT ";
  private static final String CLOCK = "SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())";
  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"]|\"\")*\"|'(?:[^'])*'");
  private static final Pattern WORD =
      Pattern.compile("[A-Z_][A-Z_0-9$]*", Pattern.CASE_INSENSITIVE);
  private static final Set<String> WORDS =
      Set.of(
          "SELECT",
          "FROM",
          "WHERE",
          "ORDER",
          "BY",
          "DESC",
          "AND",
          "OR",
          "IS",
          "NOT",
          "NULL",
          "NULLS",
          "LAST",
          "AS",
          "COUNT",
          "MIN",
          "MAX",
          "MOD",
          "ROW_NUMBER",
          "OVER",
          "TO_VARCHAR",
          "CONVERT_TIMEZONE",
          "TO_JSON",
          "TO_VARIANT",
          "METADATA$ACTION",
          "METADATA$ISUPDATE",
          "METADATA$ROW_ID");

  private final VersionedTables tables;

  SnowflakeSql(VersionedTables tables) {
    this.tables = tables;
  }

  /** Runs a statement. */
  SnowflakeResult run(String sql, List<String> bindings) throws SnowflakeError, SQLException {
    Matcher show = SHOW_TABLES.matcher(sql);
    if (show.matches()) {
      return showTables(show.group(3).replaceAll("\\\\(.)", "$1"));
    }
    if (LIST_TABLES.matcher(sql).matches()) {
      return showTables("");
    }
    Matcher imported = SHOW_IMPORTED_KEYS.matcher(sql);
    if (imported.matches()) {
      return showImportedKeys(find(imported.group(1)));
    }
    Matcher keys = SHOW_KEYS.matcher(sql);
    if (keys.matches()) {
      return showKeys(find(keys.group(1)));
    }
    Matcher describe = DESCRIBE.matcher(sql);
    if (describe.matches()) {
      return describe(find(describe.group(1)));
    }
    if (sql.equals(CLOCK)) {
      return new SnowflakeResult(
          List.of(SnowflakeResult.column("CLOCK", "fixed", 18, 0)),
          List.of(List.of(Long.toString(tables.now()))));
    }
    if (sql.startsWith(EXPLAIN)) {
      return explained(sql.substring(EXPLAIN.length()), bindings);
    }
    return query(translated(sql), bindings);
  }

  /** Names and words are those of a statement that runs. */
  private SnowflakeResult explained(String sql, List<String> bindings)
      throws SnowflakeError, SQLException {
    query(translated(sql), bindings);
    return new SnowflakeResult(
        SnowflakeResult.texts("content"), List.of(List.of("GlobalStats: partitionsTotal=1")));
  }

  private VersionedTable find(String quotedName) throws SnowflakeError {
    String[] parts = quotedName.substring(1, quotedName.length() - 1).split("\"\\.\"", -1);
    String name = parts[2].replace("\"\"", "\"");
    if (!parts[0].equals(DATABASE) || !parts[1].equals(SCHEMA)) {
      throw SnowflakeError.missing(quotedName);
    }
    return tables.find(name).orElseThrow(() -> SnowflakeError.missing(quotedName));
  }

  private static String shown(VersionedTable table) {
    return DATABASE + "." + SCHEMA + "." + table.name();
  }

  private SnowflakeResult showTables(String prefix) {
    List<Map<String, Object>> columns = new ArrayList<>();
    columns.add(SnowflakeResult.column("created_on", "timestamp_ltz", 0, 3));
    columns.addAll(
        SnowflakeResult.texts(
            "name", "database_name", "schema_name", "kind", "comment", "cluster_by"));
    columns.add(SnowflakeResult.column("rows", "fixed", 18, 0));
    columns.add(SnowflakeResult.column("bytes", "fixed", 18, 0));
    columns.addAll(
        SnowflakeResult.texts(
            "owner", "retention_time", "automatic_clustering", "change_tracking"));
    List<List<String>> rows = new ArrayList<>();
    for (VersionedTable table : tables.all()) {
      if (table.name().startsWith(prefix)) {
        rows.add(
            List.of(
                seconds(table.createdAt()),
                table.name(),
                DATABASE,
                SCHEMA,
                "TABLE",
                "",
                "",
                "0",
                "0",
                "OWNER",
                Long.toString(table.retentionDays()),
                "OFF",
                table.tracked() ? "ON" : "OFF"));
      }
    }
    return new SnowflakeResult(columns, rows);
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).setScale(9).toPlainString();
  }

  /** In the reverse order of the key, since the server promises none. */
  private static SnowflakeResult showKeys(VersionedTable table) {
    List<Map<String, Object>> columns = new ArrayList<>();
    columns.add(SnowflakeResult.column("created_on", "timestamp_ltz", 0, 3));
    columns.addAll(
        SnowflakeResult.texts("database_name", "schema_name", "table_name", "column_name"));
    columns.add(SnowflakeResult.column("key_sequence", "fixed", 9, 0));
    columns.addAll(SnowflakeResult.texts("constraint_name", "rely", "comment"));
    List<List<String>> rows = new ArrayList<>();
    for (int i = table.key().size(); i > 0; i--) {
      rows.add(
          SnowflakeResult.row(
              seconds(table.createdAt()),
              DATABASE,
              SCHEMA,
              table.name(),
              table.key().get(i - 1),
              Integer.toString(i),
              "SYS_CONSTRAINT",
              "false",
              null));
    }
    return new SnowflakeResult(columns, rows);
  }

  /** In the reverse order of the columns, since the server promises none. */
  private static SnowflakeResult showImportedKeys(VersionedTable table) {
    List<Map<String, Object>> columns = new ArrayList<>();
    columns.add(SnowflakeResult.column("created_on", "timestamp_ltz", 0, 3));
    columns.addAll(
        SnowflakeResult.texts(
            "pk_database_name", "pk_schema_name", "pk_table_name", "pk_column_name"));
    columns.addAll(
        SnowflakeResult.texts(
            "fk_database_name", "fk_schema_name", "fk_table_name", "fk_column_name"));
    columns.add(SnowflakeResult.column("key_sequence", "fixed", 9, 0));
    columns.addAll(SnowflakeResult.texts("fk_name", "pk_name"));
    List<List<String>> rows = new ArrayList<>();
    for (VersionedTable.Reference reference : table.references()) {
      VersionedTable other = reference.table();
      for (int i = reference.columns().size(); i > 0; i--) {
        rows.add(
            SnowflakeResult.row(
                seconds(table.createdAt()),
                DATABASE,
                SCHEMA,
                other.name(),
                other.key().get(i - 1),
                DATABASE,
                SCHEMA,
                table.name(),
                reference.columns().get(i - 1),
                Integer.toString(i),
                reference.name(),
                "SYS_CONSTRAINT"));
      }
    }
    return new SnowflakeResult(columns, rows);
  }

  private static SnowflakeResult describe(VersionedTable table) {
    List<List<String>> rows = new ArrayList<>();
    for (VersionedTable.Column column : table.columns()) {
      rows.add(
          SnowflakeResult.row(
              column.name(), column.type(), "COLUMN", column.nullable() ? "Y" : "N", null));
    }
    return new SnowflakeResult(
        SnowflakeResult.texts("name", "type", "kind", "null?", "default"), rows);
  }

  private String translated(String sql) throws SnowflakeError {
    Matcher source = SOURCE.matcher(sql);
    if (!source.find()) {
      throw SnowflakeError.compilation("syntax error: no table that can be read");
    }
    VersionedTable table = find(source.group(1));
    boolean changes = source.group(2) != null;
    if (changes && source.group(3) == null) {
      throw SnowflakeError.compilation("syntax error: CHANGES needs AT");
    }
    long now = tables.now();
    long at = source.group(3) == null ? now : constant("AT", source.group(3));
    long end = source.group(4) == null ? now : constant("END", source.group(4));
    checkHistory(table, at, now);
    String from = changes ? changes(table, at, end, now) : snapshot(table, at);
    String rest = sql.substring(0, source.start()) + sql.substring(source.end());
    checkWords(rest);
    return expressions(
        sql.substring(0, source.start()) + "FROM (" + from + ")" + sql.substring(source.end()));
  }

  private static long constant(String function, String argument) throws SnowflakeError {
    Matcher constant = CONSTANT.matcher(argument.trim());
    if (!constant.matches()) {
      throw SnowflakeError.compilation(
          "argument TIMESTAMP to function "
              + function
              + " needs to be constant, found '"
              + argument
              + "'");
    }
    return Long.parseLong(constant.group(1));
  }

  private static void checkHistory(VersionedTable table, long at, long now) throws SnowflakeError {
    boolean gone = at < now - table.retentionDays() * DAY_MILLIS;
    if (gone || at < table.createdAt() || at > now) {
      throw SnowflakeError.timeTravel(table.name());
    }
  }

  private static String snapshot(VersionedTable table, long at) {
    return "SELECT * FROM " + table.engineName() + " WHERE " + visible(at);
  }

  private static String visible(long at) {
    return "\"$FROM\" <= " + at + " AND " + at + " < \"$TO\"";
  }

  private static String changes(VersionedTable table, long at, long end, long now)
      throws SnowflakeError {
    if (!table.tracked() || at < table.trackedSince()) {
      throw SnowflakeError.untracked(shown(table));
    }
    if (end < at || end > now) {
      throw SnowflakeError.compilation("the END of CHANGES is before AT or in the future");
    }
    StringJoiner names = new StringJoiner(", ", "", ", ");
    table.columns().forEach(column -> names.add(VersionedTables.quoted(column.name())));
    return half(table, names.toString(), "DELETE", at, end)
        + " UNION ALL "
        + half(table, names.toString(), "INSERT", end, at);
  }

  /** The versions that were visible at one moment and are not at the other. */
  private static String half(
      VersionedTable table, String names, String action, long visible, long other) {
    String name = table.engineName();
    return "SELECT "
        + names
        + "'"
        + action
        + "' AS \"METADATA$ACTION\", EXISTS (SELECT 1 FROM "
        + name
        + " o WHERE o.\"$ROW\" = t.\"$ROW\" AND o.\"$FROM\" <= "
        + other
        + " AND "
        + other
        + " < o.\"$TO\") AS \"METADATA$ISUPDATE\", CAST(\"$ROW\" AS VARCHAR) AS \"METADATA$ROW_ID\""
        + " FROM "
        + name
        + " t WHERE "
        + visible(visible)
        + " AND NOT ("
        + visible(other)
        + ")";
  }

  private static void checkWords(String sql) throws SnowflakeError {
    Matcher words = WORD.matcher(QUOTED.matcher(sql).replaceAll(" "));
    while (words.find()) {
      if (!WORDS.contains(words.group())) {
        throw SnowflakeError.compilation("syntax error: unexpected '" + words.group() + "'");
      }
    }
  }

  private static String expressions(String sql) {
    return sql.replaceAll("TO_VARCHAR\\((" + NAME + "), 'YYYY-MM-DD'\\)", "CAST($1 AS VARCHAR)")
        .replaceAll(
            "TO_VARCHAR\\((" + NAME + "), 'HH24:MI:SS.FF9'\\)",
            "FORMATDATETIME($1, 'HH:mm:ss.SSSSSSSSS')")
        .replaceAll(
            "TO_VARCHAR\\((" + NAME + "), 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9'\\)",
            "FORMATDATETIME($1, 'yyyy-MM-dd''T''HH:mm:ss.SSSSSSSSS')")
        .replaceAll(
            "TO_VARCHAR\\((" + NAME + "), 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9TZH:TZM'\\)",
            "FORMATDATETIME($1, 'yyyy-MM-dd''T''HH:mm:ss.SSSSSSSSSxxx')")
        .replaceAll(
            "TO_VARCHAR\\(CONVERT_TIMEZONE\\('UTC', ("
                + NAME
                + ")\\), 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9TZH:TZM'\\)",
            "FORMATDATETIME($1 AT TIME ZONE 'UTC', 'yyyy-MM-dd''T''HH:mm:ss.SSSSSSSSSxxx')")
        .replaceAll("TO_JSON\\(TO_VARIANT\\((" + NAME + ")\\)\\)", "$1")
        .replaceAll("(?<!\")METADATA\\$ACTION(?!\")", "\"METADATA\\$ACTION\"");
  }

  private SnowflakeResult query(String sql, List<String> bindings)
      throws SnowflakeError, SQLException {
    try (Connection connection = tables.open();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < bindings.size(); i++) {
        statement.setString(i + 1, bindings.get(i));
      }
      try (ResultSet found = statement.executeQuery()) {
        return result(found);
      }
    } catch (org.h2.jdbc.JdbcSQLSyntaxErrorException e) {
      if (e.getSQLState().equals("42S22")) {
        throw new SnowflakeError(
            "000904",
            "42000",
            "SQL compilation error: error line 1 at position 7\ninvalid identifier");
      }
      throw SnowflakeError.compilation(e.getMessage());
    }
  }

  private static SnowflakeResult result(ResultSet found) throws SQLException {
    ResultSetMetaData metadata = found.getMetaData();
    List<Map<String, Object>> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(column(metadata, i));
    }
    List<List<String>> rows = new ArrayList<>();
    while (found.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(cell(found, metadata.getColumnType(i), i));
      }
      rows.add(Collections.unmodifiableList(row));
    }
    return new SnowflakeResult(columns, rows);
  }

  private static Map<String, Object> column(ResultSetMetaData metadata, int index)
      throws SQLException {
    String name = metadata.getColumnLabel(index);
    return switch (metadata.getColumnType(index)) {
      case Types.INTEGER, Types.BIGINT -> SnowflakeResult.column(name, "fixed", 19, 0);
      case Types.NUMERIC, Types.DECIMAL ->
          SnowflakeResult.column(
              name, "fixed", metadata.getPrecision(index), metadata.getScale(index));
      case Types.DOUBLE, Types.FLOAT, Types.REAL -> SnowflakeResult.column(name, "real", 0, 0);
      case Types.BOOLEAN -> SnowflakeResult.column(name, "boolean", 0, 0);
      case Types.VARBINARY, Types.BINARY -> SnowflakeResult.column(name, "binary", 0, 0);
      case Types.DATE -> SnowflakeResult.column(name, "date", 0, 0);
      default -> SnowflakeResult.column(name, "text", 0, 0);
    };
  }

  private static String cell(ResultSet row, int type, int index) throws SQLException {
    if (type == Types.VARBINARY || type == Types.BINARY) {
      byte[] bytes = row.getBytes(index);
      return bytes == null ? null : HexFormat.of().withUpperCase().formatHex(bytes);
    }
    if (type == Types.DATE) {
      LocalDate date = row.getObject(index, LocalDate.class);
      return date == null ? null : Long.toString(date.toEpochDay());
    }
    return row.getString(index);
  }

  /** Bound values in their order; the server knows them by number. */
  static List<String> ordered(Map<String, String> bindings) {
    Map<Integer, String> ordered = new TreeMap<>();
    bindings.forEach((number, value) -> ordered.put(Integer.valueOf(number), value));
    return new ArrayList<>(ordered.values());
  }
}
