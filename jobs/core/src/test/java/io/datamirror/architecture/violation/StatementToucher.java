package io.datamirror.architecture.violation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Breaks the rule on statements in every way that there is, to show that the rule bites. */
final class StatementToucher {
  private StatementToucher() {}

  static ResultSet preparesAndQueries(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement("SELECT 1");
    return statement.executeQuery();
  }

  static boolean createsAndExecutes(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    }
  }

  static Query refersToMethod(Statement statement) {
    return statement::executeUpdate;
  }

  interface Query {
    int run(String text) throws SQLException;
  }
}
