package io.datamirror.cli;

import io.datamirror.testkit.TestDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A driver in front of H2 that says all the secrets it was given in every message, as the worst of
 * drivers do: {@code jdbc:canary://user:secret@/path;token=secret}.
 */
final class CanaryDriver extends TestDriver {
  static final String PREFIX = "jdbc:canary:";

  /** What the driver does with the next connections. */
  enum Mood {
    WELL,
    REFUSES_THE_PASSWORD,
    DOES_NOT_ANSWER,
    FAILS_AT_READING
  }

  private static volatile Mood mood = Mood.WELL;
  private static volatile String seen = "";

  static {
    register(new CanaryDriver());
  }

  static void feel(Mood next) {
    mood = next;
  }

  /** The URL and the properties of the last connection: the secrets must have come so far. */
  static String seen() {
    return seen;
  }

  CanaryDriver() {
    super(PREFIX);
  }

  @Override
  protected Connection open(String url, Properties properties) throws SQLException {
    seen = url + " " + properties;
    switch (mood) {
      case REFUSES_THE_PASSWORD -> throw new SQLException("refused: " + seen, "28000");
      case DOES_NOT_ANSWER -> throw new SQLException("no answer: " + seen, "08001");
      case WELL, FAILS_AT_READING -> {}
    }
    String path = url.substring(url.indexOf("@/") + 1, url.indexOf(';'));
    Connection connection =
        DriverManager.getConnection("jdbc:h2:file:" + path, "keeper", Shop.PASSWORD);
    return mood == Mood.FAILS_AT_READING ? failing(connection) : connection;
  }

  private static Connection failing(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            CanaryDriver.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object result = invoke(connection, method, arguments);
              boolean reads =
                  method.getName().equals("prepareStatement")
                      && arguments[0].toString().contains("ORDER BY");
              return reads ? failing((PreparedStatement) result) : result;
            });
  }

  private static PreparedStatement failing(PreparedStatement statement) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            CanaryDriver.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("executeQuery")) {
                throw new SQLException("broken: " + seen, "HY000");
              }
              return invoke(statement, method, arguments);
            });
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
