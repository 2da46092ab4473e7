package io.datamirror.cli;

import java.sql.SQLException;
import java.util.Set;

/**
 * A failure as it may be logged: every class and place of it, and the messages of those who are
 * known to keep secrets out of them. Drivers and catalogs are not: they quote URLs and properties.
 */
final class SafeFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int DEEPEST = 20;
  private static final Set<String> TRUSTED =
      Set.of("io.datamirror.", "java.lang.", "org.apache.flink.table.api.");

  private SafeFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same failure without words that nobody has vetted. */
  static SafeFailure of(Throwable failure) {
    return of(failure, 0);
  }

  private static SafeFailure of(Throwable failure, int depth) {
    boolean last = failure.getCause() == null || depth == DEEPEST;
    SafeFailure safe =
        new SafeFailure(described(failure), last ? null : of(failure.getCause(), depth + 1));
    safe.setStackTrace(failure.getStackTrace());
    return safe;
  }

  private static String described(Throwable failure) {
    String name = failure.getClass().getName();
    if (failure instanceof SQLException error) {
      return name + " of SQL state " + error.getSQLState() + ", code " + error.getErrorCode();
    }
    // A wrapper's own message often is its cause's.
    boolean quotesNobody = failure.getCause() == null || name.startsWith("io.datamirror.");
    boolean trusted = TRUSTED.stream().anyMatch(name::startsWith);
    return trusted && quotesNobody ? name + ": " + failure.getMessage() : name;
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
