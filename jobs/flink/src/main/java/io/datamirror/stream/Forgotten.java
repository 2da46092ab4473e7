package io.datamirror.stream;

import io.datamirror.resolve.Forgetting;
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
 * version 4: as version 3, with 4 in front · count:4 · (table:4 · lateness:8)*
 * </pre>
 *
 * @param watermarks by table number; {@link Long#MIN_VALUE} for nothing. Tables that have left the
 *     mirror keep theirs: they may come back
 * @param horizons by table number: keys of what is older may be forgotten. The lateness by which
 *     they were may have changed since, so the watermark does not tell it. Earlier versions have
 *     none
 * @param latenesses by table number: when a key is older than this it is looked at again. Earlier
 *     versions do not tell
 * @param othersMillis the watermark of all tables that are not among them
 */
record Forgotten(
    Map<Integer, Long> watermarks,
    Map<Integer, Long> horizons,
    Map<Integer, Long> latenesses,
    long othersMillis) {

  static final Forgotten NOTHING = new Forgotten(Map.of(), Map.of(), Map.of());

  private static final int VERSION = 4;
  private static final int WITHOUT_LATENESSES = 3;
  private static final int WITHOUT_HORIZONS = 2;
  private static final int ONE_FOR_ALL = 1;

  Forgotten {
    watermarks = Map.copyOf(watermarks);
    horizons = Map.copyOf(horizons);
    latenesses = Map.copyOf(latenesses);
  }

  /** Tables that are not among these have forgotten nothing. */
  Forgotten(
      Map<Integer, Long> watermarks, Map<Integer, Long> horizons, Map<Integer, Long> latenesses) {
    this(watermarks, horizons, latenesses, Long.MIN_VALUE);
  }

  /**
   * What both have forgotten. After a restore a subtask has keys of several others, and any of them
   * may have forgotten by the greatest watermark.
   */
  Forgotten and(Forgotten other) {
    return new Forgotten(
        greatest(watermarks, other.watermarks),
        greatest(horizons, other.horizons),
        greatest(latenesses, other.latenesses),
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

  /**
   * Whether every key of a table that is remembered is looked at again as soon as it is older than
   * this lateness. If not, it was remembered under a longer one, or nobody knows. Of a table that
   * is not known here no key is.
   */
  boolean looksAgain(int table, long latenessMillis) {
    boolean joins = !watermarks.isEmpty() && !watermarks.containsKey(table);
    return joins || latenesses.getOrDefault(table, Forgetting.NEVER) <= latenessMillis;
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      writeTables(out, watermarks);
      writeTables(out, horizons);
      writeTables(out, latenesses);
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
        case WITHOUT_HORIZONS -> new Forgotten(readTables(in), Map.of(), Map.of());
        case WITHOUT_LATENESSES -> new Forgotten(readTables(in), readTables(in), Map.of());
        case VERSION -> new Forgotten(readTables(in), readTables(in), readTables(in));
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
    return new Forgotten(tables, Map.of(), Map.of(), tables.isEmpty() ? all : Long.MIN_VALUE);
  }

  private static Map<Integer, Long> readTables(DataInputStream in) throws IOException {
    Map<Integer, Long> tables = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      tables.put(in.readInt(), in.readLong());
    }
    return tables;
  }
}
