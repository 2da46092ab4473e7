package io.datamirror.feed;

import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/** Tries again what may work in a moment: five times, from 50 milliseconds to 5 seconds apart. */
final class Retries {

  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_DELAY = Duration.ofMillis(50);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
  private static final double GROWTH = 4;
  private static final double JITTER = 0.2;

  private Retries() {}

  /**
   * @param what is being done, for people
   * @param talk hears of each failure
   */
  static <T> RetryPolicy<T> policy(String what, Consumer<String> talk) {
    return RetryPolicy.<T>builder()
        .handleIf(Retries::retryable)
        .withMaxAttempts(ATTEMPTS)
        .withBackoff(FIRST_DELAY, LONGEST_DELAY, GROWTH)
        .withJitter(JITTER)
        .onRetry(
            event ->
                talk.accept(
                    what
                        + " failed, trying again: "
                        + SourceErrors.shown((SQLException) event.getLastException())))
        .build();
  }

  private static boolean retryable(Throwable failure) {
    return failure instanceof SQLException error && SqlErrors.classify(error) == Action.RETRY;
  }

  /** What was thrown, without the wrapping of checked exceptions. */
  static Throwable unwrapped(RuntimeException failure) {
    return failure instanceof FailsafeException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
