package io.datamirror.cli;

import java.util.Locale;

/** Durations for people. */
final class Seconds {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Seconds() {}

  /** Seconds with one digit after the point; 0.0 when the end is not after the start. */
  static String between(long startMillis, long endMillis) {
    return String.format(Locale.ROOT, "%.1f", Math.max(0, endMillis - startMillis) / 1000.0);
  }

  /** A duration in the two greatest units that say something, such as {@code 2 h 5 m}. */
  static String rough(long millis) {
    long seconds = Math.max(0, millis) / 1000;
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    if (seconds < HOUR) {
      return seconds / MINUTE + " m " + seconds % MINUTE + " s";
    }
    if (seconds < DAY) {
      return seconds / HOUR + " h " + seconds % HOUR / MINUTE + " m";
    }
    return seconds / DAY + " d " + seconds % DAY / HOUR + " h";
  }
}
