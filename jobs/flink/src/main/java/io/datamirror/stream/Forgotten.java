package io.datamirror.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * By which watermarks keys were forgotten. A change that is late by one of them must not be taken
 * for the first of its key.
 *
 * <p>The binary form begins with its version. A release reads every version up to its own.
 *
 * @param watermarkMillis the watermark of the subtask
 * @param floors by table number, what the lake said when the job began without state; {@link
 *     Long#MIN_VALUE} for nothing
 */
record Forgotten(long watermarkMillis, Map<Integer, Long> floors) {

  static final Forgotten NOTHING = new Forgotten(Long.MIN_VALUE, Map.of());

  private static final int VERSION = 1;

  Forgotten {
    floors = Map.copyOf(floors);
  }

  /**
   * What both have forgotten. After a restore a subtask has keys of several others, and any of them
   * may have forgotten by the greatest watermark.
   */
  Forgotten and(Forgotten other) {
    Map<Integer, Long> both = new HashMap<>(floors);
    other.floors.forEach((table, millis) -> both.merge(table, millis, Math::max));
    return new Forgotten(Math.max(watermarkMillis, other.watermarkMillis), both);
  }

  /** The same with the floors of tables that it does not know. */
  Forgotten withNewTables(Map<Integer, Long> others) {
    Map<Integer, Long> all = new HashMap<>(others);
    all.putAll(floors);
    return new Forgotten(watermarkMillis, all);
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeLong(watermarkMillis);
      out.writeInt(floors.size());
      for (Map.Entry<Integer, Long> floor : new java.util.TreeMap<>(floors).entrySet()) {
        out.writeInt(floor.getKey());
        out.writeLong(floor.getValue());
      }
    }
    return bytes.toByteArray();
  }

  static Forgotten fromBytes(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException("what was forgotten has version " + version + ", not " + VERSION);
      }
      long watermarkMillis = in.readLong();
      Map<Integer, Long> floors = new HashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        floors.put(in.readInt(), in.readLong());
      }
      return new Forgotten(watermarkMillis, floors);
    }
  }
}
