package io.datamirror.stream;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What the lake says of the keys that a mirror has forgotten, for a job that does not go on from a
 * state that knows.
 *
 * @param watermarks by table number, the watermark that keys were forgotten by
 * @param horizons by table number: keys of what is older may be forgotten, whatever lateness held
 *     then
 */
public record Floors(Map<Integer, Long> watermarks, Map<Integer, Long> horizons)
    implements Serializable {

  /** Nothing was forgotten. */
  public static final Floors NONE = new Floors(Map.of(), Map.of());

  public Floors {
    watermarks = new HashMap<>(watermarks);
    horizons = new HashMap<>(horizons);
  }

  long watermarkMillis(int table) {
    return watermarks.getOrDefault(table, Long.MIN_VALUE);
  }

  long horizonMillis(int table) {
    return horizons.getOrDefault(table, Long.MIN_VALUE);
  }
}
