package io.datamirror.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
 * @param taskManagers how many processes do the work
 */
record ClusterPlan(Configuration configuration, int taskManagers) {

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

  /** What is told now over what was planned before over what a new cluster is like. */
  static ClusterPlan of(ClusterFiles files, ClusterSettings settings) {
    Configuration configuration = begin(files);
    files.configuration().ifPresent(configuration::addAll);
    settings
        .slots()
        .ifPresent(slots -> configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, slots));
    settings.port().ifPresent(port -> configuration.set(RestOptions.PORT, port));
    settings.flink().forEach(configuration::setString);
    choosePort(configuration, JobManagerOptions.PORT);
    choosePort(configuration, RestOptions.PORT);
    return new ClusterPlan(configuration, settings.taskManagers().or(files::workers).orElse(1));
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
    files.writeWorkers(taskManagers);
  }
}
