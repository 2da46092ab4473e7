package io.datamirror.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened, for people: kept only when a seed is run again because it failed. */
final class Trace {

  private static final int MOST_LINES = Integer.getInteger("simulator.trace-lines", 400);

  private final boolean kept;
  private final List<String> lines = new ArrayList<>();
  private long steps;

  Trace(boolean kept) {
    this.kept = kept;
  }

  void step() {
    steps++;
  }

  /** A line with {@code %s} for each part; costs next to nothing when nothing is kept. */
  void add(String line, Object... parts) {
    if (kept) {
      lines.add(steps + ": " + String.format(line, parts));
    }
  }

  /** The last lines. */
  String text() {
    int from = Math.max(0, lines.size() - MOST_LINES);
    return String.join("\n", lines.subList(from, lines.size()));
  }
}
