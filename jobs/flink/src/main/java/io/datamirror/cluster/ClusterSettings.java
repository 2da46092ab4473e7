package io.datamirror.cluster;

import java.util.Map;
import java.util.Optional;

/**
 * What a cluster on this machine is told to be like. Of what is left out it is as it was.
 *
 * @param taskManagers how many processes do the work
 * @param slots how many tasks of a kind each of them takes
 * @param port where the REST interface is
 * @param flink keys of Flink's own configuration
 */
public record ClusterSettings(
    Optional<Integer> taskManagers,
    Optional<Integer> slots,
    Optional<Integer> port,
    Map<String, String> flink) {

  /** As it was before. */
  public static final ClusterSettings UNCHANGED =
      new ClusterSettings(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  public ClusterSettings {
    flink = Map.copyOf(flink);
  }

  public static ClusterSettings of(int taskManagers, int slots) {
    return new ClusterSettings(
        Optional.of(taskManagers), Optional.of(slots), Optional.empty(), Map.of());
  }

  public ClusterSettings with(Map<String, String> keys) {
    return new ClusterSettings(taskManagers, slots, port, keys);
  }
}
