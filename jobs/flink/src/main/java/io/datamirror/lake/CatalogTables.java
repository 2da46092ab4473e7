package io.datamirror.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.jdbc.JdbcClientPool;

/** The tables that a JDBC catalog keeps in its database. */
final class CatalogTables {

  private static final String TABLES = "iceberg_tables";

  private CatalogTables() {}

  /** Whether they are there; creates nothing. */
  static boolean exist(Map<String, String> settings) {
    try (JdbcClientPool pool = new JdbcClientPool(1, settings.get("uri"), settings)) {
      return pool.run(CatalogTables::hasTables);
    } catch (SQLException | RuntimeException | LinkageError e) {
      throw LakeFailure.of(e, "lake catalog");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at the catalog", e);
    }
  }

  /** Looks as the catalog itself does: in every schema, and some databases know capitals only. */
  private static boolean hasTables(Connection connection) throws SQLException {
    for (String name : List.of(TABLES, TABLES.toUpperCase(Locale.ROOT))) {
      try (ResultSet found = connection.getMetaData().getTables(null, null, name, null)) {
        if (found.next()) {
          return true;
        }
      }
    }
    return false;
  }
}
