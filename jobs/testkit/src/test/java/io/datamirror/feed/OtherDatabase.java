package io.datamirror.feed;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** A database that says that it is one of which nothing particular is known. */
final class OtherDatabase {

  private OtherDatabase() {}

  static Connection behind(Connection connection) {
    return answering(
        Connection.class,
        connection,
        "getMetaData",
        metadata ->
            answering(
                DatabaseMetaData.class,
                metadata,
                "getDatabaseProductName",
                name -> "Another database"));
  }

  /** Makes another answer of one. */
  interface Change {
    Object of(Object answer) throws SQLException;
  }

  /** The same as {@code behind}, but for the answers of one method. */
  static <T> T answering(Class<T> type, Object behind, String changed, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            OtherDatabase.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object answer;
              try {
                answer = method.invoke(behind, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return method.getName().equals(changed) ? change.of(answer) : answer;
            }));
  }
}
