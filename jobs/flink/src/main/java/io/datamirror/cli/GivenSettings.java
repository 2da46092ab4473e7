package io.datamirror.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;

/**
 * The settings of Flink that a mirror is started with, as far as an upgrade starts it with them.
 */
final class GivenSettings {

  /** What each start says anew: what it begins from, and how many work side by side. */
  private static final List<ConfigOption<?>> OF_ONE_START =
      List.of(
          StateRecoveryOptions.SAVEPOINT_PATH,
          StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE,
          StateRecoveryOptions.RESTORE_MODE,
          CoreOptions.DEFAULT_PARALLELISM);

  /** What Flink's client says of itself. */
  private static final List<ConfigOption<?>> OF_THE_CLIENT =
      List.of(
          DeploymentOptions.TARGET,
          DeploymentOptions.ATTACHED,
          DeploymentOptions.SHUTDOWN_IF_ATTACHED,
          PipelineOptions.JARS,
          PipelineOptions.CLASSPATHS,
          CoreOptions.TMP_DIRS);

  /** What says where a cluster is and how it works; nothing of it is a job's. */
  private static final List<String> OF_THE_CLUSTER =
      List.of(
          "$internal.",
          "blob.",
          "high-availability.",
          "jobmanager.",
          "kubernetes.",
          "process.",
          "rest.",
          "taskmanager.",
          "web.",
          "yarn.");

  private GivenSettings() {}

  /** The settings out of those of {@code -D} that hold for more than one start. */
  static Map<String, String> of(Map<String, String> options) {
    Map<String, String> given = new TreeMap<>(options);
    given.keySet().removeIf(key -> isOneOf(OF_ONE_START, key));
    return given;
  }

  /**
   * The settings that somebody has added to those that stand in a file for all jobs, by {@code
   * flink run} or by what submits jobs in its place.
   *
   * @param effective what a job is started with
   * @param file what stands in the file
   */
  static Map<String, String> of(Configuration effective, Configuration file) {
    Map<String, String> given = new TreeMap<>(effective.toMap());
    given.entrySet().removeAll(file.toMap().entrySet());
    given.keySet().removeIf(key -> isOneOf(OF_THE_CLIENT, key) || isOfTheCluster(key));
    return of(given);
  }

  private static boolean isOfTheCluster(String key) {
    return OF_THE_CLUSTER.stream().anyMatch(key::startsWith);
  }

  private static boolean isOneOf(List<ConfigOption<?>> options, String key) {
    return options.stream().flatMap(GivenSettings::keys).anyMatch(key::equals);
  }

  /** All names of an option: it may be given by an older one. */
  static Stream<String> keys(ConfigOption<?> option) {
    Stream.Builder<String> keys = Stream.<String>builder().add(option.key());
    for (FallbackKey fallback : option.fallbackKeys()) {
      keys.add(fallback.getKey());
    }
    return keys.build();
  }
}
