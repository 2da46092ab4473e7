package io.datamirror.databricks;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the service refuses and open source Spark and Delta would let pass. */
final class Rules {

  // Both bounds as plain numbers: the feed asks for nothing else.
  private static final Pattern CHANGES =
      Pattern.compile(
          "table_changes\\(\\s*'((?:[^'\\\\]|\\\\.)*)'\\s*,\\s*(-?\\d+)\\s*,\\s*(-?\\d+)\\s*\\)",
          Pattern.CASE_INSENSITIVE);

  private final Engine engine;

  Rules(Engine engine) {
    this.engine = engine;
  }

  /** Whether the statement reads changes. */
  static boolean readsChanges(String sql) {
    return sql.toLowerCase(Locale.ROOT).contains("table_changes");
  }

  /** Refuses what must be refused. */
  void check(String sql) {
    if (!readsChanges(sql)) {
      return;
    }
    Matcher changes = CHANGES.matcher(sql);
    if (!changes.find()) {
      throw new StatementError(
          "42601",
          "[DELTA_CDC_NON_CONSTANT_ARGUMENT] table_changes takes a name and two versions, all of"
              + " them literals");
    }
    long latest = engine.latest(unescaped(changes.group(1)));
    long start = Long.parseLong(changes.group(2));
    long end = Long.parseLong(changes.group(3));
    if (start <= latest && end > latest) {
      // Open source Delta would give the versions that there are, and nobody would notice.
      throw new StatementError(
          "42815",
          "[DELTA_VERSION_INVALID] The provided version ("
              + end
              + ") is not a valid version: the newest is "
              + latest);
    }
  }

  private static String unescaped(String literal) {
    return literal.replaceAll("\\\\(.)", "$1");
  }
}
