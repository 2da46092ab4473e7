package io.datamirror.feed;

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
 * Connections to a source, read-only. Thread-safe.
 *
 * <p>Nothing is pooled: a reader keeps its one connection for as long as it lives.
 */
public final class Connections {

  private final DriverSource driver;
  private final String section;
  private final String shownUrl;
  private final Consumer<String> talk;
  private final CredentialMemory memory;

  private Connections(
      DriverSource driver,
      String section,
      String shownUrl,
      Consumer<String> talk,
      CredentialMemory memory) {
    this.driver = driver;
    this.section = section;
    this.shownUrl = shownUrl;
    this.talk = talk;
    this.memory = memory;
  }

  /**
   * Connections to {@code source}; nothing is opened yet.
   *
   * @param secrets where the references of the spec are looked up, each time one is opened
   * @param talk hears of each failure that is tried again, as one sentence
   */
  public static Connections to(SourceSpec source, SecretSource secrets, Consumer<String> talk) {
    return to("source", source, secrets, talk);
  }

  /**
   * The same for a source that is not the one of the mirror.
   *
   * @param section where it stands in the spec
   */
  public static Connections to(
      String section, SourceSpec source, SecretSource secrets, Consumer<String> talk) {
    DriverSource driver = new DriverSource(section, source, secrets);
    return new Connections(driver, section, source.url().toString(), talk, CredentialMemory.none());
  }

  /** The same for connections that take the place of others, with which they share a memory. */
  public Connections remembering(CredentialMemory shared) {
    return new Connections(driver, section, shownUrl, talk, shared);
  }

  /**
   * A connection, to be closed by the caller. What may work in a moment is tried five times.
   *
   * @throws MirrorException if there is none: a missing driver, a database that does not answer, a
   *     refused user or password, also one that was taken before
   */
  public Connection open() {
    try {
      return Failsafe.with(Retries.<Connection>policy("connecting to the source", talk))
          .get(() -> driver.connect(memory));
    } catch (RuntimeException e) {
      throw explained(e);
    }
  }

  private RuntimeException explained(RuntimeException failure) {
    Throwable cause = Retries.unwrapped(failure);
    if (memory.taken()
        && ReplacedCredentials.noSecret(cause)
        && cause instanceof MirrorException secret) {
      return told(ReplacedCredentials.missing("the database", shownUrl, secret));
    }
    if (cause instanceof RuntimeException known) {
      return known;
    }
    if (!(cause instanceof SQLException error)) {
      // The wait between two tries was interrupted.
      Thread.currentThread().interrupt();
      return unreachable("connecting to it was interrupted", "Start the mirror again.");
    }
    if (SqlErrors.credentials(error) && memory.taken()) {
      return told(ReplacedCredentials.refused(section, shownUrl, SourceErrors.shown(error)));
    }
    if (SqlErrors.credentials(error)) {
      return new MirrorException(
          ErrorCode.WRONG_CREDENTIALS,
          shownUrl,
          "the database refuses the user or the password, with " + SourceErrors.shown(error),
          "Mend " + section + ".user and " + section + ".password, or what they refer to.");
    }
    if (SqlErrors.fileLocked(error)) {
      return unreachable(
          "another process has the database file open",
          "End that process, or run the database as a server.");
    }
    if (SqlErrors.databaseMissing(error)) {
      return unreachable("there is no such database", "Mend " + section + ".url.");
    }
    return unreachable(
        "it does not answer, with " + SourceErrors.shown(error),
        "See whether it runs and " + section + ".url names the right host and port.");
  }

  /** Whoever asks again says no more than the code. */
  private MirrorException told(MirrorException replaced) {
    talk.accept(replaced.getMessage());
    return replaced;
  }

  private MirrorException unreachable(String sentence, String nextStep) {
    return new MirrorException(ErrorCode.DATABASE_UNREACHABLE, shownUrl, sentence, nextStep);
  }
}
