package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;

/**
 * Opens connections by a driver. Secrets are looked up for each connection and kept by nobody; what
 * it throws carries nothing that a driver said, since drivers quote URLs and properties.
 */
final class DriverSource {

  /**
   * The types of PostgreSQL that become text, by their numbers: arrays, shapes, times with a zone
   * and UUIDs. The driver would make a text of its own of their binary form.
   */
  private static final String READ_AS_TEXT =
      "1001,1005,1007,1009,1015,1016,1021,1022,600,603,1266,2950";

  private static final List<String> BIGQUERY_DRIVERS =
      List.of(
          "com.google.cloud.bigquery.jdbc.BigQueryDriver", "com.simba.googlebigquery.jdbc.Driver");

  private final String section;
  private final SourceSpec spec;
  private final SecretSource secrets;
  private final RefusedLogins logins = RefusedLogins.OF_PROCESS;

  /**
   * @param section where {@code spec} stands in that of the mirror
   */
  DriverSource(String section, SourceSpec spec, SecretSource secrets) {
    this.section = section;
    this.spec = spec;
    this.secrets = secrets;
  }

  /**
   * A connection.
   *
   * @param memory whether the source has taken these credentials before
   * @throws MirrorException for what another try does not change; also where the database has
   *     refused just this login a moment ago, and had taken one before
   */
  Connection connect(CredentialMemory memory) throws SQLException, InterruptedException {
    String url = spec.url().resolve(secrets);
    requireUtc(url);
    try {
      Driver driver = driver(url);
      Properties properties = properties(url, driver);
      String login = logins.login(url, properties);
      Connection connection =
          memory.taken()
              ? loggedInAgain(driver, url, properties, login)
              : loggedIn(driver, url, properties, login);
      memory.answered();
      return prepared(connection);
    } catch (SQLException e) {
      throw withoutMessage(e);
    }
  }

  private Connection loggedInAgain(Driver driver, String url, Properties properties, String login)
      throws SQLException, InterruptedException {
    try (RefusedLogins.Turn turn = logins.turn(login)) {
      if (logins.lately(login)) {
        throw ReplacedCredentials.refusedLately(section, spec.url().toString());
      }
      return loggedIn(driver, url, properties, login);
    }
  }

  private Connection loggedIn(Driver driver, String url, Properties properties, String login)
      throws SQLException {
    try {
      Connection connection = connect(driver, url, properties);
      logins.taken(login);
      return connection;
    } catch (SQLException e) {
      if (SqlErrors.credentials(e)) {
        logins.refused(login);
      }
      throw e;
    }
  }

  /**
   * MariaDB's driver makes its times of those of the zone that the process is in: the clock would
   * be wrong by hours, and an hour that the zone skips would come as the next one. Which of them
   * can be had without a zone differs from release to release.
   */
  private void requireUtc(String url) {
    String lowerCase = url.toLowerCase(Locale.ROOT);
    boolean mariaDb =
        lowerCase.startsWith("jdbc:mariadb:") || lowerCase.contains("permitmysqlscheme");
    ZoneId zone = ZoneId.systemDefault();
    boolean utc =
        zone.getRules().isFixedOffset()
            && zone.getRules().getOffset(Instant.EPOCH).equals(ZoneOffset.UTC);
    if (mariaDb && !utc) {
      throw new MirrorException(
          ErrorCode.NO_CLOCK,
          spec.url().toString(),
          "MariaDB's driver tells times in the time zone of this process, which is " + zone,
          "Run the mirror in UTC: start it with MIRROR_JAVA_OPTIONS=-Duser.timezone=UTC, and a"
              + " cluster with env.java.opts.all: -Duser.timezone=UTC.");
    }
  }

  /** A driver that cannot make sense of an option says so in ways of its own. */
  private Connection connect(Driver driver, String url, Properties properties) throws SQLException {
    Connection connection;
    try {
      connection = driver.connect(url, properties);
    } catch (MirrorException e) {
      throw e;
    } catch (RuntimeException e) {
      String kind = e.getClass().getSimpleName();
      Exception bare = new Exception(kind);
      bare.setStackTrace(e.getStackTrace());
      throw refused(bare, "its driver fails with " + kind);
    }
    if (connection == null) {
      throw refused(new Exception("no connection"), "its driver gives no connection");
    }
    return connection;
  }

