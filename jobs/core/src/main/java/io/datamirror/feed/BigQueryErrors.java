package io.datamirror.feed;

import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an error of BigQuery asks for. Its drivers have neither SQL states nor numbers that are
 * documented: the service's texts decide, wherever among the causes they stand, and where there is
 * none of them, what became of the request.
 */
final class BigQueryErrors {

  private static final List<String> LOST =
      List.of("Invalid snapshot time", "before its allowed time travel interval");
  private static final List<String> BUSY =
      List.of(
          "rateLimitExceeded",
          "Exceeded rate limits",
          "backendError",
          "internalError",
          "internal error",
          "Retrying may solve",
          "Retrying the job",
          "Service Unavailable",
          "currently unavailable");
  private static final List<String> TOO_MUCH =
      List.of("Resources exceeded", "Query exceeded", "Job timed out");
  // What a query may cost is the user's to say: a shorter window is no answer to that.
  private static final List<String> TOO_DEAR = List.of("exceeded limit for bytes billed");
  private static final Set<Integer> BUSY_STATUS = Set.of(429, 500, 502, 503, 504);
  private static final List<String> NO_TABLE = List.of("Not found: Table", "Not found: Dataset");
  private static final List<String> NO_COLUMN = List.of("Unrecognized name");
  private static final List<String> DENIED = List.of("Access Denied");
  private static final List<String> UNTRACKED = List.of("enable_change_history");

  // How the service's texts begin. What follows may quote anything; of these none holds a value.
  private static final List<String> BEGINNINGS =
      List.of(
          "Access Denied",
          "Not found",
          "Quota exceeded",
          "Custom quota exceeded",
          "Resources exceeded",
          "Query exceeded limit for bytes billed",
          "Query exceeded",
          "Billing",
          "Syntax error",
          "Invalid value",
          "Unrecognized name");

  private static final Pattern STATUS = Pattern.compile("[1-5][0-9]{2}\\b");
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private BigQueryErrors() {}

  static Action classify(SQLException error) {
    if (says(error, LOST)) {
      return Action.RESNAPSHOT;
    }
    if (says(error, BUSY) || BUSY_STATUS.contains(error.getErrorCode())) {
      return Action.RETRY;
    }
    if (says(error, TOO_DEAR)) {
      return Action.CONFIG;
    }
    if (says(error, TOO_MUCH)) {
      return Action.SPLIT;
    }
    if (says(error, NO_TABLE) || says(error, NO_COLUMN) || says(error, DENIED)) {
      return Action.CONFIG;
    }
    Action action = SqlErrors.classify(error);
    return action == Action.FATAL && notAnswered(error) ? Action.RETRY : action;
  }

  /**
   * Whether the request did not get through, or the service could not take it. Google's client ends
   * a request with an {@link IOException}, whose message begins with the status if there was one.
   */
  private static boolean notAnswered(SQLException error) {
    List<IOException> ends =
        Causes.of(error).stream()
            .filter(IOException.class::isInstance)
            .map(IOException.class::cast)
            .toList();
    // A file of credentials that is not there does not come by waiting.
    boolean ofFile =
        ends.stream()
            .anyMatch(
                end -> end instanceof FileNotFoundException || end instanceof FileSystemException);
    return !ends.isEmpty()
        && !ofFile
        && ends.stream()
            .flatMap(end -> status(end).stream())
            .allMatch(status -> status == TOO_MANY_REQUESTS || status >= SERVER_ERROR);
  }

  private static Optional<Integer> status(IOException end) {
    Matcher status = STATUS.matcher(message(end));
    return status.lookingAt() ? Optional.of(Integer.valueOf(status.group())) : Optional.empty();
  }

  /** Whether changes were not kept in the range that was asked for. */
  static boolean untracked(SQLException error) {
    return says(error, UNTRACKED);
  }

  /** The standard's SQL state, where the service's text says as much. */
  static String state(SQLException error) {
    if (says(error, NO_TABLE)) {
      return "42S02";
    }
    if (says(error, NO_COLUMN)) {
      return "42S22";
    }
    return says(error, DENIED) ? "42501" : error.getSQLState();
  }

  /** How the service's text begins, if it is one that is known to hold no value. */
  static Optional<String> phrase(SQLException error) {
    return BEGINNINGS.stream().filter(words -> says(error, List.of(words))).findFirst();
  }

  private static boolean says(SQLException error, List<String> words) {
    return Causes.of(error).stream()
        .map(BigQueryErrors::message)
        .anyMatch(message -> words.stream().anyMatch(message::contains));
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? "" : failure.getMessage();
  }
}
