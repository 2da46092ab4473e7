package io.datamirror.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPU that a server and its processes have used, those that ended included; Linux only. */
final class ServerCpu {

  // USER_HZ: what /proc counts in, on every Linux that Java runs on.
  private static final double TICKS_PER_SECOND = 100.0;
  private static final int FIRST_TIME = 11;

  private final long server;

  ServerCpu(long server) {
    this.server = server;
  }

  /** Seconds so far; NaN where the system does not tell. */
  double seconds() {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return Double.NaN;
    }
    double ticks = ticks(server, 4);
    for (ProcessHandle child :
        ProcessHandle.of(server).stream().flatMap(ProcessHandle::children).toList()) {
      ticks += ticks(child.pid(), 2);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** utime and stime of a process, and with four also those of its ended children. */
  private static double ticks(long process, int times) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double ticks = 0;
      for (int i = 0; i < times; i++) {
        ticks += Long.parseLong(fields[FIRST_TIME + i]);
      }
      return ticks;
    } catch (IOException e) {
      // It has ended meanwhile: its parent counts it from now on.
      return 0;
    }
  }
}
