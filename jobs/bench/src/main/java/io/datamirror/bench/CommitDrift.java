package io.datamirror.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Whether the end of an epoch costs more the more of them there were. */
final class CommitDrift {

  /** What the threads are called that commit. */
  private static final String COMMITS = "mirror-commit";

  /** Fewer epochs have no quarters worth comparing. */
  private static final int LEAST_EPOCHS = 40;

  private static final double NANOS_PER_MILLI = 1e6;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<Cost> costs = new ArrayList<>();
  private Cost begun;

  /** Of one epoch's end, or what the clocks said when it began. */
  private record Cost(long commitNanos, long wallNanos) {}

  /** Forgets all epochs. */
  void restart() {
    costs.clear();
  }

  /** The changes of an epoch have been read. */
  void begin() {
    begun = now();
  }

  /** They can be read in the lake. */
  void end() {
    Cost now = now();
    costs.add(new Cost(now.commitNanos - begun.commitNanos, now.wallNanos - begun.wallNanos));
  }

  private Cost now() {
    long nanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(COMMITS)) {
        nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return new Cost(nanos, System.nanoTime());
  }

  /** Tells of the second quarter of the epochs, when all is warm, and of the last. */
  void describe(Properties result) {
    int epochs = costs.size();
    if (epochs >= LEAST_EPOCHS) {
      describe(result, "second", costs.subList(epochs / 4, epochs / 2));
      describe(result, "last", costs.subList(epochs - epochs / 4, epochs));
    }
  }

  private static void describe(Properties result, String name, List<Cost> quarter) {
    StreamedTask.put(
        result,
        "CPU-milliseconds to commit an epoch, " + name + " quarter",
        quarter.stream().mapToLong(Cost::commitNanos).average().orElseThrow() / NANOS_PER_MILLI);
    long[] wall = quarter.stream().mapToLong(Cost::wallNanos).sorted().toArray();
    StreamedTask.put(
        result,
        "milliseconds from read to readable, " + name + " quarter, p50",
        wall[wall.length / 2] / NANOS_PER_MILLI);
  }
}
