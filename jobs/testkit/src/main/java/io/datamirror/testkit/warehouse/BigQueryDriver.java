package io.datamirror.testkit.warehouse;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * Stands in for BigQuery and its driver, {@code jdbc:bigquery://stand-in/<name>}: keeps the rules
 * of {@link BigQuerySql} over tables of its own. Project {@code p}, dataset {@code d}.
 */
public final class BigQueryDriver implements Driver {

  private static final String PREFIX = "jdbc:bigquery://stand-in/";
  private static final Map<String, Service> SERVICES = new ConcurrentHashMap<>();

  static {
    try {
      DriverManager.registerDriver(new BigQueryDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A service by name: its tables, what it was asked, and what is to fail. */
  public static final class Service implements AutoCloseable {
    private final String name;
    private final VersionedTables tables;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private volatile SQLException next;

    Service(String name, VersionedTables tables) {
      this.name = name;
      this.tables = tables;
    }

    public String url() {
      return PREFIX + name;
    }

    public VersionedTables tables() {
      return tables;
    }

    /** Every statement that was asked so far. */
    public List<String> statements() {
      return List.copyOf(statements);
    }

    /** The next statement that reads changes fails so. */
    public void fail(SQLException failure) {
      next = failure;
    }

    PreparedStatement prepare(Connection engine, String sql) throws SQLException {
      statements.add(sql);
      SQLException failure = next;
      if (failure != null && sql.contains("CHANGES(")) {
        next = null;
        throw failure;
      }
      return engine.prepareStatement(new BigQuerySql(tables).translated(sql));
    }

    @Override
    public void close() throws SQLException {
      SERVICES.remove(name);
      tables.close();
    }
  }

  /** Starts a service whose clock counts epoch microseconds. */
  public static Service start(String name, VersionedTables tables) {
    Service service = new Service(name, tables);
    SERVICES.put(name, service);
    return service;
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
    Service service = SERVICES.get(url.substring(PREFIX.length()));
    if (service == null) {
      throw new SQLException("there is no such service", "08001");
    }
    Connection engine = service.tables().open();
    return (Connection)
        Proxy.newProxyInstance(
            BigQueryDriver.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> call(service, engine, method, arguments));
  }

  private static Object call(Service service, Connection engine, Method method, Object[] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "prepareStatement" -> {
        return service.prepare(engine, (String) arguments[0]);
      }
      case "getCatalog" -> {
        return "p";
      }
      case "setAutoCommit" -> {
        if (Boolean.FALSE.equals(arguments[0])) {
          throw new SQLException("CHANGES cannot be read inside of a transaction", "25000");
        }
      }
      default -> {}
    }
    try {
      return method.invoke(engine, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
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
    return Logger.getGlobal();
  }
}
