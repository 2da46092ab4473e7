package io.datamirror.table;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** A table of changes of orders in a database in memory. */
final class Shop {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  Shop() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement =
            connection.prepareStatement(
                "CREATE TABLE ORDERS_CHANGES (SEQ BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " OP VARCHAR(1), ID BIGINT, VERSION BIGINT, AMOUNT DECIMAL(10, 2),"
                    + " HAPPENED TIMESTAMP(6) WITH TIME ZONE)")) {
      statement.execute();
    }
  }

  String url() {
    return url;
  }

  /** Writes a change; its time is in UTC. */
  void write(String operation, long id, long version, String amount, String time)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO ORDERS_CHANGES (OP, ID, VERSION, AMOUNT, HAPPENED) VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, operation);
      insert.setLong(2, id);
      insert.setLong(3, version);
      insert.setBigDecimal(4, amount == null ? null : new BigDecimal(amount));
      insert.setString(5, time + "+00");
      insert.execute();
    }
  }

  /** The version becomes a number of another type, with the same values. */
  void retypeVersion() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement =
            connection.prepareStatement(
                "ALTER TABLE ORDERS_CHANGES ALTER COLUMN VERSION DECIMAL(20, 0)")) {
      statement.execute();
    }
  }

  /** The database counts from now on how often each query runs. */
  void countQueries() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement = connection.prepareStatement("SET QUERY_STATISTICS TRUE")) {
      statement.execute();
    }
  }

  /** How many queries that begin like this ran. */
  long queries(String beginning) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT COALESCE(SUM(EXECUTION_COUNT), 0) FROM INFORMATION_SCHEMA.QUERY_STATISTICS"
                    + " WHERE SQL_STATEMENT LIKE ?")) {
      statement.setString(1, beginning + "%");
      try (ResultSet found = statement.executeQuery()) {
        found.next();
        return found.getLong(1);
      }
    }
  }

  String orders(String options) {
    return orders("", options);
  }

  /**
   * The declaration of the table.
   *
   * @param columns more columns, each with a comma behind it
   * @param options more options
   */
  String orders(String columns, String options) {
    return """
        CREATE TEMPORARY TABLE orders (
          id BIGINT,
          amount DECIMAL(10, 2),
          HAPPENED TIMESTAMP_LTZ(6),
          %s
          PRIMARY KEY (id) NOT ENFORCED
        ) WITH (
          'connector' = 'data-mirror',
          'url' = '%s',
          %s
          'poll-interval' = '100ms',
          'source' = 'PUBLIC.ORDERS_CHANGES',
          'feed' = 'change-table',
          'version' = 'VERSION',
          'operation' = 'OP',
          'cursor' = 'SEQ',
          'columns.rename.ID' = 'id',
          'columns.rename.AMOUNT' = 'amount'%s)"""
        .formatted(
            columns,
            url,
            options.contains("'settle'") ? "" : "'settle' = '0s',",
            options.isEmpty() ? "" : ", " + options);
  }
}
