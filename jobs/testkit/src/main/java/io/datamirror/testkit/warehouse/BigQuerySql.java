package io.datamirror.testkit.warehouse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands as much of BigQuery's SQL as a change feed needs. Windows are {@code [start, end)},
 * of a day at most, never in the future, and inside of the time travel; what happened is reported
 * change by change.
 */
final class BigQuerySql {

  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long HOUR_MICROS = 3_600_000_000L;

  private static final String NAME = "`[^`]+`";
  private static final String TABLE = "(" + NAME + ")\\.(" + NAME + ")\\.(" + NAME + ")";
  private static final String TIME = "TIMESTAMP_MICROS\\((\\d+)\\)";
  private static final Pattern CHANGES =
      Pattern.compile("(CHANGES|APPENDS)\\(TABLE " + TABLE + ", " + TIME + ", " + TIME + "\\)");
  private static final Pattern SNAPSHOT = Pattern.compile(TABLE + " FOR SYSTEM_TIME AS OF " + TIME);
  private static final Pattern DESCRIPTION =
      Pattern.compile("`p`(\\.`d`)?\\.INFORMATION_SCHEMA\\.([A-Z_]+)");

  private final VersionedTables tables;
  private final Dataset dataset;

  /**
   * The dataset that the tables are in.
   *
   * @param hours its time travel; null for what BigQuery gives it
   * @param region whether it is in the region in which a connection looks
   */
  record Dataset(Integer hours, Region region) {
    private static final int HOURS = 168;

    /** Where it is. */
    enum Region {
      HERE,
      ELSEWHERE
    }

    long travelHours() {
      return hours == null ? HOURS : hours;
    }
  }

  BigQuerySql(VersionedTables tables, Dataset dataset) {
    this.tables = tables;
    this.dataset = dataset;
  }

  /** The statement in the words of the engine. */
  String translated(String sql) throws SQLException {
    if (sql.equals("SELECT UNIX_MICROS(CURRENT_TIMESTAMP())")) {
      return "SELECT CAST(" + tables.now() + " AS BIGINT)";
    }
    Matcher changes = CHANGES.matcher(sql);
    if (changes.find()) {
      VersionedTable table = find(changes.group(2), changes.group(3), changes.group(4));
      long start = Long.parseLong(changes.group(5));
      long end = Long.parseLong(changes.group(6));
      checkRange(table, start, end);
      return expressions(
          sql.substring(0, changes.start())
              + "("
              + (changes.group(1).equals("CHANGES")
                  ? changes(table, start, end)
                  : appends(table, start, end))
              + ")"
              + sql.substring(changes.end()));
    }
    Matcher snapshot = SNAPSHOT.matcher(sql);
    if (snapshot.find()) {
      VersionedTable table = find(snapshot.group(1), snapshot.group(2), snapshot.group(3));
      long at = Long.parseLong(snapshot.group(4));
      return expressions(
          sql.substring(0, snapshot.start())
              + "("
              + snapshot(table, at)
              + ")"
              + sql.substring(snapshot.end()));
    }
    Matcher description = DESCRIPTION.matcher(sql);
    if (description.find()) {
      return DESCRIPTION
          .matcher(sql)
          .replaceAll(found -> Matcher.quoteReplacement(described(found.group(2))))
          .replaceAll("UNIX_MICROS\\(creation_time\\)", "creation_time");
    }
    throw new SQLException("Syntax error: " + sql, "42000");
  }

  private VersionedTable find(String project, String dataset, String table) throws SQLException {
    String name = table.substring(1, table.length() - 1);
    boolean here = project.equals("`p`") && dataset.equals("`d`");
    return tables
        .find(name)
        .filter(found -> here)
        .orElseThrow(() -> new SQLException("Not found: Table p:d." + name));
  }

