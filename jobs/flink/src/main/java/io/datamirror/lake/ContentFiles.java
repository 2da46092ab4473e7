package io.datamirror.lake;

import java.util.List;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.JsonUtil;

/** Files of a table as JSON: how they travel to the committer and are kept in its state. */
public final class ContentFiles {

  private ContentFiles() {}

  static List<String> toJson(Table table, List<? extends ContentFile<?>> files) {
    return files.stream().map(file -> ContentFileParser.toJson(file, table.spec())).toList();
  }

  public static DataFile dataFile(Table table, String json) {
    return (DataFile) fromJson(table, json);
  }

  public static DeleteFile deleteFile(Table table, String json) {
    return (DeleteFile) fromJson(table, json);
  }

  /** The partition spec of a file. */
  public static int specId(String json) {
    return JsonUtil.parse(json, node -> JsonUtil.getInt("spec-id", node));
  }

  private static ContentFile<?> fromJson(Table table, String json) {
    return JsonUtil.parse(json, node -> ContentFileParser.fromJson(node, table.specs()));
  }
}
