package io.datamirror.feed;

import io.datamirror.sql.SqlErrors;
import io.datamirror.sql.SqlErrors.Action;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an error of Databricks asks for. The server's errors have a name in brackets, which is
 * documented and does not change, unlike the words behind it; the driver's own have a word in place
 * of an SQL state.
 */
final class DatabricksErrors {

  private static final Pattern NAME =
      Pattern.compile("\\[([A-Z][A-Z0-9]*_[A-Z0-9_]+(?:\\.[A-Z0-9_]+)?)]");
  // The driver puts the whole statement before the server's message.
  private static final String MESSAGE = "FAILED. Error Message: ";
  private static final String UNTRACKED = "DELTA_MISSING_CHANGE_DATA";
  private static final String OLD_FILE_MISSING =
      "A file referenced in the transaction log cannot be found";

  private static final Map<String, Action> BY_NAME =
      Map.ofEntries(
          Map.entry(UNTRACKED, Action.RESNAPSHOT),
          Map.entry("DELTA_VERSION_NOT_FOUND", Action.RESNAPSHOT),
          Map.entry("DELTA_TRUNCATED_TRANSACTION_LOG", Action.RESNAPSHOT),
          Map.entry("DELTA_VERSIONS_NOT_CONTIGUOUS", Action.RESNAPSHOT),
          Map.entry("DELTA_FILE_NOT_FOUND_DETAILED", Action.RESNAPSHOT),
          Map.entry(
              "DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION",
              Action.RESNAPSHOT),
          Map.entry("FAILED_READ_FILE.FILE_NOT_EXIST", Action.RESNAPSHOT),
          Map.entry("FAILED_READ_FILE.DBR_FILE_NOT_EXIST", Action.RESNAPSHOT),
          Map.entry("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE", Action.SPLIT),
          Map.entry("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA", Action.SPLIT),
          // The newest version is never asked past: the table was recreated since it was looked at,
          // and is looked at again before the next try.
          Map.entry("DELTA_CDC_START_VERSION_AFTER_LATEST", Action.RETRY),
          Map.entry("DELTA_VERSION_INVALID", Action.RETRY),
          Map.entry("DELTA_INVALID_CDC_RANGE", Action.FATAL),
          Map.entry("DELTA_CDC_READ_NULL_RANGE_BOUNDARY", Action.FATAL),
          Map.entry("DELTA_CDC_NON_CONSTANT_ARGUMENT", Action.FATAL));

  // Classes of states that only Delta uses: files of a version that are gone, and a broken log.
  private static final Set<String> LOST = Set.of("KD001", "KD002", "KD00C");

  private static final Set<String> TIMED_OUT =
      Set.of("STATEMENT_EXECUTION_TIMEOUT", "OPERATION_TIMEOUT_ERROR");

  private DatabricksErrors() {}

  static Action classify(SQLException error) {
    Optional<String> name = name(error);
    if (name.isPresent() && BY_NAME.containsKey(name.get())) {
      return BY_NAME.get(name.get());
    }
    if (LOST.contains(state(error)) || message(error).contains(OLD_FILE_MISSING)) {
      return Action.RESNAPSHOT;
    }
    return TIMED_OUT.contains(state(error)) ? Action.SPLIT : SqlErrors.classify(error);
  }

  /** Whether changes were not recorded in the range that was asked for. */
  static boolean untracked(SQLException error) {
    return name(error).filter(UNTRACKED::equals).isPresent();
  }

  private static Optional<String> name(SQLException error) {
    String message = message(error);
    int start = message.lastIndexOf(MESSAGE);
    Matcher name = NAME.matcher(start < 0 ? message : message.substring(start));
    return name.find() ? Optional.of(name.group(1)) : Optional.empty();
  }

  private static String message(SQLException error) {
    return error.getMessage() == null ? "" : error.getMessage();
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }
}
