package io.datamirror.source;

import io.datamirror.feed.Window;
import io.datamirror.stream.MirrorRecord.Progress;
import java.util.Objects;

/**
 * A window of one table as it was frozen when it was planned. The same at every replay.
 *
 * @param table the table's name in the lake
 * @param number counts the windows of the table from 1, without gaps; a snapshot is one too
 * @param bounds what of the table's history it covers; of a snapshot, up to where the history is
 *     contained in it
 * @param label the position that the table is complete to when this window and all before it were
 *     read; empty when it is not known to be complete to any
 * @param watermarkMillis the watermark of the mirror when the window was planned
 * @param holdMillis the watermark of the table when the window was planned
 * @param revision what it is read with; null for the plan's own feed
 */
public record WindowFrame(
    String table,
    long number,
    Window bounds,
    String label,
    long watermarkMillis,
    long holdMillis,
    FeedRevision revision) {

  public WindowFrame {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(bounds, "bounds");
    Objects.requireNonNull(label, "label");
  }

  /** A window that is read with the plan's own feed. */
  WindowFrame(
      String table,
      long number,
      Window bounds,
      String label,
      long watermarkMillis,
      long holdMillis) {
    this(table, number, bounds, label, watermarkMillis, holdMillis, null);
  }

  /**
   * How far one of its parts was read.
   *
   * @param tableNumber the number that stands for the table
   */
  Progress progress(int tableNumber, Progress.Step step, int part, int parts) {
    return new Progress(tableNumber, step, number, part, parts, label, watermarkMillis);
  }

  /**
   * When what it tells is known, whatever times its rows have: not before the table's own watermark
   * then, so that it is never late.
   */
  long knownMillis() {
    return Math.max(bounds.settledMillis(), holdMillis);
  }

  WindowFrame withoutLabel() {
    return new WindowFrame(table, number, bounds, "", watermarkMillis, holdMillis, revision);
  }
}
