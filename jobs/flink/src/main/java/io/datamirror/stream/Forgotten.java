package io.datamirror.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * By which watermarks keys were forgotten, table by table. A change that is late by that of its
 * table must not be taken for the first of its key. A table that joins a mirror has forgotten
 * nothing, however far the others are.
 *
 * <p>The binary form begins with its version. A release reads every version up to its own:
 *
 * <pre>
 * version 1: 1:4 · watermark of all tables:8 · count:4 · (table:4 · what the lake said:8)*
 * version 2: 2:4 · count:4 · (table:4 · watermark:8)*
 * </pre>
 *
 * @param watermarks by table number; {@link Long#MIN_VALUE} for nothing. Tables that have left the
 *     mirror keep theirs: they may come back
 * @param othersMillis that of all tables that are not among them
 */
record Forgotten(Map<Integer, Long> watermarks, long othersMillis) {

  static final Forgotten NOTHING = new Forgotten(Map.of());

  private static final int VERSION = 2;
  private static final int ONE_FOR_ALL = 1;

  Forgotten {
    watermarks = Map.copyOf(watermarks);
  }

  /** Tables that are not among these have forgotten nothing. */
  Forgotten(Map<Integer, Long> watermarks) {
    this(watermarks, Long.MIN_VALUE);
  }

  /**
   * What both have forgotten. After a restore a subtask has keys of several others, and any of them
   * may have forgotten by the greatest watermark.
   */
  Forgotten and(Forgotten other) {
    Map<Integer, Long> both = new HashMap<>(watermarks);
    other.watermarks.forEach((table, millis) -> both.merge(table, millis, Math::max));
    return new Forgotten(both, Math.max(othersMillis, other.othersMillis));
  }

  /**
   * The watermark that keys of a table were forgotten by.
   *
   * @param floorMillis what the lake says of it; counts if the table is not known here
   */
  long watermarkMillis(int table, long floorMillis) {
    return watermarks.getOrDefault(table, Math.max(othersMillis, floorMillis));
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeInt(watermarks.size());
      for (Map.Entry<Integer, Long> table : new TreeMap<>(watermarks).entrySet()) {
        out.writeInt(table.getKey());
        out.writeLong(table.getValue());
      }
    }
    return bytes.toByteArray();
  }

  static Forgotten fromBytes(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      return switch (version) {
        case ONE_FOR_ALL -> readOneForAll(in);
        case VERSION -> new Forgotten(readTables(in));
        default ->
            throw new IOException(
                "what was forgotten has version " + version + ", and not at most " + VERSION);
      };
    }
  }

  /** It names every table of its mirror, but for those of a query, which name none. */
  private static Forgotten readOneForAll(DataInputStream in) throws IOException {
    long all = in.readLong();
    Map<Integer, Long> tables = readTables(in);
    tables.replaceAll((table, floor) -> Math.max(all, floor));
    return new Forgotten(tables, tables.isEmpty() ? all : Long.MIN_VALUE);
  }

  private static Map<Integer, Long> readTables(DataInputStream in) throws IOException {
    Map<Integer, Long> tables = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      tables.put(in.readInt(), in.readLong());
    }
    return tables;
  }
}
