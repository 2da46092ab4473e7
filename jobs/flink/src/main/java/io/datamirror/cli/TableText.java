package io.datamirror.cli;

import io.datamirror.lake.LakeTables.Draft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/** Tables of the lake in words: as a definition for people, as a document for programs. */
final class TableText {

  private TableText() {}

  /** The definition, line by line, in the way of SQL. */
  static List<String> definition(String namespace, Draft draft) {
    StringBuilder text = new StringBuilder();
    text.append("CREATE TABLE ").append(name(namespace)).append('.').append(name(draft.name()));
    text.append(" (\n");
    for (NestedField field : draft.schema().columns()) {
      text.append("  ").append(name(field.name())).append(' ').append(field.type());
      text.append(field.isRequired() ? " NOT NULL,\n" : ",\n");
    }
    String key =
        draft.schema().identifierFieldNames().stream()
            .sorted()
            .map(TableText::name)
            .collect(Collectors.joining(", "));
    text.append(key.isEmpty() ? "" : "  PRIMARY KEY (" + key + "),\n");
    text.setLength(text.length() - 2);
    text.append("\n)");
    String partitions = String.join(", ", partitions(draft));
    text.append(partitions.isEmpty() ? "" : " PARTITIONED BY (" + partitions + ")");
    return text.toString().lines().toList();
  }

  private static String name(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static List<String> partitions(Draft draft) {
    return draft.partitions().fields().stream()
        .map(field -> partition(draft.schema(), field))
        .toList();
  }

  private static String partition(Schema schema, PartitionField field) {
    String column = name(schema.findColumnName(field.sourceId()));
    String transform = field.transform().toString();
    if (transform.equals("identity")) {
      return column;
    }
    // Iceberg writes bucket[4]; people write bucket(4, id).
    return transform.endsWith("]")
        ? transform.replace("[", "(").replace("]", ", ") + column + ")"
        : transform + "(" + column + ")";
  }

  /** The same for programs. */
  static Map<String, Object> document(String namespace, Draft draft) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("namespace", namespace);
    document.put("name", draft.name());
    document.put("exists", draft.exists());
    document.put("columns", draft.schema().columns().stream().map(TableText::column).toList());
    document.put("key", draft.schema().identifierFieldNames().stream().sorted().toList());
    document.put("partitionBy", partitions(draft));
    return document;
  }

  private static Map<String, Object> column(NestedField field) {
    Map<String, Object> column = new LinkedHashMap<>();
    column.put("name", field.name());
    column.put("type", field.type().toString());
    column.put("required", field.isRequired());
    return column;
  }
}
