package io.datamirror.cli;

import java.util.Locale;

/** Says every few seconds how many rows were read, so that nobody wonders. */
final class Heartbeat {
  private static final long SILENCE_MILLIS = 9_000;

  private final String table;
  private final Console console;
  private long rows;
  private long toldMillis = System.currentTimeMillis();

  Heartbeat(String table, Console console) {
    this.table = table;
    this.console = console;
  }

  /** More rows were read. */
  void read(long more) {
    rows += more;
    long now = System.currentTimeMillis();
    if (now - toldMillis >= SILENCE_MILLIS) {
      toldMillis = now;
      console.say(String.format(Locale.ROOT, "  %s: %,d rows compared", table, rows));
    }
  }
}