  private MirrorException refused(Exception cause, String sentence) {
    return MirrorException.causedBy(
        cause,
        ErrorCode.DATABASE_UNREACHABLE,
        spec.url().toString(),
        sentence,
        "Mend %1$s.url and %1$s.properties: the driver does not accept them.".formatted(section));
  }

  private Connection prepared(Connection connection) throws SQLException {
    try {
      askForReading(connection);
      limitSilence(connection);
      askForAllRows(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void askForReading(Connection connection) throws SQLException {
    try {
      connection.setReadOnly(true);
    } catch (SQLFeatureNotSupportedException e) {
      // Nothing but reading is asked of it, whether or not it enforces that.
      return;
    }
  }

  /**
   * PostgreSQL would leave out the rows that a policy keeps from the user, and say nothing: now it
   * refuses the query. What only speaks as it does may not know of policies.
   */
  private static void askForAllRows(Connection connection) throws SQLException {
    Optional<SqlText> query = Dialect.of(connection).allRowsQuery();
    if (query.isEmpty()) {
      return;
    }
    try (Rows rows = query.get().query(connection)) {
      rows.next();
    } catch (SQLException e) {
      if (!SqlErrors.unknown(e)) {
        throw e;
      }
    }
  }

  private void limitSilence(Connection connection) throws SQLException {
    long millis = Math.min(Integer.MAX_VALUE, spec.answerTimeout().toMillis());
    try {
      connection.setNetworkTimeout(Runnable::run, (int) millis);
    } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
      // The reference of the key says which drivers have no such timeout.
      return;
    }
  }

  private Driver driver(String url) throws SQLException {
    try {
      return DriverManager.getDriver(url);
    } catch (SQLException e) {
      // Its message is the whole URL.
      return unregisteredDriver(url);
    }
  }

  /**
   * A driver that came with the job's own jars: the platform looks for drivers once, when it
   * starts, and not in the jars of a job that is submitted later.
   */
  private Driver unregisteredDriver(String url) throws SQLException {
    List<ClassLoader> loaders = new ArrayList<>(List.of(DriverSource.class.getClassLoader()));
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null) {
      loaders.add(context);
    }
    for (ClassLoader loader : loaders) {
      Iterator<Driver> drivers = ServiceLoader.load(Driver.class, loader).iterator();
      while (drivers.hasNext()) {
        Driver driver = drivers.next();
        if (driver.acceptsURL(url)) {
          return driver;
        }
      }
    }
    for (ClassLoader loader : loaders) {
      Optional<Driver> named = namedDriver(url, loader);
      if (named.isPresent()) {
        return named.get();
      }
    }
    throw missingDriver(url);
  }

  /** A driver that does not announce itself: BigQuery's come in jars of many makers. */
  private static Optional<Driver> namedDriver(String url, ClassLoader loader) throws SQLException {
    if (!url.toLowerCase(Locale.ROOT).startsWith("jdbc:bigquery:")) {
      return Optional.empty();
    }
    for (String name : BIGQUERY_DRIVERS) {
      try {
        Object driver = Class.forName(name, true, loader).getConstructor().newInstance();
        if (driver instanceof Driver found && found.acceptsURL(url)) {
          return Optional.of(found);
        }
      } catch (ReflectiveOperationException | LinkageError e) {
        // Not in any jar that is here: the next name may be.
        continue;
      }
    }
    return Optional.empty();
  }

  private MirrorException missingDriver(String url) {
    return new MirrorException(
        ErrorCode.MISSING_DRIVER,
        scheme(url),
        "no JDBC driver on the class path accepts such a URL",
        "Put the driver's jar into lib/, or mend " + section + ".url.");
  }

  /** The part of a URL that names the database product. */
  private String scheme(String url) {
    String[] parts = url.split(":", 3);
    boolean known =
        parts.length == 3 && parts[0].equals("jdbc") && parts[1].matches("[a-zA-Z0-9+-]{1,30}");
    return known ? "jdbc:" + parts[1] : section + ".url";
  }

  private Properties properties(String url, Driver driver) {
    Properties properties = new Properties();
    spec.properties().forEach((name, value) -> properties.put(name, value.resolve(secrets)));
    if (spec.user() != null) {
      properties.put("user", spec.user().resolve(secrets));
    }
    if (spec.password() != null) {
      properties.put("password", spec.password().resolve(secrets));
    }
    String lowerCase = url.toLowerCase(Locale.ROOT);
    if (lowerCase.startsWith("jdbc:h2:")
        && !lowerCase.startsWith("jdbc:h2:mem:")
        && !lowerCase.contains("ifexists")) {
      // H2 would create the database that a mistyped path names.
      properties.put("IFEXISTS", "TRUE");
    }
    if (lowerCase.startsWith("jdbc:snowflake:")) {
      // Nothing that is read may depend on the zone of an account or a user.
      properties.put("TIMEZONE", "UTC");
    }
    if (lowerCase.startsWith("jdbc:mysql:") || lowerCase.startsWith("jdbc:mariadb:")) {
      // Otherwise a TINYINT(1) is a boolean to the driver, and 2 is true.
      properties.putIfAbsent("tinyInt1isBit", "false");
      // Otherwise values come as text, and a FLOAT with six digits.
      properties.putIfAbsent("useServerPrepStmts", "true");
      // Otherwise a TIMESTAMP comes in the zone of the session, in which an hour comes twice when
      // summer time ends.
      properties.putIfAbsent("connectionTimeZone", "UTC");
      properties.putIfAbsent("forceConnectionTimeZoneToSession", "true");
    }
    if (lowerCase.startsWith("jdbc:mariadb:")) {
      // Its driver had another name for both before release 3.4.
      properties.putIfAbsent("timezone", "UTC");
    }
    if (lowerCase.startsWith("jdbc:mysql:")) {
      // Otherwise the driver takes no notice of the fetch size, and holds a whole chunk.
      properties.putIfAbsent("useCursorFetch", "true");
      // Otherwise it says that a database is a catalog, and a table has no schema.
      properties.putIfAbsent("databaseTerm", "SCHEMA");
    }
    if (lowerCase.startsWith("jdbc:postgresql:")) {
      // Otherwise it is read-only inside transactions alone.
      properties.putIfAbsent("readOnlyMode", "always");
      // Otherwise the driver asks for text until a statement has run five times: dear to read.
      properties.putIfAbsent("prepareThreshold", "-1");
      // Otherwise the server keeps the plan of a query, and refuses to run it from when another
      // session has changed the type of a column.
      properties.putIfAbsent("preparedStatementCacheQueries", "0");
      properties.putIfAbsent("binaryTransferDisable", READ_AS_TEXT);
      // Also while it logs in, when nothing else limits the driver's patience.
      properties.putIfAbsent(
          "socketTimeout", Long.toString(Math.max(1, spec.answerTimeout().toSeconds())));
      properties.putIfAbsent("tcpKeepAlive", "true");
      if (sees(driver, BufferedSockets.class)) {
        properties.putIfAbsent("socketFactory", BufferedSockets.class.getName());
      }
    }
    return properties;
  }

  /** Whether a driver, which may come by another class loader, finds a class by its name. */
  private static boolean sees(Driver driver, Class<?> type) {
    try {
      return Class.forName(type.getName(), false, driver.getClass().getClassLoader()) == type;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The same kind of error with what may be told of it. */
  private static SQLException withoutMessage(SQLException error) {
    String text = SourceErrors.shown(error);
    String state = error.getSQLState();
    int code = error.getErrorCode();
    SQLException safe =
        switch (SqlErrors.classify(error)) {
          case RETRY -> new SQLTransientException(text, state, code);
          case SPLIT, RESNAPSHOT, CONFIG, FATAL -> new SQLException(text, state, code);
        };
    safe.setStackTrace(error.getStackTrace());
    return safe;
  }
}
