package io.datamirror.bench.child;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Measures one task in this process, which does nothing else: once on the short table, so that what
 * is loaded and compiled once does not count, then on the long one.
 *
 * <p>It stops before and after what is measured until its parent says so, who looks at the database
 * meanwhile.
 */
public final class ChildMain {

  private static final double NANOS = 1e9;

  private ChildMain() {}

  public static void main(String[] arguments) throws Exception {
    Order order = Order.read(Path.of(arguments[0]));
    Path directory = Path.of(order.text("directory"));
    Task task =
        (Task) Class.forName(order.text("task")).getConstructor(Order.class).newInstance(order);
    task.run(order.text("warm-up"), Files.createDirectories(directory.resolve("warm-up")));
    System.gc();
    await("begin");
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    task.run(order.text("measured"), Files.createDirectories(directory.resolve("measured")));
    long cpuNanos = system.getProcessCpuTime() - cpu;
    long wallNanos = System.nanoTime() - wall;
    await("end");
    Properties result = new Properties();
    result.setProperty("cpu-seconds", Double.toString(cpuNanos / NANOS));
    result.setProperty("wall-seconds", Double.toString(wallNanos / NANOS));
    result.setProperty("peak-bytes", Long.toString(peakBytes()));
    task.describe(directory.resolve("measured"), result);
    try (Writer writer = Files.newBufferedWriter(directory.resolve("result.properties"))) {
      result.store(writer, null);
    }
    // Threads of others do not keep the process.
    System.exit(0);
  }

  private static void await(String what) throws IOException {
    System.out.println("bench:" + what);
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
  }

  /** The most memory that this process had at once; -1 where the system does not tell. */
  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElse(-1);
  }
}
