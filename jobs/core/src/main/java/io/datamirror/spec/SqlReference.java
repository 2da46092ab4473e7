package io.datamirror.spec;

/** The part of the reference of the SQL connector that its options make up, as Markdown. */
final class SqlReference {
  private SqlReference() {}

  static String options() {
    StringBuilder text = new StringBuilder("| option | takes | default | what it is |\n");
    text.append("|---|---|---|---|\n");
    SqlKeys.SECTION.keys().forEach(key -> append(text, key));
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
        properties ? "a text" : key.type().title(),
        key.presence() == SpecKey.Presence.OPTIONAL ? SpecReference.defaultOf(key) : "required",
        key.description()
            + (properties
                ? example(SqlKeys.PROPERTIES_PREFIX + "sslmode", "require")
                : example(key.name(), key.example())));
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
