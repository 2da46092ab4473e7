package io.datamirror.feed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The logins that were refused a short while ago. A database may lock a user after five wrong
 * passwords in a row, for everybody: so one that was replaced is not tried again with every
 * reconnection of every reader, but now and then, since what refused it may have been a directory
 * that was away. No login is kept, only a digest that means nothing outside this process.
 * Thread-safe.
 */
final class RefusedLogins {

  /** Four tries in the ten minutes that a source is asked again. */
  static final Duration SPACING = Duration.ofMinutes(3);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** Those of all connections of this process. */
  static final RefusedLogins OF_PROCESS = new RefusedLogins(System::nanoTime);

  private final LongSupplier clockNanos;
  private final byte[] salt = new byte[32];
  private final Map<String, Long> refusedNanos = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();

  RefusedLogins(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
    new SecureRandom().nextBytes(salt);
  }

  /** What stands for all that a driver is given to log in with. */
  String login(String url, Properties properties) {
    MessageDigest digest = sha256();
    digest.update(salt);
    add(digest, url);
    Map<String, String> sorted = new TreeMap<>();
    properties.forEach((name, value) -> sorted.put(String.valueOf(name), String.valueOf(value)));
    sorted.forEach(
        (name, value) -> {
          add(digest, name);
          add(digest, value);
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void refused(String login) {
    refusedNanos.put(login, clockNanos.getAsLong());
  }

  void taken(String login) {
    refusedNanos.remove(login);
  }

  /**
   * Waits until nobody else of this process tries a login, so that a refusal is known to all of
   * those who come at once; but not for long, since a database may say nothing.
   *
   * @return to be closed when the login was tried
   */
  Turn turn(String login) throws InterruptedException {
    ReentrantLock lock = turns.computeIfAbsent(login, known -> new ReentrantLock(true));
    return lock.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS) ? lock::unlock : () -> {};
  }

  /** The turn of one who tries a login. */
  @FunctionalInterface
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether a login was refused less than {@link #SPACING} ago. */
  boolean lately(String login) {
    Long since = refusedNanos.get(login);
    return since != null && clockNanos.getAsLong() - since < SPACING.toNanos();
  }
}
