package io.datamirror.bench.child;

import io.datamirror.bench.Directories;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Measures one task in this process, which does nothing else: on the short table until all is warm,
 * so that what is loaded and compiled once does not count, then on the long one.
 */
public final class ChildMain {

  private static final String WARM_UP = "warm-up";

  private ChildMain() {}

  /** Ends the process in any case: threads of others do not keep it. */
  public static void main(String[] arguments) {
    endWithParent();
    try {
      measure(Order.read(Path.of(arguments[0])));
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void measure(Order order) throws Exception {
    Path directory = Path.of(order.text("directory"));
    Task task =
        (Task) Class.forName(order.text("task")).getConstructor(Order.class).newInstance(order);
    warmUp(task, order, directory.resolve(WARM_UP));
    System.gc();
    Properties result = new Properties();
    Meter.start(0);
    task.run(order.text("measured"), Files.createDirectories(directory.resolve("measured")));
    Meter.stop(result);
    result.setProperty("peak-bytes", Long.toString(peakBytes()));
    task.describe(directory.resolve("measured"), result);
    try (Writer writer = Files.newBufferedWriter(directory.resolve("result.properties"))) {
      result.store(writer, null);
    }
  }

  private static void warmUp(Task task, Order order, Path directory) throws Exception {
    WarmUp warmUp = WarmUp.ofSeconds(order.number("warm-up-seconds"));
    long begunNanos = System.nanoTime();
    int rounds = 0;
    do {
      Path lake = directory.resolve(Integer.toString(rounds++));
      task.run(order.text(WARM_UP), Files.createDirectories(lake));
      // What is still to be written to disk of it would be written while others are measured.
      Directories.empty(lake);
    } while (!warmUp.isEnough(rounds, System.nanoTime() - begunNanos));
  }

  /** A contender whose parent was killed would go on and disturb whatever is measured next. */
  private static void endWithParent() {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    Thread watcher =
        new Thread(
            () -> {
              parent.onExit().join();
              Runtime.getRuntime().halt(1);
            },
            "bench-parent");
    watcher.setDaemon(true);
    watcher.start();
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
