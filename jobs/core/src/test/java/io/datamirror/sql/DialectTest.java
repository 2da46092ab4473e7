package io.datamirror.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTest {

  @ParameterizedTest
  @CsvSource({
    "H2, SELECT CURRENT_TIMESTAMP",
    "PostgreSQL, 'SELECT CASE WHEN pg_is_in_recovery() THEN LEAST(clock_timestamp(),"
        + " pg_last_xact_replay_timestamp()) ELSE clock_timestamp() END'",
    "Oracle, SELECT CURRENT_TIMESTAMP FROM DUAL",
    "Microsoft SQL Server, SELECT SYSDATETIMEOFFSET()",
    "MySQL, SELECT CURRENT_TIMESTAMP(6)",
    "MariaDB, SELECT CURRENT_TIMESTAMP(6)",
    "Something new, SELECT CURRENT_TIMESTAMP"
  })
  void each_database_is_asked_for_its_clock_in_its_own_words(String product, String query)
      throws SQLException {
    assertThat(Dialect.of(database(product)).clockQuery()).hasToString(query);
  }

  /** A connection to a database that says of itself nothing but its name and its quotes. */
  private static Connection database(String product) {
    DatabaseMetaData metadata =
        answering(
            DatabaseMetaData.class,
            Map.of("getDatabaseProductName", product, "getIdentifierQuoteString", "\""));
    return answering(Connection.class, Map.of("getMetaData", metadata));
  }

  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            DialectTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }
}
