package io.datamirror.bench.child;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What this process has used since its clocks were started.
 *
 * <p>At each start and at the end it waits until its parent has looked at the database: the process
 * writes a line, and goes on when it is answered.
 */
public final class Meter {

  private static final double NANOS = 1e9;
  private static final BufferedReader ANSWERS =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private static long changesBefore;
  private static long cpuNanos;
  private static long wallNanos;
  private static RuntimeCpu runtime;

  private Meter() {}

  /**
   * Starts the clocks, or starts them again: nothing counts that came before.
   *
   * @param changes that were read before, and do not count either
   */
  public static void start(long changes) throws IOException {
    await("begin");
    changesBefore = changes;
    runtime = RuntimeCpu.now();
    cpuNanos = processCpuNanos();
    wallNanos = System.nanoTime();
  }

  /** Stops the clocks and tells what they show. */
  static void stop(Properties result) throws IOException {
    long cpu = processCpuNanos() - cpuNanos;
    long wall = System.nanoTime() - wallNanos;
    RuntimeCpu used = RuntimeCpu.now().since(runtime);
    await("end");
    result.setProperty("changes-before", Long.toString(changesBefore));
    result.setProperty("cpu-seconds", Double.toString(cpu / NANOS));
    result.setProperty("wall-seconds", Double.toString(wall / NANOS));
    result.setProperty("compiling-seconds", Double.toString(used.compiling()));
    result.setProperty("collecting-seconds", Double.toString(used.collecting()));
  }

  /** The CPU that this process has used since it began, in all of its threads. */
  public static long processCpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void await(String what) throws IOException {
    System.out.println("bench:" + what);
    if (ANSWERS.readLine() == null) {
      throw new IOException("the parent is gone");
    }
  }
}