  private void checkTime(VersionedTable table, long at) throws SQLException {
    long now = tables.now();
    long oldest = Math.max(now - dataset.travelHours() * HOUR_MICROS, table.createdAt());
    if (at > now) {
      throw new SQLException("Invalid time: " + at + " is in the future", "22000");
    }
    if (at < oldest) {
      throw new SQLException(
          "Invalid snapshot time "
              + at / 1_000
              + " for table p:d."
              + table.name()
              + "@"
              + at / 1_000
              + ". Cannot read before "
              + oldest / 1_000
              + ".");
    }
  }

  private String snapshot(VersionedTable table, long at) throws SQLException {
    checkTime(table, at);
    return "SELECT * FROM "
        + table.engineName()
        + " WHERE \"$FROM\" <= "
        + at
        + " AND "
        + at
        + " < \"$TO\"";
  }

  private void checkRange(VersionedTable table, long start, long end) throws SQLException {
    checkTime(table, start);
    if (end > tables.now() || end < start || end - start > DAY_MICROS) {
      throw new SQLException("The range of CHANGES must be of a day at most, and past", "22000");
    }
  }

  private static String names(VersionedTable table) {
    StringJoiner names = new StringJoiner(", ", "", ", ");
    table.columns().forEach(column -> names.add(VersionedTables.quoted(column.name())));
    return names.toString();
  }

  /** Whether a version of a row has one before it. */
  private static String updated(VersionedTable table) {
    return "EXISTS (SELECT 1 FROM "
        + table.engineName()
        + " o WHERE o.\"$ROW\" = t.\"$ROW\" AND o.\"$TO\" = t.\"$FROM\")";
  }

  /** What was added, also when it is gone since. */
  private static String appends(VersionedTable table, long start, long end) {
    return "SELECT "
        + names(table)
        + "'INSERT' AS _CHANGE_TYPE, \"$FROM\" AS _CHANGE_TIMESTAMP FROM "
        + table.engineName()
        + " t WHERE "
        + within("$FROM", start, end)
        + " AND NOT "
        + updated(table);
  }

  private static String changes(VersionedTable table, long start, long end) throws SQLException {
    if (!table.tracked()) {
      throw new SQLException("CHANGES needs the table option enable_change_history", "22000");
    }
    String names = names(table);
    String name = table.engineName();
    return "SELECT "
        + names
        + "CASE WHEN "
        + updated(table)
        + " THEN 'UPDATE' ELSE 'INSERT'"
        + " END AS _CHANGE_TYPE, \"$FROM\" AS _CHANGE_TIMESTAMP FROM "
        + name
        + " t WHERE "
        + within("$FROM", start, end)
        + " UNION ALL SELECT "
        + names
        + "'DELETE', \"$TO\" FROM "
        + name
        + " WHERE "
        + within("$TO", start, end);
  }

  private static String within(String column, long start, long end) {
    return start + " <= \"" + column + "\" AND \"" + column + "\" < " + end;
  }

  private static String expressions(String sql) {
    return sql.replace("UNIX_MICROS(_CHANGE_TIMESTAMP)", "_CHANGE_TIMESTAMP")
        .replace("UNIX_MILLIS(_CHANGE_TIMESTAMP)", "_CHANGE_TIMESTAMP / 1000")
        .replaceAll("CAST\\((" + NAME + ") AS STRING\\)", "CAST($1 AS VARCHAR)")
        .replaceAll(
            "FORMAT_TIME\\('%H:%M:%E6S', (" + NAME + ")\\)",
            "FORMATDATETIME($1, 'HH:mm:ss.SSSSSS')")
        .replaceAll(
            "FORMAT_DATETIME\\('%E4Y-%m-%dT%H:%M:%E6S', (" + NAME + ")\\)",
            "FORMATDATETIME($1, 'yyyy-MM-dd''T''HH:mm:ss.SSSSSS')")
        .replaceAll(
            "FORMAT_TIMESTAMP\\('%E4Y-%m-%dT%H:%M:%E6SZ', (" + NAME + "), 'UTC'\\)",
            "FORMATDATETIME($1 AT TIME ZONE 'UTC', 'yyyy-MM-dd''T''HH:mm:ss.SSSSSS''Z''')")
        .replaceAll("IF\\(" + NAME + " IS NULL, NULL, TO_JSON_STRING\\((" + NAME + ")\\)\\)", "$1")
        .replace('`', '"');
  }

