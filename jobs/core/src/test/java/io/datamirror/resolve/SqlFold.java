package io.datamirror.resolve;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Said;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The second oracle: SQL says which change of a key wins. */
final class SqlFold implements AutoCloseable {

  private static final String WINNERS =
      """
      SELECT ID, SERIAL FROM (
        SELECT ID, SERIAL, ROW_NUMBER() OVER (
          PARTITION BY ID
          ORDER BY VERSION DESC, SEQUENCE DESC NULLS LAST, PREFERRED DESC, HASH DESC, SERIAL
        ) AS PLACE FROM CHANGES)
      WHERE PLACE = 1
      """;

  private final Connection connection;

  SqlFold() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:mem:");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE CHANGES (
            ID INT, VERSION BIGINT, SEQUENCE BIGINT, PREFERRED BOOLEAN, HASH BIGINT, SERIAL INT)
          """);
    }
  }

  /** The serial of the change that wins, by key. */
  Map<Integer, Integer> winners(List<Assembled> changes, Tie tie) throws SQLException {
    insert(changes, tie);
    Map<Integer, Integer> serials = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet winners = statement.executeQuery(WINNERS)) {
      while (winners.next()) {
        serials.put(winners.getInt(1), winners.getInt(2));
      }
    }
    return serials;
  }

  private void insert(List<Assembled> changes, Tie tie) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO CHANGES VALUES (?, ?, ?, ?, ?, ?)")) {
      statement.execute("TRUNCATE TABLE CHANGES");
      for (Assembled change : changes) {
        bind(insert, change, tie);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void bind(PreparedStatement insert, Assembled change, Tie tie)
      throws SQLException {
    Said said = change.said();
    Operation preferred = tie == Tie.DELETE_WINS ? Operation.DELETE : Operation.UPSERT;
    insert.setInt(1, said.key());
    insert.setLong(2, said.version());
    if (said.order() == null) {
      insert.setNull(3, Types.BIGINT);
    } else {
      insert.setLong(3, said.order());
    }
    insert.setBoolean(4, said.operation() == preferred);
    // SQL has no unsigned numbers: with the sign bit turned they order alike.
    insert.setLong(5, Rank.contentHash(change.rank()) ^ Long.MIN_VALUE);
    insert.setInt(6, said.serial());
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
