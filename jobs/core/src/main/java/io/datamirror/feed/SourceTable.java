package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table as the database describes it; without columns when there is no such table. */
record SourceTable(TableName name, List<SourceColumn> columns) {

  SourceTable {
    columns = List.copyOf(columns);
  }

  /** The name that a spec gives; null with a problem if it is none. */
  static TableName name(String text, TableProblems problems) {
    try {
      return TableName.parse(text);
    } catch (IllegalArgumentException e) {
      problems.table(
          ErrorCode.BAD_VALUE,
          "the name " + text + " cannot be read: " + e.getMessage(),
          "Write SCHEMA.TABLE; put a part with a dot in it between double quotes.");
      return null;
    }
  }

  /** The table that a spec names; null with a problem if there is none. */
  static SourceTable existing(Connection connection, String text, TableProblems problems)
      throws SQLException {
    TableName name = name(text, problems);
    if (name == null) {
      return null;
    }
    SourceTable table = read(connection, name);
    if (!table.exists()) {
      problems.missing(name);
    }
    return table;
  }

  /** Asks the database for the table of exactly this name; an unnamed schema is the current one. */
  static SourceTable read(Connection connection, TableName name) throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    String schema = name.schema() == null ? connection.getSchema() : name.schema();
    List<SourceColumn> columns = new ArrayList<>();
    try (ResultSet rows =
        metadata.getColumns(
            name.catalog(),
            pattern(metadata, schema),
            pattern(metadata, name.table().name()),
            null)) {
      while (rows.next()) {
        if (rows.getString("TABLE_NAME").equals(name.table().name())
            && (schema == null || schema.equals(rows.getString("TABLE_SCHEM")))) {
          columns.add(column(rows));
        }
      }
    }
    return new SourceTable(name, columns);
  }

  private static SourceColumn column(ResultSet row) throws SQLException {
    return new SourceColumn(
        new Identifier(row.getString("COLUMN_NAME")),
        row.getInt("DATA_TYPE"),
        row.getString("TYPE_NAME"),
        row.getInt("COLUMN_SIZE"),
        row.getInt("DECIMAL_DIGITS"),
        row.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls);
  }

  /** The metadata calls take patterns: in a name, an underscore would stand for any character. */
  static String pattern(DatabaseMetaData metadata, String name) throws SQLException {
    String escape = metadata.getSearchStringEscape();
    if (name == null || escape == null || escape.isEmpty()) {
      return name;
    }
    return name.replace(escape, escape + escape)
        .replace("_", escape + "_")
        .replace("%", escape + "%");
  }

  boolean exists() {
    return !columns.isEmpty();
  }

  Optional<SourceColumn> column(String name) {
    return columns.stream().filter(column -> column.name().name().equals(name)).findFirst();
  }

  /** A column whose name differs from {@code name} in upper and lower case only. */
  Optional<SourceColumn> nearly(String name) {
    return columns.stream()
        .filter(column -> column.name().name().equalsIgnoreCase(name))
        .findFirst();
  }
}
