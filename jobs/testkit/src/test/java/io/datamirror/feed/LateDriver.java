package io.datamirror.feed;

import io.datamirror.testkit.TestDriver;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Leads to another driver; nobody registers it. */
public final class LateDriver extends TestDriver {

  static final String PREFIX = "jdbc:late:";

  public LateDriver() {
    super(PREFIX);
  }

  @Override
  protected Connection open(String url, Properties properties) throws SQLException {
    return DriverManager.getConnection(url.substring(PREFIX.length()), properties);
  }
}
