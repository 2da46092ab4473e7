package io.datamirror.spec;

import io.datamirror.change.ColumnType;
import io.datamirror.spec.SecretText.Display;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes specs as YAML: what {@link SpecReader} makes of the text is what was written. */
public final class SpecText {

  private static final SectionType<Keys> SPEC = SectionType.keys(SpecKeys.SPEC);

  private SpecText() {}

  /** A whole spec: its head, and its tables without the keys that are at their defaults. */
  public static String of(SpecHead head, List<TableSpec> tables) {
    StringBuilder text = new StringBuilder(head.yaml());
    text.append(tables.isEmpty() ? "tables: " : "tables:\n");
    return text.append(tables(tables)).toString();
  }

  /** Tables alone, as the value of their key. */
  public static String tables(List<TableSpec> tables) {
    StringBuilder text = new StringBuilder(tables.isEmpty() ? "[]\n" : "");
    tables.forEach(table -> text.append(String.join("\n", lines(table))).append('\n'));
    return text.toString();
  }

  /** The head as it stands in a spec, without secrets in clear text. */
  static String head(YamlNode tree) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    if (tree instanceof YamlNode.Mapping mapping) {
      for (String key : List.of("mirror", "source", "lake", "publish")) {
        if (mapping.entries().containsKey(key)) {
          entries.put(key, mapping.entries().get(key));
        }
      }
    }
    List<String> lines = YamlText.lines("", new YamlNode.Mapping(entries, 1), SpecText::safe);
    return String.join("\n", lines) + "\n";
  }

  /** What is not known to be no secret may be one: properties have any names. */
  private static String safe(String path, String text) {
    boolean shown =
        switch (SPEC.display(path)) {
          // A URL with a secret in clear text has been refused.
          case WHOLE, URL -> true;
          case HIDDEN -> refersAlone(text);
        };
    String name = path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    return shown ? text : SpecHead.REPLACEMENT + name + "}";
  }

  /** Beside a reference, a secret may stand in clear text. */
  private static boolean refersAlone(String text) {
    return SecretText.parse(text, Display.HIDDEN)
        .filter(SecretText::hasReference)
        .filter(secret -> secret.withoutReferences().isBlank())
        .isPresent();
  }

  private static List<String> lines(TableSpec whole) {
    TableSpec table = RecordRules.bare(whole);
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put(TableKeys.NAME.name(), YamlText.scalar(table.name()));
    keys.put(TableKeys.TABLE_SOURCE.name(), YamlText.scalar(table.source()));
    putWay(keys, table);
    putChoice(keys, TableKeys.BEHAVIOR, table.behavior());
    putList(keys, TableKeys.PRIMARY_KEY, table.primaryKey());
    putList(keys, TableKeys.VERSION, table.version());
    putText(keys, TableKeys.TIMESTAMP, table.timestamp());
    putText(keys, TableKeys.OPERATION, table.operation());
    putText(keys, TableKeys.ORDER, table.order());
    boolean implied =
        table.feed() == FeedKind.INCREMENTAL
            && table.version().equals(java.util.Collections.singletonList(table.cursor()));
    putText(keys, TableKeys.CURSOR, implied ? null : table.cursor());
    putText(keys, TableKeys.TRANSACTION, table.transaction());
    putText(keys, TableKeys.SNAPSHOT, table.snapshot());
    putColumns(keys, table.columns());
    putPartitions(keys, table);
    if (table.feed() != FeedKind.RECORDS || table.onSchemaChange() != OnSchemaChange.IGNORE) {
      putChoice(keys, TableKeys.ON_SCHEMA_CHANGE, table.onSchemaChange());
    }
    putChoice(keys, TableKeys.ON_BAD_ROW, table.onBadRow());
    putText(keys, TableKeys.ALLOWED_LATENESS, differing(table.allowedLateness()));
    putChoice(keys, TableKeys.TIE, table.tie());
    List<String> lines = new ArrayList<>();
    keys.forEach(
        (key, value) -> lines.add((lines.isEmpty() ? "  - " : "    ") + key + ": " + value));
    if (!table.relationships().isEmpty()) {
      lines.add("    " + TableKeys.RELATIONSHIPS.name() + ":");
      table.relationships().forEach(relationship -> lines.add("      - " + line(relationship)));
    }
    return lines;
  }

  /** How the table is read: records say what they are, and have one way. */
  private static void putWay(Map<String, String> keys, TableSpec table) {
    if (table.feed() != FeedKind.RECORDS) {
      keys.put(TableKeys.FEED.name(), table.feed().text());
      return;
    }
    keys.put(TableKeys.FORMAT.name(), table.records().format().text());
    putTypes(keys, TableKeys.SCHEMA, table.records().schema());
  }

  private static void putTypes(
      Map<String, String> keys, SpecKey<?> key, Map<String, ColumnType> types) {
    if (!types.isEmpty()) {
      Map<String, String> texts = new LinkedHashMap<>();
      types.forEach((column, type) -> texts.put(column, TypeText.text(type)));
      keys.put(key.name(), YamlText.mapping(texts));
    }
  }

  private static void putPartitions(Map<String, String> keys, TableSpec table) {
    boolean series = table.behavior() == Behavior.TIME_SERIES;
    List<PartitionField> byDefault =
        series ? List.of(new PartitionField(Transform.DAY, 0, table.timestamp())) : List.of();
    if (!table.partitionBy().equals(byDefault)) {
      List<String> texts = table.partitionBy().stream().map(PartitionField::toString).toList();
      keys.put(TableKeys.PARTITION_BY.name(), YamlText.list(texts));
    }
  }

  private static String differing(Lateness lateness) {
    return lateness.limit().isEmpty() ? null : lateness.toString();
  }

  private static <T extends Choice> void putChoice(
      Map<String, String> keys, SpecKey<T> key, T choice) {
    if (!choice.text().equals(key.defaultText())) {
      keys.put(key.name(), choice.text());
    }
  }

  private static void putText(Map<String, String> keys, SpecKey<?> key, String text) {
    if (text != null) {
      keys.put(key.name(), YamlText.scalar(text));
    }
  }

  private static void putList(Map<String, String> keys, SpecKey<?> key, List<String> texts) {
    if (!texts.isEmpty()) {
      keys.put(key.name(), YamlText.list(texts));
    }
  }

  private static void putColumns(Map<String, String> keys, ColumnsSpec columns) {
    Map<String, String> parts = new LinkedHashMap<>();
    putList(parts, TableKeys.INCLUDE, columns.include());
    putList(parts, TableKeys.EXCLUDE, columns.exclude());
    if (!columns.rename().isEmpty()) {
      parts.put(TableKeys.RENAME.name(), YamlText.mapping(columns.rename()));
    }
    putTypes(parts, TableKeys.CAST, columns.cast());
    if (!parts.isEmpty()) {
      List<String> entries = new ArrayList<>();
      parts.forEach((key, value) -> entries.add(key + ": " + value));
      keys.put(TableKeys.COLUMNS.name(), "{ " + String.join(", ", entries) + " }");
    }
  }

  private static String line(RelationshipSpec relationship) {
    boolean single = relationship.columns().size() == 1;
    List<String> references =
        relationship.referencedColumns().stream()
            .map(column -> relationship.table() + "." + column)
            .toList();
    String line =
        single
            ? "column: " + YamlText.scalar(relationship.columns().get(0))
            : "columns: " + YamlText.list(relationship.columns());
    line +=
        ", references: "
            + (single ? YamlText.scalar(references.get(0)) : YamlText.list(references))
            + ", cardinality: \""
            + relationship.cardinality()
            + "\"";
    if (relationship.onOrphan() != OnOrphan.REPORT) {
      line += ", " + TableKeys.ON_ORPHAN.name() + ": " + relationship.onOrphan();
    }
    return "{ " + line + " }";
  }
}
