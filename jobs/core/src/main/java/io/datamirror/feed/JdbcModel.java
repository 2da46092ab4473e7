package io.datamirror.feed;

import io.datamirror.model.ForeignKey;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which tables there are and how they refer to each other, by the metadata of JDBC. */
final class JdbcModel {

  private static final Set<String> SYSTEM_SCHEMAS =
      Set.of(
          "INFORMATION_SCHEMA",
          "information_schema",
          "pg_catalog",
          "pg_toast",
          "mysql",
          "performance_schema",
          "sys");
  private static final String[] TABLES = {"TABLE", "BASE TABLE", "PARTITIONED TABLE"};

  private JdbcModel() {}

  /**
   * The tables of a schema.
   *
   * @param schema null for all but the database's own
   */
  static List<TableName> tables(Connection connection, String schema) throws SQLException {
    List<TableName> names = new ArrayList<>();
    try (ResultSet rows =
        connection.getMetaData().getTables(connection.getCatalog(), null, "%", TABLES)) {
      while (rows.next()) {
        String found = rows.getString("TABLE_SCHEM");
        boolean wanted = schema == null ? !isSystem(found) : schema.equals(found);
        if (wanted) {
          names.add(name(found, rows.getString("TABLE_NAME")));
        }
      }
    }
    return names;
  }

  /** Some drivers know no schemas. */
  private static boolean isSystem(String schema) {
    return schema != null && SYSTEM_SCHEMAS.contains(schema);
  }

  private static TableName name(String schema, String table) {
    return schema == null
        ? new TableName(List.of(new Identifier(table)))
        : new TableName(List.of(new Identifier(schema), new Identifier(table)));
  }

  /** The foreign keys of a table. */
  static List<ForeignKey> foreignKeys(Connection connection, TableName table) throws SQLException {
    String catalog = table.catalog() == null ? connection.getCatalog() : table.catalog();
    References references = new References();
    try (ResultSet rows =
        connection.getMetaData().getImportedKeys(catalog, table.schema(), table.table().name())) {
      while (rows.next()) {
        references.add(
            String.valueOf(rows.getString("FK_NAME")),
            rows.getString("FKCOLUMN_NAME"),
            name(rows.getString("PKTABLE_SCHEM"), rows.getString("PKTABLE_NAME")),
            rows.getString("PKCOLUMN_NAME"));
      }
    }
    return references.foreignKeys();
  }

  /** Foreign keys while they are read column by column, in the order of the columns. */
  static final class References {
    private final Map<String, List<String>> columns = new TreeMap<>();
    private final Map<String, List<String>> referencedColumns = new LinkedHashMap<>();
    private final Map<String, TableName> referenced = new LinkedHashMap<>();

    void add(String key, String column, TableName table, String referencedColumn) {
      columns.computeIfAbsent(key, none -> new ArrayList<>()).add(column);
      referencedColumns.computeIfAbsent(key, none -> new ArrayList<>()).add(referencedColumn);
      referenced.put(key, table);
    }

    List<ForeignKey> foreignKeys() {
      List<ForeignKey> keys = new ArrayList<>();
      columns.forEach(
          (key, own) ->
              keys.add(new ForeignKey(own, referenced.get(key), referencedColumns.get(key))));
      return keys;
    }
  }
}
