package io.datamirror.databricks;

import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/** Turns what open source Spark and Delta throw into what the service answers. */
final class Refusals {

  private static final Pattern CONDITION = Pattern.compile("^\\[[A-Z][A-Z0-9_.]+].*");

  private Refusals() {}

  static StatementError of(Throwable failure) {
    Throwable known = failure;
    while (!named(known) && known.getCause() != null) {
      known = known.getCause();
    }
    String message = text(known);
    if (message.startsWith("Provided Start version(")) {
      return new StatementError("22003", "[DELTA_CDC_START_VERSION_AFTER_LATEST] " + message);
    }
    if (message.startsWith("Cannot time travel Delta table to version")) {
      return new StatementError("22003", "[DELTA_VERSION_NOT_FOUND] " + message);
    }
    if (named(known)) {
      SparkThrowable spark = (SparkThrowable) known;
      String text =
          CONDITION.matcher(message).matches()
              ? message
              : "[" + spark.getCondition() + "] " + message;
      return new StatementError(spark.getSqlState(), text);
    }
    return new StatementError(null, known.getClass().getName() + ": " + message);
  }

  private static boolean named(Throwable failure) {
    return failure instanceof SparkThrowable spark && spark.getCondition() != null;
  }

  /** The message in one line, without the part that points into the statement. */
  private static String text(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.split("== SQL", 2)[0].replaceAll("\\s+", " ").trim();
  }
}
