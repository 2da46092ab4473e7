package io.datamirror.testkit.warehouse;

import io.datamirror.testkit.TestDriver;
import io.datamirror.testkit.warehouse.BigQuerySql.Dataset;
import io.datamirror.testkit.warehouse.BigQuerySql.Dataset.Region;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in for BigQuery and its driver, {@code jdbc:bigquery://stand-in/<name>}: keeps the rules
 * of {@link BigQuerySql} over tables of its own. Project {@code p}, dataset {@code d}.
 */
public final class BigQueryDriver extends TestDriver {

  private static final String PREFIX = "jdbc:bigquery://stand-in/";
  private static final Map<String, Service> SERVICES = new ConcurrentHashMap<>();

  static {
    register(new BigQueryDriver());
  }

  private record Failure(String words, SQLException error) {}

  /** A service by name: its tables, what it was asked, and what is to fail. */
  public static final class Service implements AutoCloseable {
    private final String name;
    private final VersionedTables tables;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private volatile Failure next;
    private volatile Dataset dataset = new Dataset(null, Region.HERE);

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

    /** Changes can be read for so long from now on. */
    public void timeTravel(int hours) {
      dataset = new Dataset(hours, dataset.region());
    }

    /** The dataset turns out to be in another region than that of the connections. */
    public void isElsewhere() {
      dataset = new Dataset(dataset.hours(), Region.ELSEWHERE);
    }

    /** The next statement that reads changes fails so. */
    public void fail(SQLException failure) {
      fail("CHANGES(", failure);
    }

    /** The next statement that holds some words fails so. */
    public void fail(String words, SQLException failure) {
      next = new Failure(words, failure);
    }

    PreparedStatement prepare(Connection engine, String sql) throws SQLException {
      statements.add(sql);
      Failure failure = next;
      if (failure != null && sql.contains(failure.words())) {
        next = null;
        throw failure.error();
      }
      return engine.prepareStatement(new BigQuerySql(tables, dataset).translated(sql));
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

  public BigQueryDriver() {
    super(PREFIX);
  }

  @Override
  protected Connection open(String url, Properties properties) throws SQLException {
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
}
