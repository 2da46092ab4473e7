package io.datamirror.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * What a cluster on this machine is to consist of.
 *
 * @param configuration that of all its processes
 * @param defaults what it would be if nothing was ever told
 * @param taskManagers how many processes do the work
 */
record ClusterPlan(Configuration configuration, Configuration defaults, int taskManagers) {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int SLOTS = 4;

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("jobmanager.memory.process.size", "1 gb"),
          Map.entry("taskmanager.memory.process.size", "1600 mb"),
          Map.entry("taskmanager.memory.managed.size", "128 mb"),
          Map.entry("taskmanager.memory.jvm-overhead.max", "192 mb"),
          Map.entry("execution.checkpointing.interval", "5 s"),
          Map.entry(
              "execution.checkpointing.externalized-checkpoint-retention",
              "RETAIN_ON_CANCELLATION"),
          // Hadoop's shutdown hook outlives the class loader of a job.
          Map.entry("classloader.check-leaked-classloader", "false"),
          Map.entry("restart-strategy.type", "exponential-delay"),
          Map.entry("restart-strategy.exponential-delay.max-backoff", "10 s"));

  /** What is told now over what was told before over what a new cluster is like. */
  static ClusterPlan of(ClusterFiles files, ClusterSettings settings) {
    Configuration defaults = begin(files);
    Configuration configuration = new Configuration(defaults);
    files.configuration().map(kept -> told(kept, files)).ifPresent(configuration::addAll);
    settings
        .slots()
        .ifPresent(slots -> configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, slots));
    settings.port().ifPresent(port -> configuration.set(RestOptions.PORT, port));
    settings.flink().forEach(configuration::setString);
    choosePort(configuration, JobManagerOptions.PORT);
    choosePort(configuration, RestOptions.PORT);
    int taskManagers = settings.taskManagers().or(files::workers).orElse(1);
    return new ClusterPlan(configuration, defaults, taskManagers);
  }

  /**
   * What of a configuration was told or chosen. The rest is as a new cluster was then: the
   * directory may have been moved since, and a release may have other defaults.
   */
  private static Configuration told(Configuration kept, ClusterFiles files) {
    return files
        .defaults()
        .map(defaults -> without(defaults, kept))
        .orElseGet(() -> portsAlone(kept));
  }

  private static Configuration without(Configuration defaults, Configuration kept) {
    Map<String, String> told = new HashMap<>(kept.toMap());
    told.entrySet().removeAll(defaults.toMap().entrySet());
    return Configuration.fromMap(told);
  }

  /** An earlier release does not say what was told, and went on with nothing else. */
  private static Configuration portsAlone(Configuration kept) {
    Configuration ports = new Configuration();
    for (ConfigOption<Integer> port : List.of(JobManagerOptions.PORT, RestOptions.PORT)) {
      kept.getOptional(port).ifPresent(number -> ports.set(port, number));
    }
    return ports;
  }

  private static Configuration begin(ClusterFiles files) {
    Configuration configuration = new Configuration();
    DEFAULTS.forEach(configuration::setString);
    files.addTo(configuration);
    configuration.set(JobManagerOptions.ADDRESS, LOOPBACK);
    configuration.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    configuration.set(TaskManagerOptions.HOST, LOOPBACK);
    configuration.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, SLOTS);
    configuration.set(RestOptions.ADDRESS, "localhost");
    configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    return configuration;
  }

  private static void choosePort(Configuration configuration, ConfigOption<Integer> option) {
    if (!configuration.contains(option)) {
      configuration.set(option, freePort());
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps it for the processes, and for the next start. */
  void write(ClusterFiles files) {
    files.writeConfiguration(configuration);
    files.writeDefaults(defaults);
    files.writeWorkers(taskManagers);
  }
}
