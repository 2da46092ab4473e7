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
 * What keys were forgotten by, table by table. A change that is late by that of its table must not
 * be taken for the first of its key. A table that joins a mirror has forgotten nothing, however far
 * the others are.
 *
 * <p>The binary form begins with its version. A release reads every version up to its own:
 *
 * <pre>
 * version 1: 1:4 · watermark of all tables:8 · count:4 · (table:4 · what the lake said:8)*
 * version 2: 2:4 · count:4 · (table:4 · watermark:8)*
 * version 3: 3:4 · count:4 · (table:4 · watermark:8)* · count:4 · (table:4 · horizon:8)*
 * </pre>
 *
 * @param watermarks by table number; {@link Long#MIN_VALUE} for nothing. Tables that have left the
 *     mirror keep theirs: they may come back
 * @param horizons by table number: keys of what is older may be forgotten. The lateness by which
 *     they were may have changed since, so the watermark does not tell it. Earlier versions have
 *     none
 * @param othersMillis the watermark of all tables that are not among them
 */
record Forgotten(Map<Integer, Long> watermarks, Map<Integer, Long> horizons, long othersMillis) {

  static final Forgotten NOTHING = new Forgotten(Map.of(), Map.of());

  private static final int VERSION = 3;
  private static final int WITHOUT_HORIZONS = 2;
  private static final int ONE_FOR_ALL = 1;

  Forgotten {
    watermarks = Map.copyOf(watermarks);
    horizons = Map.copyOf(horizons);
  }

  /** Tables that are not among these have forgotten nothing. */
  Forgotten(Map<Integer, Long> watermarks, Map<Integer, Long> horizons) {
    this(watermarks, horizons, Long.MIN_VALUE);
  }

  /**
   * What both have forgotten. After a restore a subtask has keys of several others, and any of them
   * may have forgotten by the greatest watermark.
   */
  Forgotten and(Forgotten other) {
    return new Forgotten(
        greatest(watermarks, other.watermarks),
        greatest(horizons, other.horizons),
        Math.max(othersMillis, other.othersMillis));
  }

  private static Map<Integer, Long> greatest(Map<Integer, Long> some, Map<Integer, Long> others) {
    Map<Integer, Long> both = new HashMap<>(some);
    others.forEach((table, millis) -> both.merge(table, millis, Math::max));
    return both;
  }

  /**
   * The watermark that keys of a table were forgotten by.
   *
   * @param floorMillis what the lake says of it; counts if the table is not known here
   */
  long watermarkMillis(int table, long floorMillis) {
    return watermarks.getOrDefault(table, Math.max(othersMillis, floorMillis));
  }

  /**
   * Keys of what is older may be forgotten, by whatever rule held then.
   *
   * @param floorMillis what the lake says of it; counts if the table is not known here
   */
  long horizonMillis(int table, long floorMillis) {
    long otherwise = watermarks.containsKey(table) ? Long.MIN_VALUE : floorMillis;
    return horizons.getOrDefault(table, otherwise);
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      writeTables(out, watermarks);
      writeTables(out, horizons);
    }
    return bytes.toByteArray();
  }

  private static void writeTables(DataOutputStream out, Map<Integer, Long> tables)
      throws IOException {
    out.writeInt(tables.size());
    for (Map.Entry<Integer, Long> table : new TreeMap<>(tables).entrySet()) {
      out.writeInt(table.getKey());
      out.writeLong(table.getValue());
    }
  }

  static Forgotten fromBytes(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      return switch (version) {
        case ONE_FOR_ALL -> readOneForAll(in);
        case WITHOUT_HORIZONS -> new Forgotten(readTables(in), Map.of());
        case VERSION -> new Forgotten(readTables(in), readTables(in));
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
    return new Forgotten(tables, Map.of(), tables.isEmpty() ? all : Long.MIN_VALUE);
  }

  private static Map<Integer, Long> readTables(DataInputStream in) throws IOException {
    Map<Integer, Long> tables = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      tables.put(in.readInt(), in.readLong());
    }
    return tables;
  }
}
