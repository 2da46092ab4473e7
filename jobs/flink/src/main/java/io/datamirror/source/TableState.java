package io.datamirror.source;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import java.util.List;
import java.util.Objects;

/**
 * What the enumerator keeps of a table.
 *
 * @param table the table's name in the lake
 * @param identity which incarnation of the source table is being read
 * @param phase what it is being read for
 * @param last up to where windows were planned; null before anything was
 * @param labelled whether some window said that the table is complete to {@code last}
 * @param nextWindow the number of the next window
 * @param snapshotEndMillis the source's clock when its base table had been read; {@link
 *     Long#MIN_VALUE} when there is none to read, {@link Long#MAX_VALUE} while it is being read
 * @param target what a bounded run reads up to; null when that is not known yet, or never ends
 * @param watermarkMillis the table's watermark
 * @param current the window being read, or null
 * @param pending what no reader has
 * @param outstanding what some reader has and has not finished
 * @param revision what it is read with; null for the plan's own feed
 */
public record TableState(
    String table,
    Identity identity,
    Phase phase,
    Position last,
    boolean labelled,
    long nextWindow,
    long snapshotEndMillis,
    Observed target,
    long watermarkMillis,
    Current current,
    List<MirrorSplit> pending,
    List<Ticket> outstanding,
    FeedRevision revision) {

  public TableState {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(phase, "phase");
    pending = List.copyOf(pending);
    outstanding = List.copyOf(outstanding);
  }

  /** The state of a table that is read with the plan's own feed. */
  TableState(
      String table,
      Identity identity,
      Phase phase,
      Position last,
      boolean labelled,
      long nextWindow,
      long snapshotEndMillis,
      Observed target,
      long watermarkMillis,
      Current current,
      List<MirrorSplit> pending,
      List<Ticket> outstanding) {
    this(
        table,
        identity,
        phase,
        last,
        labelled,
        nextWindow,
        snapshotEndMillis,
        target,
        watermarkMillis,
        current,
        pending,
        outstanding,
        null);
  }

  /** A table of which nothing is known. */
  static TableState fresh(String table, Identity identity) {
    return new TableState(
        table,
        identity,
        Phase.START,
        null,
        true,
        1,
        Long.MIN_VALUE,
        null,
        Long.MIN_VALUE,
        null,
        List.of(),
        List.of());
  }

  /**
   * The same for another run of the mirror: how far it reads is found out anew, and so is what it
   * reads with.
   */
  TableState forNewRun() {
    return new TableState(
        table,
        identity,
        phase == Phase.DONE ? Phase.CHANGES : phase,
        last,
        labelled,
        nextWindow,
        snapshotEndMillis,
        null,
        watermarkMillis,
        current,
        pending,
        outstanding);
  }

  /**
   * The window being read.
   *
   * @param number its number
   * @param chunks how many chunks it has
   * @param settledMillis as {@link io.datamirror.feed.Window#settledMillis}
   * @param maxTimeMillis the greatest time in its finished chunks
   */
  public record Current(long number, int chunks, long settledMillis, long maxTimeMillis) {

    Current seen(long timeMillis) {
      return new Current(number, chunks, settledMillis, Math.max(maxTimeMillis, timeMillis));
    }
  }
}
