package io.datamirror.testkit;

import io.datamirror.testkit.FaultPlan.Point;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A driver that leads to another one and fails as a {@link FaultPlan} says: {@code
 * jdbc:fault:<plan>:<url of the other>}. It also writes down every statement.
 */
public final class FaultDriver extends TestDriver {

  static final String PREFIX = "jdbc:fault:";

  static {
    register(new FaultDriver());
  }

  public FaultDriver() {
    super(PREFIX);
  }

  @Override
  protected Connection open(String url, Properties properties) throws SQLException {
    int end = url.indexOf(':', PREFIX.length());
    FaultPlan plan = FaultPlan.of(url.substring(PREFIX.length(), end));
    plan.reach(Point.CONNECT);
    Connection connection = DriverManager.getConnection(url.substring(end + 1), properties);
    return Faulty.wrap(Connection.class, connection, plan);
  }
}
