package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The name of a warehouse's table with all its parts: a position must not follow the session's. */
final class WholeName {

  private WholeName() {}

  /**
   * The name of {@code table}; what it leaves out is the session's.
   *
   * @param form the whole form of a name, for people
   */
  static TableName of(Connection connection, TableName table, String form) throws SQLException {
    String catalog = table.catalog() == null ? catalog(connection, form) : table.catalog();
    String schema = table.schema() == null ? connection.getSchema() : table.schema();
    if (schema == null) {
      throw without("schema", form);
    }
    return new TableName(List.of(new Identifier(catalog), new Identifier(schema), table.table()));
  }

  /** The session's database. */
  static String catalog(Connection connection, String form) throws SQLException {
    String catalog = connection.getCatalog();
    if (catalog == null) {
      throw without("database", form);
    }
    return catalog;
  }

  private static MirrorException without(String what, String form) {
    return new MirrorException(
        ErrorCode.BAD_VALUE,
        "source",
        "the session has no " + what,
        "Write " + form + ", or name them under source.properties.");
  }
}
