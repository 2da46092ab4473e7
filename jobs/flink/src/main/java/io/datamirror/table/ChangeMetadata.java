package io.datamirror.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** What a change tells besides its row: the metadata columns of the connector. */
enum ChangeMetadata {
  VERSION(
      "version",
      DataTypes.STRING(),
      "The version of the row: the version columns as text, separated by commas."),
  ORDER(
      "order",
      DataTypes.STRING(),
      "Its order among changes of equal version; NULL if none is known."),
  OPERATION("operation", DataTypes.STRING().notNull(), "`u` for an upsert, `d` for a delete."),
  POSITION(
      "position",
      DataTypes.STRING(),
      "The position that everything is read up to once the window that the change was found in has"
          + " been read, as in `data-mirror.position`; NULL while the base table is read."),
  TIME("time", DataTypes.TIMESTAMP_LTZ(3), "The time of the change; NULL if it has none.");

  private final String key;
  private final DataType type;
  private final String description;

  ChangeMetadata(String key, DataType type, String description) {
    this.key = key;
    this.type = type;
    this.description = description;
  }

  /** How SQL calls it. */
  String key() {
    return key;
  }

  DataType type() {
    return type;
  }

  /** What it is, for people. */
  String description() {
    return description;
  }

  /** All of them by key. */
  static Map<String, DataType> types() {
    Map<String, DataType> types = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(metadata -> types.put(metadata.key, metadata.type));
    return types;
  }

  static List<ChangeMetadata> ofKeys(List<String> keys) {
    return keys.stream().map(ChangeMetadata::ofKey).flatMap(Optional::stream).toList();
  }

  private static Optional<ChangeMetadata> ofKey(String key) {
    return Arrays.stream(values()).filter(metadata -> metadata.key.equals(key)).findFirst();
  }
}
