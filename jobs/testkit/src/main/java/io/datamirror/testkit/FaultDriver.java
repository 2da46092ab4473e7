package io.datamirror.testkit;

import io.datamirror.testkit.FaultPlan.Point;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;

/**
 * A driver that leads to another one and fails as a {@link FaultPlan} says: {@code
 * jdbc:fault:<plan>:<url of the other>}. It also writes down every statement.
 */
public final class FaultDriver implements Driver {

  static final String PREFIX = "jdbc:fault:";

  static {
    try {
      DriverManager.registerDriver(new FaultDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    int end = url.indexOf(':', PREFIX.length());
    FaultPlan plan = FaultPlan.of(url.substring(PREFIX.length(), end));
    plan.reach(Point.CONNECT);
    Connection connection = DriverManager.getConnection(url.substring(end + 1), properties);
    return Faulty.wrap(Connection.class, connection, plan);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger(FaultDriver.class.getName());
  }
}
