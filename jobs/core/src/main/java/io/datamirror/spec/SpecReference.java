package io.datamirror.spec;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reference of the spec, as Markdown. */
final class SpecReference {
  private SpecReference() {}

  static String markdown() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    SpecKeys.SECTIONS.forEach(section -> append(text, section));
    text.append("\n## Values\n");
    append(text, "source.type", SourceType.values());
    append(text, "source.on-history-lost", OnHistoryLost.values());
    append(text, "tables[].feed", FeedKind.values());
    append(text, "tables[].format", RecordFormat.values());
    append(text, "tables[].behavior", Behavior.values());
    append(text, "tables[].relationships[].cardinality", Cardinality.values());
    append(text, "tables[].relationships[].on-orphan", OnOrphan.values());
    append(text, "tables[].on-schema-change", OnSchemaChange.values());
    append(text, "tables[].on-bad-row", OnBadRow.values());
    append(text, "tables[].tie", TieRule.values());
    return text.append(SECRETS).toString();
  }

  private static void append(StringBuilder text, SpecSection section) {
    String title = section.path().isEmpty() ? "The whole spec" : "`" + section.path() + "`";
    text.append("\n## ").append(title).append("\n\n").append(section.description()).append("\n\n");
    text.append("| key | takes | default | what it is |\n|---|---|---|---|\n");
    section.keys().forEach(key -> append(text, key));
  }

  private static void append(StringBuilder text, SpecKey<?> key) {
    text.append("| `")
        .append(key.name())
        .append("` | ")
        .append(key.type().title())
        .append(" | ")
        .append(defaultOf(key))
        .append(" | ")
        .append(key.description())
        .append(" Example: `")
        .append(key.exampleLine())
        .append("` |\n");
  }

  static String defaultOf(SpecKey<?> key) {
    return switch (key.presence()) {
      case REQUIRED -> "required";
      case OPTIONAL -> key.defaultText() == null ? "none" : "`" + key.defaultText() + "`";
    };
  }

  static void append(StringBuilder text, String key, Choice[] choices) {
    text.append("\n### `").append(key).append("`\n\n");
    text.append(
        Stream.of(choices)
            .map(choice -> "- `" + choice.text() + "`: " + choice.meaning() + "\n")
            .collect(Collectors.joining()));
  }

  private static final String INTRODUCTION =
      """
      # The spec file

      <!-- Generated from the keys in io.datamirror.spec. Change those, not this file. -->

      A spec is one YAML file that says what is mirrored, from where to where. It is read whole before
      anything runs: unknown keys, wrong values and contradictions are all reported at once, each with
      its path, its line, a code and the next step. `conf/` has examples, and
      `conf/mirror.schema.json` is its JSON Schema for editors.

      Durations are a whole number and a unit: `500ms`, `30s`, `5m`, `24h`, `7d`. Where a list is
      taken, one item may stand without brackets.
      """;

  private static final String SECRETS =
      """

      ## Secrets

      These may hold references, alone or inside other text: `url`, `bootstrap-servers`, `path`, `user`,
      `password` and the values of `properties` in `source`; `url`, `user`, `password` and the values of
      `properties` in `source.snapshot`; `url`, `user`, `password` and `token` in `source.registry`; the
      values of `lake.catalog`; `bootstrap-servers` and the values of `properties` in `publish`.

      - `${env:NAME}` is an environment variable of the process that uses the value.
      - `${file:/absolute/path}` is the content of a file there, without the line end after it. The
        path is absolute and has neither `.` nor `..` in it.
      - `$${` is a plain `${`.

      References are resolved where the value is used, as late as possible. The values never stand in
      a log, in a message, or in the state of a job. A password in clear text inside a URL is refused.

      ## Replacing values

      A value can be replaced from outside by its path, for example `source.poll-interval=5s`, or
      `tables.regions.on-bad-row=stop` for the table called regions. Below `properties` and `catalog`,
      all that follows is one key: `source.properties.sasl.jaas.config=${env:JAAS}`. The value is YAML.
      Secrets can only be given as references.
      """;
}
