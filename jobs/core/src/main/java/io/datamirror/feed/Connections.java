package io.datamirror.feed;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.failsafe.Failsafe;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Connections to a source, read-only, never more than a given number at once. Thread-safe.
 *
 * <p>With a bound of one nothing is pooled: each {@link #open} is a connection of its own, and the
 * caller keeps to the bound.
 */
public final class Connections implements AutoCloseable {

  // How long a reader waits for a connection that another one has.
  private static final long WAIT_MILLIS = 30_000;
  // Hikari's own way to say: try once, at once.
  private static final long FAIL_FAST = 1;

  private final DriverSource driver;
  private final int most;
  private final String shownUrl;
  private final Consumer<String> talk;
  private HikariDataSource pool;

  private Connections(DriverSource driver, int most, String shownUrl, Consumer<String> talk) {
    this.driver = driver;
    this.most = most;
    this.shownUrl = shownUrl;
    this.talk = talk;
  }

  /**
   * Connections to {@code source}; nothing is opened yet.
   *
   * @param most how many may be open at once
   * @param secrets where the references of the spec are looked up, each time one is opened
   * @param talk hears of each failure that is tried again, as one sentence
   */
  public static Connections to(
      SourceSpec source, int most, SecretSource secrets, Consumer<String> talk) {
    return new Connections(new DriverSource(source, secrets), most, source.url().toString(), talk);
  }

  /**
   * A connection, to be closed by the caller. What may work in a moment is tried five times.
   *
   * @throws MirrorException if there is none: a missing driver, a database that does not answer, a
   *     refused user or password
   */
  public Connection open() {
    try {
      return Failsafe.with(Retries.<Connection>policy("connecting to the source", talk))
          .get(this::connect);
    } catch (RuntimeException e) {
      throw explained(e);
    }
  }

  private Connection connect() throws SQLException {
    if (most == 1) {
      return driver.getConnection();
    }
    return pool().getConnection();
  }

  private synchronized HikariDataSource pool() throws SQLException {
    if (pool == null) {
      try {
        pool = new HikariDataSource(configuration());
      } catch (PoolInitializationException e) {
        if (e.getCause() instanceof SQLException error) {
          throw error;
        }
        throw e.getCause() instanceof RuntimeException error ? error : e;
      }
    }
    return pool;
  }

  private HikariConfig configuration() {
    HikariConfig configuration = new HikariConfig();
    // Not a URL and a password: the pool would keep them, and log them.
    configuration.setDataSource(driver);
    configuration.setPoolName("data-mirror-source");
    configuration.setMaximumPoolSize(most);
    configuration.setMinimumIdle(0);
    configuration.setReadOnly(true);
    configuration.setConnectionTimeout(WAIT_MILLIS);
    configuration.setInitializationFailTimeout(FAIL_FAST);
    return configuration;
  }

  private RuntimeException explained(RuntimeException failure) {
    Throwable cause = Retries.unwrapped(failure);
    if (cause instanceof RuntimeException known) {
      return known;
    }
    if (!(cause instanceof SQLException error)) {
      // The wait between two tries was interrupted.
      Thread.currentThread().interrupt();
      return unreachable("connecting to it was interrupted", "Start the mirror again.");
    }
    if (SqlErrors.credentials(error)) {
      return new MirrorException(
          ErrorCode.WRONG_CREDENTIALS,
          shownUrl,
          "the database refuses the user or the password, with " + SourceErrors.shown(error),
          "Mend source.user and source.password, or what they refer to.");
    }
    if (SqlErrors.fileLocked(error)) {
      return unreachable(
          "another process has the database file open",
          "End that process, or run the database as a server.");
    }
    if (SqlErrors.databaseMissing(error)) {
      return unreachable("there is no such database", "Mend source.url.");
    }
    return unreachable(
        "it does not answer, with " + SourceErrors.shown(error),
        "See whether it runs and source.url names the right host and port.");
  }

  private MirrorException unreachable(String sentence, String nextStep) {
    return new MirrorException(ErrorCode.DATABASE_UNREACHABLE, shownUrl, sentence, nextStep);
  }

  @Override
  public synchronized void close() {
    if (pool != null) {
      pool.close();
      pool = null;
    }
  }
}
