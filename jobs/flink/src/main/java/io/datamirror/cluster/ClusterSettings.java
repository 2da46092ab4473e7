package io.datamirror.cluster;

import java.util.Map;

/**
 * What a cluster on this machine is like.
 *
 * @param taskManagers how many processes do the work
 * @param slots how many tasks of a kind each of them takes
 * @param port where the REST interface is; 0 for a port that is free
 * @param flink keys of Flink's own configuration
 */
public record ClusterSettings(int taskManagers, int slots, int port, Map<String, String> flink) {

  public ClusterSettings {
    flink = Map.copyOf(flink);
  }

  public static ClusterSettings of(int taskManagers, int slots) {
    return new ClusterSettings(taskManagers, slots, 0, Map.of());
  }

  public ClusterSettings with(Map<String, String> keys) {
    return new ClusterSettings(taskManagers, slots, port, keys);
  }
}
