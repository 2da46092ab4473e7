package io.datamirror.spec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of the reference of the SQL connector that its options make up, as Markdown. */
final class SqlReference {
  /** They are read to say why they are refused. */
  private static final List<SpecKey<?>> REFUSED =
      List.of(SpecKeys.BOOTSTRAP_SERVERS, SpecKeys.PATH);

  /** To read a base table anew is refused. */
  private static final OnHistoryLost[] ON_HISTORY_LOST = {
    OnHistoryLost.STOP, OnHistoryLost.CONTINUE
  };

  private SqlReference() {}

  static String options() {
    StringBuilder text = new StringBuilder("| option | takes | default | what it is |\n");
    text.append("|---|---|---|---|\n");
    SqlKeys.SECTION.keys().stream()
        .filter(key -> !REFUSED.contains(key))
        .forEach(key -> append(text, key));
    row(
        text,
        SqlKeys.RENAME_PREFIX + "COLUMN",
        "the name of a column",
        "none",
        SqlKeys.RENAME_DESCRIPTION + example(SqlKeys.RENAME_PREFIX + "ID", "id"));
    SpecReference.append(text, SpecKeys.ON_HISTORY_LOST.name(), ON_HISTORY_LOST);
    SpecReference.append(text, SqlKeys.ON_BAD_ROW.name(), OnBadSqlRow.values());
    SpecReference.append(text, SqlKeys.DELETES.name(), DeleteContent.values());
    SpecReference.append(text, SqlKeys.UNTIL.name(), ReadUntil.values());
    return text.toString();
  }

  private static void append(StringBuilder text, SpecKey<?> key) {
    boolean properties = key.equals(SpecKeys.PROPERTIES);
    row(
        text,
        properties ? SqlKeys.PROPERTIES_PREFIX + "NAME" : key.name(),
        properties ? "a text" : takes(key),
        key.presence() == SpecKey.Presence.OPTIONAL ? SpecReference.defaultOf(key) : "required",
        key.description()
            + (properties
                ? example(SqlKeys.PROPERTIES_PREFIX + "sslmode", "require")
                : example(key.name(), key.example())));
  }

  /** Without the choices that SQL refuses. */
  private static String takes(SpecKey<?> key) {
    if (key.equals(SqlKeys.TYPE)) {
      return oneOf(
          SourceType.JDBC, SourceType.SNOWFLAKE, SourceType.DATABRICKS, SourceType.BIGQUERY);
    }
    if (key.equals(SpecKeys.ON_HISTORY_LOST)) {
      return oneOf(ON_HISTORY_LOST);
    }
    return key.equals(SqlKeys.FEED)
        ? oneOf(FeedKind.CHANGE_TABLE, FeedKind.INCREMENTAL, FeedKind.NATIVE, FeedKind.APPENDS)
        : key.type().title();
  }

  private static String oneOf(Choice... choices) {
    return "one of " + Stream.of(choices).map(Choice::text).collect(Collectors.joining(", "));
  }

  private static void row(
      StringBuilder text, String name, String takes, String byDefault, String description) {
    text.append("| `")
        .append(name)
        .append("` | ")
        .append(takes)
        .append(" | ")
        .append(byDefault)
        .append(" | ")
        .append(description)
        .append(" |\n");
  }

  private static String example(String name, String value) {
    return " Example: `'" + name + "' = '" + value + "'`";
  }
}
