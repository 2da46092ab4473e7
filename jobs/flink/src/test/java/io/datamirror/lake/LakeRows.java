package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Reads tables of the lake with Iceberg's generic reader, which shares no code with the writers.
 */
public final class LakeRows {

  private LakeRows() {}

  public static List<Record> all(Table table) {
    table.refresh();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      List<Record> rows = new java.util.ArrayList<>();
      records.forEach(row -> rows.add(row.copy()));
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts of the rows by their ids; fails when an id is there twice. */
  public static TreeMap<Long, String> texts(Table table) {
    TreeMap<Long, String> texts = new TreeMap<>();
    for (Record row : all(table)) {
      Long id = (Long) row.getField("id");
      String text = row.getField("version") + ":" + row.getField("text");
      String before = texts.put(id, text);
      if (before != null) {
        throw new AssertionError("id " + id + " is there twice: " + before + " and " + text);
      }
    }
    return texts;
  }
}
