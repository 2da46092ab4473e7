package io.datamirror.spec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of the reference of the SQL connector that its options make up, as Markdown. */
final class SqlReference {
  /** They are read to say why they are refused; of the last, every value but the default is. */
  private static final List<SpecKey<?>> REFUSED =
      List.of(SpecKeys.BOOTSTRAP_SERVERS, SpecKeys.PATH, SpecKeys.ON_HISTORY_LOST);

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

  /** Without the choices that are for records, which SQL does not read. */
  private static String takes(SpecKey<?> key) {
    if (key.equals(SqlKeys.TYPE)) {
      return oneOf(
          SourceType.JDBC, SourceType.SNOWFLAKE, SourceType.DATABRICKS, SourceType.BIGQUERY);
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
