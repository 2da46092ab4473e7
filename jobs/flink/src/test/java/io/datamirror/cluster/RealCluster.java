package io.datamirror.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CoreOptions;

/**
 * A cluster of real processes for a test, out of the jars of the build; ended when it is closed.
 */
public final class RealCluster implements AutoCloseable {

  private static final long TOOL_MINUTES = 4;

  /**
   * The processes of a test end before the second compiler has paid for itself, and need more room
   * for code than the first one has alone.
   */
  public static final String FIRST_COMPILER_ONLY =
      "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m";

  private final LocalCluster cluster;
  private final ClusterAddress address;

  private RealCluster(LocalCluster cluster, ClusterSettings settings) {
    this.cluster = cluster;
    try {
      this.address = cluster.start(home(), settings);
    } catch (RuntimeException e) {
      cluster.stop();
      throw e;
    }
  }

  /** What a tool printed, and how it ended. */
  public record Output(int exitCode, String text) {}

  /** Starts a cluster that keeps everything in a directory. */
  public static RealCluster start(Path directory, ClusterSettings settings) {
    Map<String, String> quick = new HashMap<>(settings.flink());
    quick.put(CoreOptions.FLINK_JVM_OPTIONS.key(), FIRST_COMPILER_ONLY);
    return new RealCluster(LocalCluster.in(directory), settings.with(quick));
  }

  /** The jars of the build. */
  public static FlinkHome home() {
    return FlinkHome.assembled(dist());
  }

  public static Path jar() {
    return dist().resolve("data-mirror.jar");
  }

  private static Path dist() {
    return Path.of(System.getProperty("mirror.dist"));
  }

  public LocalCluster cluster() {
    return cluster;
  }

  public ClusterAddress address() {
    return address;
  }

  /** Kills a process as the kernel would, and waits until it is gone. */
  public void kill(String process) {
    ProcessHandle handle = cluster.processes().get(process);
    handle.destroyForcibly();
    handle.onExit().join();
  }

  /** Starts again what was killed, as it was. */
  public void restart() {
    cluster.start(home(), ClusterSettings.UNCHANGED);
  }

  /** Runs {@code flink} or {@code sql-client.sh} of this cluster to its end. */
  public Output tool(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(cluster.bin().resolve(name).toString());
    command.addAll(List.of(arguments));
    return run(command, Map.of("JDK_JAVA_OPTIONS", FIRST_COMPILER_ONLY));
  }

  /** Runs a command to its end. */
  static Output run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("mirror-test-", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(TOOL_MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      String text = Files.readString(output, UTF_8);
      if (!ended) {
        throw new AssertionError(command + " does not end: " + text);
      }
      return new Output(process.exitValue(), text);
    } finally {
      Files.delete(output);
    }
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
