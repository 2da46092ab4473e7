package io.datamirror.bench.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux says of a process or a thread in a file {@code stat}: its name, and the CPU that it
 * has used.
 */
public final class ProcStat {

  // USER_HZ: what /proc counts in, on every Linux that Java runs on.
  private static final double TICKS_PER_SECOND = 100.0;
  private static final int FIRST_TIME = 11;
  private static final int OWN_TIMES = 2;
  private static final int ALL_TIMES = 4;

  private static final ProcStat ENDED = new ProcStat("");

  private final String text;

  private ProcStat(String text) {
    this.text = text;
  }

  /** Whether the system tells at all. */
  public static boolean told() {
    return Files.isDirectory(Path.of("/proc/self"));
  }

  /**
   * What is said under a directory; nothing, and no CPU, of what has ended meanwhile.
   *
   * @param directory that of a process or a thread
   */
  public static ProcStat of(Path directory) {
    try {
      return new ProcStat(Files.readString(directory.resolve("stat")));
    } catch (IOException ended) {
      return ENDED;
    }
  }

  /** Whether its name begins like this. */
  boolean isNamed(String start) {
    return text.contains("(" + start);
  }

  /** The CPU in user and system mode. */
  public double seconds() {
    return seconds(OWN_TIMES);
  }

  /** The same with that of the children that have ended. */
  public double secondsWithEnded() {
    return seconds(ALL_TIMES);
  }

  private double seconds(int times) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    double ticks = 0;
    for (int i = 0; i < times; i++) {
      ticks += Long.parseLong(fields[FIRST_TIME + i]);
    }
    return ticks / TICKS_PER_SECOND;
  }
}
