package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.error.MirrorException;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.SourceSpec;
import io.datamirror.sql.SqlErrors;
import io.datamirror.testkit.EmbeddedPostgres;
import io.datamirror.testkit.FaultPlan;
import io.datamirror.testkit.FaultPlan.Kind;
import io.datamirror.testkit.FaultPlan.Point;
import io.datamirror.testkit.FreePorts;
import io.datamirror.testkit.TestDriver;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsTest {

  private static final String CANARY = "Xq7vTz2LmN9pRw4KcB8sYd3F";

  @TempDir private Path directory;

  private static MirrorException refused(SourceSpec spec) {
    Connections connections = Connections.to(spec, SecretSource.ofProcess(), talk -> {});
    MirrorException thrown =
        catchThrowableOfType(MirrorException.class, () -> connections.open().close());
    assertThat(thrown).isNotNull();
    StringWriter everything = new StringWriter();
    thrown.printStackTrace(new PrintWriter(everything));
    assertThat(everything.toString()).doesNotContain(CANARY);
    return thrown;
  }

  private static SourceSpec withCanaries(String url) {
    return Specs.source(
        url,
        "sa",
        CANARY,
        Map.of("token", SecretText.parse(CANARY, SecretText.Display.HIDDEN).orElseThrow()));
  }

  @Test
  void a_missing_driver_is_named_by_the_scheme_alone() {
    assertThat(refused(Specs.source("jdbc:nosuch://host/db?password=" + CANARY)))
        .hasMessage(
            "MIRROR-2003 jdbc:nosuch: no JDBC driver on the class path accepts such a URL. Put the"
                + " driver's jar into lib/, or mend source.url.");
    assertThat(refused(Specs.source("postgres://sa:" + CANARY + "@host/db")))
        .hasMessageStartingWith("MIRROR-2003 source.url: ");
  }

  @Test
  void a_wrong_password_is_told_at_once() throws SQLException {
    try (H2 h2 = new H2()) {
      long start = System.nanoTime();

      assertThat(refused(Specs.source(h2.url(), "sa", CANARY, Map.of())))
          .hasMessage(
              "MIRROR-2002 "
                  + h2.url()
                  + ": the database refuses the user or the password, with SQL state 28000"
                  + " (SQLException). Mend source.user and source.password, or what they refer"
                  + " to.");
      assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }
  }

  @Test
  void a_wrong_password_is_known_by_its_number_where_the_state_says_nothing() throws Exception {
    Map<String, SQLException> refusals =
        Map.of(
            "SQL state S0001, code 18456", new SQLException(CANARY, "S0001", 18456),
            "SQL state 72000, code 1017", new SQLException(CANARY, "72000", 1017));
    for (Map.Entry<String, SQLException> refusal : refusals.entrySet()) {
      List<String> tries = new ArrayList<>();
      try (Closeable registered =
          registered(
              "jdbc:strange:",
              (url, found) -> {
                tries.add(url);
                throw refusal.getValue();
              })) {
        assertThat(refused(withCanaries("jdbc:strange:db")))
            .hasMessageStartingWith(
                "MIRROR-2002 jdbc:strange:db: the database refuses the user or the password, with "
                    + refusal.getKey());
      }
      assertThat(tries).hasSize(1);
    }
  }

  @Test
  void a_database_that_does_not_answer_is_tried_again_and_then_told() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + FreePorts.one() + "/db";

    assertThat(refused(withCanaries(url + "?sslpassword=" + CANARY)))
        .hasMessage(
            "MIRROR-2001 "
                + url
                + "?***: it does not answer, with SQL state 08001 (SQLTransientException). See"
                + " whether it runs and source.url names the right host and port.");
  }

  @Test
  void a_database_that_is_not_there_is_not_created() {
    Path file = directory.resolve("mistyped");

    assertThat(refused(Specs.source("jdbc:h2:" + file)))
        .hasMessage(
            "MIRROR-2001 jdbc:h2:" + file + ": there is no such database. Mend source.url.");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void rows_that_a_policy_hides_from_the_user_are_not_passed_over_in_silence() throws Exception {
    String url = EmbeddedPostgres.shared().newDatabase();
    try (Connection owner = EmbeddedPostgres.shared().connect(url);
        Statement statement = owner.createStatement()) {
      statement.execute("CREATE TABLE shared AS SELECT 1 AS tenant");
      statement.execute("CREATE ROLE tenant LOGIN");
      statement.execute("GRANT SELECT ON shared TO tenant");
      SourceSpec source = Specs.source(url, "tenant", "", Map.of());
      try (Connection reading =
          Connections.to(source, SecretSource.ofProcess(), talk -> {}).open()) {
        assertThat(rows(reading)).isOne();
        statement.execute("ALTER TABLE shared ENABLE ROW LEVEL SECURITY");
        statement.execute("CREATE POLICY own ON shared USING (tenant = 2)");

        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> rows(reading))
            .matches(SqlErrors::privilege)
            .matches(SqlErrors::ofPostgresql);
      } finally {
        statement.execute("DROP OWNED BY tenant");
        statement.execute("DROP ROLE tenant");
      }
    }
  }

  private static int rows(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM shared")) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      return count;
    }
  }

  @Test
  void a_missing_database_of_a_server_is_told() throws SQLException {
    String url = EmbeddedPostgres.shared().newDatabase().replaceAll("[^/]+$", "nosuch");

    assertThat(refused(Specs.source(url, "postgres", "", Map.of())))
        .hasMessage("MIRROR-2001 " + url + ": there is no such database. Mend source.url.");
  }

  @Test
  void a_file_that_another_process_has_open_is_told() throws Exception {
    String url = "jdbc:h2:" + directory.resolve("locked");
    URL jar =
        Driver.class
            .cast(new org.h2.Driver())
            .getClass()
            .getProtectionDomain()
            .getCodeSource()
            .getLocation();
    // A second H2, as another process would have it.
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        Connection holder =
            ((Driver) loader.loadClass("org.h2.Driver").getConstructor().newInstance())
                .connect(url, new Properties())) {
      assertThat(holder.isValid(1)).isTrue();

      assertThat(refused(Specs.source(url, "", "", Map.of())))
          .hasMessage(
              "MIRROR-2001 "
                  + url
                  + ": another process has the database file open. End that process, or run the"
                  + " database as a server.");
    }
  }

  @Test
  void what_may_work_in_a_moment_is_tried_again() throws SQLException {
    FaultPlan plan = FaultPlan.create();
    plan.failAt(Point.CONNECT, Kind.RECOVERABLE, 1);
    List<String> talk = new ArrayList<>();
    try (H2 h2 = new H2();
        Connection connection =
            Connections.to(Specs.source(plan.url(h2.url())), SecretSource.ofProcess(), talk::add)
                .open()) {
      assertThat(connection.isValid(1)).isTrue();
    }
    assertThat(talk)
        .containsExactly(
            "connecting to the source failed, trying again: no SQL state"
                + " (SQLTransientException)");
  }

  @Test
  void a_driver_that_came_with_the_job_is_found() throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve("java.sql.Driver"), LateDriver.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] jars = {directory.toUri().toURL()};
    try (H2 h2 = new H2();
        URLClassLoader loader = new URLClassLoader(jars, before)) {
      thread.setContextClassLoader(loader);
      try (Connection connection =
          Connections.to(
                  Specs.source(LateDriver.PREFIX + h2.url()), SecretSource.ofProcess(), talk -> {})
              .open()) {
        assertThat(connection.isValid(1)).isTrue();
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void nothing_that_is_read_depends_on_the_time_zone_of_a_session() throws Exception {
    try (Closeable utc = inZone("Etc/UTC")) {
      for (String scheme : List.of("jdbc:mysql:", "jdbc:mariadb:")) {
        assertThat(given(scheme, Map.of()))
            .containsEntry("connectionTimeZone", "UTC")
            .containsEntry("forceConnectionTimeZoneToSession", "true");
      }
      assertThat(given("jdbc:mariadb:", Map.of())).containsEntry("timezone", "UTC");
    }
    assertThat(given("jdbc:mysql:", Map.of("forceConnectionTimeZoneToSession", "false")))
        .containsEntry("forceConnectionTimeZoneToSession", "false");
  }

  @Test
  void a_driver_that_tells_times_in_the_zone_of_the_process_needs_a_process_in_utc()
      throws Exception {
    for (String zone : List.of("Europe/Berlin", "Europe/London", "Etc/GMT-2")) {
      try (Closeable elsewhere = inZone(zone)) {
        assertThat(refused(Specs.source("jdbc:mariadb://host/db")))
            .hasMessage(
                "MIRROR-2013 jdbc:mariadb://host/db: MariaDB's driver tells times in the time zone"
                    + " of this process, which is "
                    + zone
                    + ". Run the mirror in UTC: start it with"
                    + " MIRROR_JAVA_OPTIONS=-Duser.timezone=UTC, and a cluster with"
                    + " env.java.opts.all: -Duser.timezone=UTC.");
        assertThat(given("jdbc:mysql:", Map.of())).containsEntry("connectionTimeZone", "UTC");
      }
    }
  }

  private static Closeable inZone(String zone) {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    return () -> TimeZone.setDefault(before);
  }

  /** What a driver for such URLs is given, if the spec has these properties. */
  private static Properties given(String scheme, Map<String, String> stated) throws Exception {
    Properties given = new Properties();
    Map<String, SecretText> properties = new HashMap<>();
    for (Map.Entry<String, String> one : stated.entrySet()) {
      properties.put(
          one.getKey(), SecretText.parse(one.getValue(), SecretText.Display.WHOLE).orElseThrow());
    }
    try (H2 h2 = new H2();
        Closeable registered =
            registered(
                scheme,
                (url, found) -> {
                  given.putAll(found);
                  return DriverManager.getConnection(h2.url(), "sa", "");
                })) {
      Connections.to(
              Specs.source(scheme + "//host/db", "sa", "", properties),
              SecretSource.ofProcess(),
              talk -> {})
          .open()
          .close();
    }
    return given;
  }

  @Test
  void a_driver_that_breaks_at_the_url_or_the_properties_is_told() throws Exception {
    String mend = ". Mend source.url and source.properties: the driver does not accept them.";
    try (Closeable registered =
        registered(
            "jdbc:strange:",
            (url, found) -> {
              throw new IllegalArgumentException("no such option: " + CANARY);
            })) {
      assertThat(refused(withCanaries("jdbc:strange:db")))
          .hasMessage(
              "MIRROR-2001 jdbc:strange:db: its driver fails with IllegalArgumentException" + mend);
    }
    try (Closeable registered = registered("jdbc:strange:", (url, found) -> null)) {
      assertThat(refused(Specs.source("jdbc:strange:db")))
          .hasMessage("MIRROR-2001 jdbc:strange:db: its driver gives no connection" + mend);
    }
  }

  /** What a driver does when it should connect. */
  private interface Opening {
    Connection open(String url, Properties properties) throws SQLException;
  }

  private static Closeable registered(String prefix, Opening opening) throws SQLException {
    Driver driver =
        new TestDriver(prefix) {
          @Override
          protected Connection open(String url, Properties properties) throws SQLException {
            return opening.open(url, properties);
          }
        };
    DriverManager.registerDriver(driver);
    return () -> {
      try {
        DriverManager.deregisterDriver(driver);
      } catch (SQLException e) {
        throw new IOException(e);
      }
    };
  }

  @Test
  void the_source_is_only_ever_read() throws SQLException {
    String url = EmbeddedPostgres.shared().newDatabase();
    try (Connection connection =
        Connections.to(
                Specs.source(url, "postgres", "", Map.of()), SecretSource.ofProcess(), talk -> {})
            .open()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> Postgres.run(connection, "CREATE TABLE t (x int)"))
          .withMessageContaining("read-only");
    }
  }

  @Test
  void a_driver_that_cannot_make_a_connection_read_only_can_be_read_from() throws Exception {
    try (H2 h2 = new H2();
        Closeable registered =
            registered(
                "jdbc:strange:",
                (url, found) ->
                    OtherDatabase.answering(
                        Connection.class,
                        DriverManager.getConnection(h2.url(), "sa", ""),
                        "setReadOnly",
                        nothing -> {
                          throw new SQLFeatureNotSupportedException("no such mode");
                        }));
        Connection connection =
            Connections.to(Specs.source("jdbc:strange:db"), SecretSource.ofProcess(), talk -> {})
                .open()) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void secrets_are_looked_up_for_each_connection() throws Exception {
    Path secret = directory.resolve("password");
    Files.writeString(secret, "first\n");
    try (H2 h2 = new H2("ALTER USER sa SET PASSWORD 'first'")) {
      Connections connections =
          Connections.to(
              Specs.source(h2.url(), "sa", "${file:" + secret + "}", Map.of()),
              SecretSource.ofProcess(),
              talk -> {});
      connections.open().close();
      h2.run("ALTER USER sa SET PASSWORD 'second'");
      Files.writeString(secret, "second\n");

      try (Connection connection = connections.open()) {
        assertThat(connection.isValid(1)).isTrue();
      }
    }
  }

  @Test
  void a_password_that_was_replaced_is_asked_for_until_the_new_one_is_there() throws Exception {
    Path secret = directory.resolve("password");
    Files.writeString(secret, "first\n");
    List<String> tried = new ArrayList<>();
    List<String> talk = new ArrayList<>();
    try (H2 h2 = new H2("ALTER USER sa SET PASSWORD 'first'");
        Closeable registered = knocking(h2, tried)) {
      Connections connections =
          Connections.to(
                  Specs.source("jdbc:strange:db", "sa", "${file:" + secret + "}", Map.of()),
                  SecretSource.ofProcess(),
                  talk::add)
              .remembering(CredentialMemory.shared());
      connections.open().close();
      h2.run("ALTER USER sa SET PASSWORD 'second'");

      assertThat(refusal(connections))
          .hasMessage(
              "MIRROR-2084 jdbc:strange:db: the database took the user and the password before, and"
                  + " refuses them now, with SQL state 28000 (SQLException). Put new ones into the"
                  + " files that source.user and source.password refer to; what is in the"
                  + " environment is seen only by a process that is started again.");
      assertThat(refusal(connections))
          .hasMessageStartingWith(
              "MIRROR-2084 jdbc:strange:db: the database refused the user and the password moments"
                  + " ago, and they are still the same: to spare it a locked user they are tried"
                  + " again every 3 minutes. Put new ones into the files");
      Files.delete(secret);
      assertThat(refusal(connections))
          .hasMessage(
              "MIRROR-2084 jdbc:strange:db: the database took these credentials before, and now"
                  + " they cannot be looked up: ${file:%s}: this secret file does not exist"
                  + " (MIRROR-1012). Create it where the mirror runs, or mend the path.",
              secret);
      Files.writeString(secret, "second\n");

      try (Connection connection = connections.open()) {
        assertThat(connection.isValid(1)).isTrue();
      }
    }
    assertThat(tried).containsExactly("first", "first", "second");
    assertThat(talk).hasSize(2).allMatch(told -> told.startsWith("MIRROR-2084 "));
  }

  @Test
  void those_who_reconnect_at_once_try_a_password_that_was_replaced_once() throws Exception {
    List<String> tried = Collections.synchronizedList(new ArrayList<>());
    CredentialMemory memory = CredentialMemory.shared();
    memory.answered();
    ExecutorService readers = Executors.newFixedThreadPool(5);
    try (H2 h2 = new H2("ALTER USER sa SET PASSWORD 'second'");
        Closeable registered = knocking(h2, tried)) {
      Connections connections =
          Connections.to(
                  Specs.source("jdbc:strange:crowd", "sa", "first", Map.of()),
                  SecretSource.ofProcess(),
                  talk -> {})
              .remembering(memory);
      List<Future<MirrorException>> refusals = new ArrayList<>();
      for (int reader = 0; reader < 5; reader++) {
        refusals.add(readers.submit(() -> refusal(connections)));
      }
      for (Future<MirrorException> refusal : refusals) {
        assertThat(refusal.get()).hasMessageStartingWith("MIRROR-2084 ");
      }
    } finally {
      readers.shutdownNow();
    }
    assertThat(tried).containsExactly("first");
  }

  /** A driver for H2 that keeps the passwords that it is given. */
  private static Closeable knocking(H2 h2, List<String> tried) throws SQLException {
    return registered(
        "jdbc:strange:",
        (url, found) -> {
          tried.add(found.getProperty("password"));
          return DriverManager.getConnection(h2.url(), found);
        });
  }

  private static MirrorException refusal(Connections connections) {
    MirrorException thrown =
        catchThrowableOfType(MirrorException.class, () -> connections.open().close());
    assertThat(thrown).isNotNull();
    return thrown;
  }
}