  /** What the service says of its tables, as a table. */
  private String described(String view) {
    List<String> rows = new ArrayList<>();
    if (view.equals("SCHEMATA") && dataset.region() == Dataset.Region.HERE) {
      rows.add(row(text("d")));
    }
    if (view.equals("SCHEMATA_OPTIONS") && dataset.hours() != null) {
      String hours = text(dataset.hours().toString());
      rows.add(row(text("d"), text("max_time_travel_hours"), hours));
    }
    for (VersionedTable table : tables.all()) {
      String name = text(table.name());
      switch (view) {
        case "TABLES" ->
            rows.add(
                row(
                    name,
                    text(table.tracked() ? "YES" : "NO"),
                    "CAST(" + table.createdAt() + " AS BIGINT)",
                    text("BASE TABLE")));
        case "COLUMNS" -> {
          for (int i = 0; i < table.columns().size(); i++) {
            VersionedTable.Column column = table.columns().get(i);
            rows.add(
                row(
                    name,
                    text(column.name()),
                    text(column.type()),
                    text(column.nullable() ? "YES" : "NO"),
                    String.valueOf(i),
                    text("NO")));
          }
          // As every table that is partitioned by ingestion has it.
          rows.add(
              row(
                  name,
                  text("_PARTITIONTIME"),
                  text("TIMESTAMP"),
                  text("YES"),
                  "NULL",
                  text("YES")));
        }
        case "KEY_COLUMN_USAGE" -> {
          for (int i = table.key().size(); i > 0; i--) {
            String column = text(table.key().get(i - 1));
            rows.add(row(name, text(table.name() + ".pk$"), column, String.valueOf(i), "NULL"));
          }
          for (VersionedTable.Reference reference : table.references()) {
            for (int i = reference.columns().size(); i > 0; i--) {
              String column = text(reference.columns().get(i - 1));
              rows.add(
                  row(name, text(reference.name()), column, String.valueOf(i), String.valueOf(i)));
            }
          }
        }
        case "TABLE_CONSTRAINTS" -> {
          rows.add(row(name, text(table.name() + ".pk$"), text("PRIMARY KEY")));
          for (VersionedTable.Reference reference : table.references()) {
            rows.add(row(name, text(reference.name()), text("FOREIGN KEY")));
          }
        }
        case "CONSTRAINT_COLUMN_USAGE" -> {
          for (VersionedTable.Reference reference : table.references()) {
            for (String column : reference.table().key()) {
              rows.add(row(text(reference.table().name()), text(reference.name()), text(column)));
            }
          }
        }
        case "TABLE_OPTIONS", "SCHEMATA", "SCHEMATA_OPTIONS" -> {}
        default -> throw new IllegalArgumentException(view);
      }
    }
    String columns =
        switch (view) {
          case "TABLES" -> "table_name, is_change_history_enabled, creation_time, table_type";
          case "COLUMNS" ->
              "table_name, column_name, data_type, is_nullable, ordinal_position, is_hidden";
          case "KEY_COLUMN_USAGE" ->
              "table_name, constraint_name, column_name, ordinal_position,"
                  + " position_in_unique_constraint";
          case "CONSTRAINT_COLUMN_USAGE" -> "table_name, constraint_name, column_name";
          case "TABLE_CONSTRAINTS" -> "table_name, constraint_name, constraint_type";
          case "SCHEMATA" -> "schema_name";
          case "SCHEMATA_OPTIONS" -> "schema_name, option_name, option_value";
          default -> "table_name, option_name";
        };
    if (rows.isEmpty()) {
      String nothing = columns.replaceAll("[a-z_]+", "NULL AS $0");
      return "(SELECT " + nothing + " WHERE FALSE)";
    }
    return "(SELECT * FROM (VALUES " + String.join(", ", rows) + ") AS x(" + columns + "))";
  }

  private static String row(String... values) {
    return "(" + String.join(", ", values) + ")";
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
