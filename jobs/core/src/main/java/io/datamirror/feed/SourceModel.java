package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.model.ColumnModel;
import io.datamirror.model.ColumnModel.Nullability;
import io.datamirror.model.ColumnModel.Origin;
import io.datamirror.model.ForeignKey;
import io.datamirror.model.TableModel;
import io.datamirror.spec.SourceType;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables of a source as it describes them itself: a warehouse with a feed of its own in the
 * words of that feed, any other database by the metadata of JDBC. Reads no rows.
 */
public final class SourceModel {

  private static final ColumnType WIDE_DECIMAL = ColumnType.decimal(38, 10);

  private final Connection connection;
  private final DatabaseMetaData metadata;
  private final Dialect dialect;
  private final Warehouse warehouse;

  private SourceModel(Connection connection, Warehouse warehouse) throws SQLException {
    this.connection = connection;
    this.metadata = connection.getMetaData();
    this.dialect = Dialect.of(connection);
    this.warehouse = warehouse;
  }

  /**
   * The tables of a schema.
   *
   * @param source the source behind {@code connection}
   * @param schema null for all but the database's own
   */
  public static List<TableModel> read(Connection connection, SourceType source, String schema)
      throws SQLException {
    Warehouse warehouse =
        switch (source) {
          case SNOWFLAKE, DATABRICKS, BIGQUERY -> Warehouses.of(source);
          case JDBC, KAFKA, FILES -> null;
        };
    return new SourceModel(connection, warehouse).tables(schema);
  }

  private List<TableModel> tables(String schema) throws SQLException {
    List<TableName> names =
        warehouse == null
            ? JdbcModel.tables(connection, schema)
            : warehouse.tables(connection, schema);
    List<TableModel> tables = new ArrayList<>();
    for (TableName name : names) {
      tables.add(table(name));
    }
    return tables;
  }

  private TableModel table(TableName name) throws SQLException {
    SourceTable described =
        warehouse == null
            ? SourceTable.read(connection, name)
            : warehouse.describe(connection, name);
    Set<String> counted = warehouse == null ? counted(name) : Set.of();
    List<ColumnModel> columns = new ArrayList<>();
    for (SourceColumn column : described.columns()) {
      columns.add(column(column, counted.contains(column.name().name())));
    }
    List<String> key = warehouse == null ? primaryKey(name) : warehouse.key(connection, name);
    List<ForeignKey> foreignKeys =
        warehouse == null
            ? JdbcModel.foreignKeys(connection, name)
            : warehouse.foreignKeys(connection, name);
    return new TableModel(name, columns, key, uniqueKeys(name), foreignKeys);
  }

  private ColumnModel column(SourceColumn column, boolean counted) {
    Reading reading =
        warehouse == null ? SourceTypes.of(dialect, column) : warehouse.reading(column);
    return new ColumnModel(
        column.name().name(),
        column.typeName(),
        Optional.ofNullable(reading.type()),
        reading.getter() == Getter.DECIMAL ? WIDE_DECIMAL : ColumnType.of(Kind.STRING),
        column.nullable() ? Nullability.NULLABLE : Nullability.NOT_NULL,
        counted ? Origin.COUNTED : Origin.WRITER);
  }

  private Set<String> counted(TableName name) throws SQLException {
    Set<String> counted = new HashSet<>();
    try (ResultSet rows =
        metadata.getColumns(
            connection.getCatalog(),
            SourceTable.pattern(metadata, name.schema()),
            SourceTable.pattern(metadata, name.table().name()),
            null)) {
      while (rows.next()) {
        boolean same = rows.getString("TABLE_NAME").equals(name.table().name());
        if (same && "YES".equals(rows.getString("IS_AUTOINCREMENT"))) {
          counted.add(rows.getString("COLUMN_NAME"));
        }
      }
    }
    return counted;
  }

  private List<String> primaryKey(TableName name) throws SQLException {
    Map<Integer, String> columns = new TreeMap<>();
    try (ResultSet rows =
        metadata.getPrimaryKeys(connection.getCatalog(), name.schema(), name.table().name())) {
      while (rows.next()) {
        columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
      }
    }
    return List.copyOf(columns.values());
  }

  private List<List<String>> uniqueKeys(TableName name) throws SQLException {
    if (warehouse != null) {
      return List.of(); // Warehouses enforce none.
    }
    Map<String, List<String>> keys = new LinkedHashMap<>();
    Set<String> partial = new HashSet<>();
    try (ResultSet rows =
        metadata.getIndexInfo(
            connection.getCatalog(), name.schema(), name.table().name(), true, true)) {
      while (rows.next()) {
        String index = rows.getString("INDEX_NAME");
        String column = rows.getString("COLUMN_NAME");
        if (index == null || column == null) {
          continue;
        }
        keys.computeIfAbsent(index, key -> new ArrayList<>()).add(column);
        if (rows.getString("FILTER_CONDITION") != null
            && !rows.getString("FILTER_CONDITION").isEmpty()) {
          partial.add(index);
        }
      }
    }
    keys.keySet().removeAll(partial);
    return List.copyOf(keys.values());
  }
}
