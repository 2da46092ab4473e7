package io.datamirror.bench.child;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What the threads of the virtual machine itself have used, in seconds; nothing where the system
 * does not tell (only Linux does).
 *
 * @param compiling by the compilers
 * @param collecting by the collector of garbage
 */
record RuntimeCpu(double compiling, double collecting) {

  private static final Path THREADS = Path.of("/proc/self/task");
  // USER_HZ: what /proc counts in, on every Linux that Java runs on.
  private static final double TICKS_PER_SECOND = 100.0;
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  static RuntimeCpu now() throws IOException {
    double compiling = 0;
    double collecting = 0;
    if (Files.isDirectory(THREADS)) {
      try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
        for (Path thread : threads) {
          String stat = stat(thread);
          if (stat.contains("CompilerThre")) {
            compiling += seconds(stat);
          } else if (stat.contains("(GC Thread") || stat.contains("(VM Thread")) {
            collecting += seconds(stat);
          }
        }
      }
    }
    return new RuntimeCpu(compiling, collecting);
  }

  /** Empty for a thread that has ended meanwhile. */
  private static String stat(Path thread) throws IOException {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (NoSuchFileException ended) {
      return "";
    }
  }

  private static double seconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  RuntimeCpu since(RuntimeCpu before) {
    return new RuntimeCpu(compiling - before.compiling, collecting - before.collecting);
  }
}
