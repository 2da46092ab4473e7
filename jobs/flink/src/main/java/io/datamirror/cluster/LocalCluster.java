package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;

/**
 * A cluster of processes on this machine: one job manager, some task managers. It listens on the
 * loopback interface alone, and everything that it keeps is in one directory: {@code conf}, {@code
 * log}, {@code pids}, {@code checkpoints}, {@code savepoints}, and in {@code bin} Flink's tools,
 * which speak to this cluster.
 *
 * <p>The processes live on when the one that started them ends.
 */
public final class LocalCluster {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 200;
  private static final String JOB_MANAGER = "jobmanager";

  private final ClusterFiles files;

  private LocalCluster(Path directory) {
    this.files = new ClusterFiles(directory);
  }

  /** The cluster of a directory, whether it runs or not. */
  public static LocalCluster in(Path directory) {
    return new LocalCluster(directory);
  }

  /**
   * Starts what does not run yet: all of it, or what was killed, at the same addresses and with the
   * same settings as before where no others are given. What runs goes on as it began. Returns when
   * every task manager has registered.
   *
   * @return the REST address
   */
  public ClusterAddress start(FlinkHome home, ClusterSettings settings) {
    ClusterPlan plan = ClusterPlan.of(files, settings);
    Configuration configuration = plan.configuration();
    requireSamePort(RestOptions.PORT, configuration, settings);
    requireSamePort(JobManagerOptions.PORT, configuration, settings);
    files.create();
    plan.write(files);
    files.writeTools(home, java(), opens());
    ClusterAddress address = address(configuration);
    ProcessStarter starter = new ProcessStarter(files, home, java(), opens(), configuration);
    List<String> started = new ArrayList<>();
    if (!daemon(JOB_MANAGER).alive()) {
      starter.startJobManager(JOB_MANAGER);
      started.add(JOB_MANAGER);
    }
    try (ClusterClient client = ClusterClient.of(address)) {
      await(client, JOB_MANAGER, count -> true);
      for (int number = 1; number <= plan.taskManagers(); number++) {
        String name = ClusterFiles.TASK_MANAGER + number;
        if (!daemon(name).alive()) {
          starter.startTaskManager(name);
          started.add(name);
        }
      }
      String last = started.isEmpty() ? JOB_MANAGER : started.get(started.size() - 1);
      await(client, last, count -> count >= plan.taskManagers());
    }
    return address;
  }

  /** A job manager that lives goes on listening where it does. */
  private void requireSamePort(
      ConfigOption<Integer> option, Configuration wanted, ClusterSettings settings) {
    Optional<Configuration> running =
        daemon(JOB_MANAGER).alive() ? files.configuration() : Optional.empty();
    if (running.filter(known -> !known.get(option).equals(wanted.get(option))).isPresent()) {
      boolean byKey = settings.flink().containsKey(option.key());
      String host = running.get().get(RestOptions.ADDRESS);
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          byKey ? "-D " + option.key() : "--port " + wanted.get(option),
          "the cluster of this directory runs already, at "
              + new ClusterAddress(host, running.get().get(option)),
          "Leave it out, stop the cluster first, or give this one another directory.");
    }
  }

  private void await(ClusterClient client, String process, Predicate<Integer> enough) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (registered(client).filter(enough::test).isEmpty()) {
      if (!daemon(process).alive() || System.nanoTime() > end) {
        throw new MirrorException(
            ErrorCode.CLUSTER_NOT_STARTED,
            process,
            "the process does not come up",
            "Read its log in " + files.log() + ".");
      }
      pause();
    }
  }

  /** How many task managers are registered; empty if nobody answers. */
  private static Optional<Integer> registered(ClusterClient client) {
    try {
      return Optional.of(client.overview().taskManagers());
    } catch (MirrorException e) {
      return Optional.empty();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Ends all processes. Checkpoints, savepoints and logs stay. */
  public void stop() {
    List<Path> pidFiles = new ArrayList<>(files.pidFiles().values());
    // Task managers first: without their job manager they would wait for it.
    Collections.reverse(pidFiles);
    pidFiles.forEach(file -> Daemon.at(file).stop());
  }

  /** The processes that live, by their names. */
  public Map<String, ProcessHandle> processes() {
    Map<String, ProcessHandle> processes = new TreeMap<>();
    files
        .pidFiles()
        .forEach(
            (name, file) ->
                Daemon.at(file).process().ifPresent(process -> processes.put(name, process)));
    return processes;
  }

  /** The REST address; empty if no cluster was started in this directory. */
  public Optional<ClusterAddress> address() {
    return files.configuration().map(LocalCluster::address);
  }

  private static ClusterAddress address(Configuration configuration) {
    return new ClusterAddress(
        configuration.get(RestOptions.ADDRESS), configuration.get(RestOptions.PORT));
  }

  /** Where the tools of Flink for this cluster are. */
  public Path bin() {
    return files.bin();
  }

  public Path logs() {
    return files.log();
  }

  public Path checkpoints() {
    return files.checkpoints();
  }

  public Path savepoints() {
    return files.savepoints();
  }

  private Daemon daemon(String name) {
    return Daemon.at(files.pids().resolve(name + ".pid"));
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The packages that this process was given to look into: Flink needs them everywhere. */
  private static List<String> opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .toList();
  }
}
