package io.datamirror.source;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.Feed.Unread;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Window;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.source.TableState.Current;
import io.datamirror.source.Ticket.Kind;
import io.datamirror.spec.TieRule;
import java.util.List;
import java.util.Optional;

/**
 * How far the reading of one table has come: its phase, the windows that were opened, and what of
 * them readers have and have read.
 */
final class TableCourse {

  private static final long NO_CHECKPOINT = -1;

  private final RevisedPlan table;
  private final Recalled recalled;
  private final Completeness completeness;
  private final HandedOut splits;
  private final TableWindows windows;
  private final TableWatermark watermark;
  private Phase phase;
  private long coveringCheckpoint = NO_CHECKPOINT;

  TableCourse(RevisedPlan table, ScheduleRules rules, TableState state) {
    this.table = table;
    this.recalled = rules.recalled();
    this.completeness = new Completeness(state);
    this.splits = new HandedOut(state.pending(), state.outstanding());
    this.windows = new TableWindows(splits, state);
    this.watermark = new TableWatermark(rules, state.watermarkMillis());
    this.phase = state.phase();
    if (phase == Phase.RECALLED) {
      // The checkpoint that this state comes from is the one that was waited for.
      leaveRecall();
    }
  }

  /** What the lake knows of the table is read first. */
  void begin(LakeStart start) {
    Position first = table.feed().snapshot() == Snapshot.NONE ? Position.BEGINNING : null;
    completeness.startAt(start.position().orElse(first));
    watermark.raise(start.watermarkMillis());
    phase = Phase.RECALL;
    for (int i = 0; i < start.recall().size(); i++) {
      splits.add(new RecallSplit(table.plan().name(), i, start.recall().get(i), Reading.NONE));
    }
    if (splits.none()) {
      leaveRecall();
    }
  }

  private void leaveRecall() {
    phase = last() == null ? Phase.SNAPSHOT : Phase.CHANGES;
  }

  /** Opens the window of the base table. */
  void readSnapshot(Answer.SnapshotPlanned planned, long mirrorWatermarkMillis) {
    if (planned.chunks().isEmpty()) {
      if (phase == Phase.AGAIN) {
        throw Unreadable.impossible(
            table.plan(), "its history was lost, and the spec no longer names one");
      }
      completeness.startAt(Position.BEGINNING);
      phase = Phase.CHANGES;
      return;
    }
    if (!planned.inLake().isEmpty() && table.plan().spec().tie() == TieRule.UPSERT_WINS) {
      throw Unreadable.impossible(
          table.plan(),
          "rows that its base table no longer has cannot be deleted, since by tie: upsert-wins"
              + " a row beats its own deletion");
    }
    phase = Phase.SNAPSHOT;
    String label = completeness.snapshotPlanned(planned.upTo().to(), table);
    WindowFrame frame = frame(planned.upTo(), label, mirrorWatermarkMillis);
    watermark.planned(table.feed(), windows.open(frame, planned.chunks(), planned.inLake()));
  }

  /** All of the base table was read by then, by the source's clock. */
  void endSnapshot(long clockMillis) {
    completeness.snapshotEnded(clockMillis);
    phase = Phase.CHANGES;
  }

  /** Opens a window of changes, unless it says nothing new. */
  void readWindow(Answer.WindowPlanned planned, long mirrorWatermarkMillis) {
    Window window = planned.window();
    Optional<String> label = completeness.windowPlanned(window, table.feed());
    if (label.isPresent()) {
      WindowFrame frame = frame(window, label.get(), mirrorWatermarkMillis);
      watermark.planned(table.feed(), windows.open(frame, planned.chunks(), List.of()));
    } else {
      watermark.settled(table.feed(), window.settledMillis());
    }
  }

  private WindowFrame frame(Window window, String label, long mirrorWatermarkMillis) {
    return new WindowFrame(
        table.plan().name(),
        windows.next(),
        window,
        label,
        mirrorWatermarkMillis,
        watermark.millis(),
        table.revision());
  }

  /** The table was read up to where it should be. */
  void end() {
    phase = Phase.DONE;
  }

  /** The end of the table is not where it was. */
  void goOn() {
    phase = phase == Phase.DONE ? Phase.CHANGES : phase;
  }

  /** See {@link TableSchedule#readAgain}. */
  void readAgain() {
    switch (phase) {
      case START, RECALL, RECALLED, SNAPSHOT -> completeness.startAt(null);
      case AGAIN -> {}
      case SNAPSHOT_READ, CHANGES, DONE, STOPPED -> {
        if (!labelled()) {
          throw Unreadable.lostAgain(table.plan());
        }
        phase = Phase.AGAIN;
      }
    }
    completeness.readAgain();
  }

  /** What is left to read of changes that no reader has; empty when there is nothing. */
  List<Unread> pendingChanges() {
    return splits.pendingChanges();
  }

  /** The next split for a reader; null when there is none now. */
  MirrorSplit take() {
    return splits.take();
  }

  /** Whether a reader had this split, and now has it no more. */
  boolean leftReader(Finished split) {
    return splits.finish(split.splitId());
  }

  /** A split was read to its end. */
  void read(Finished split) {
    windows.read(split).ifPresent(window -> watermark.read(split, window));
    if (splits.none()) {
      allRead();
    }
  }

  private void allRead() {
    Optional<Current> window = windows.close();
    if (phase == Phase.RECALL) {
      phase = Phase.RECALLED;
      if (recalled == Recalled.AT_ONCE) {
        leaveRecall();
      }
    } else if (window.isPresent() && phase == Phase.SNAPSHOT && table.moving()) {
      phase = Phase.SNAPSHOT_READ;
    } else if (window.isPresent()) {
      phase = phase == Phase.SNAPSHOT ? Phase.CHANGES : phase;
      watermark.read(table.feed(), window.get());
    }
  }

  /** A checkpoint begins: if all that the lake knows was read before, it holds that. */
  void checkpointBegins(long checkpointId) {
    if (phase == Phase.RECALLED && coveringCheckpoint == NO_CHECKPOINT) {
      coveringCheckpoint = checkpointId;
    }
  }

  void checkpointCompleted(long checkpointId) {
    if (coveringCheckpoint != NO_CHECKPOINT && checkpointId >= coveringCheckpoint) {
      coveringCheckpoint = NO_CHECKPOINT;
      leaveRecall();
    }
  }

  /**
   * A reader that began again has a split, from before.
   *
   * @return whether the base table has to be ended once more
   */
  boolean reopened(Ticket ticket) {
    splits.takenBy(ticket);
    return unread(ticket.kind());
  }

  /**
   * No reader has a split any more, and it was not read.
   *
   * @return whether the base table has to be ended once more
   */
  boolean givenBack(MirrorSplit split) {
    boolean baseOpen = table.moving() && completeness.snapshotOpen();
    splits.giveBack(baseOpen && split instanceof ChunkSplit chunk ? chunk.withoutLabel() : split);
    return unread(Ticket.of(split).kind());
  }

  private boolean unread(Kind kind) {
    if (kind == Kind.RECALL && phase == Phase.RECALLED) {
      phase = Phase.RECALL;
      coveringCheckpoint = NO_CHECKPOINT;
    }
    boolean ended = table.moving() && (phase == Phase.CHANGES || phase == Phase.DONE);
    if (kind != Kind.SNAPSHOT || !ended) {
      return false;
    }
    // What is read of the base table now may be newer than the windows planned since.
    phase = Phase.SNAPSHOT_READ;
    completeness.snapshotUnread();
    splits.removeLabels();
    return true;
  }

  Phase phase() {
    return phase;
  }

  /** Up to where windows were planned; null before anything was. */
  Position last() {
    return completeness.last();
  }

  /** Whether some window said that the table is complete to {@link #last}. */
  boolean labelled() {
    return completeness.labelled();
  }

  /** Whether everything that was planned was read. */
  boolean allPlannedRead() {
    return splits.none();
  }

  /** Whether no reader has anything of the table. */
  boolean nobodyReads() {
    return splits.open() == splits.pendingCount();
  }

  /** How many splits no reader has. */
  int pending() {
    return splits.pendingCount();
  }

  /** The table's watermark; what is being read again holds it back. */
  long watermarkMillis() {
    return Math.min(watermark.millis(), splits.holdMillis());
  }

  /**
   * @param shown the phase for people
   */
  TableProgress progress(Phase shown) {
    int chunks = windows.current() == null ? 0 : windows.current().chunks();
    return new TableProgress(
        table.plan().name(),
        shown,
        windows.next() - 1,
        Math.max(0, chunks - splits.open()),
        chunks,
        last() == null ? "" : last().text(),
        completeness.settledMillis(),
        0,
        Optional.empty());
  }

  /** What is kept of the table, with what its schedule knows besides. */
  TableState state(Identity identity, Observed target) {
    return new TableState(
        table.plan().name(),
        identity,
        phase,
        last(),
        labelled(),
        windows.next(),
        completeness.snapshotEndMillis(),
        target,
        watermark.millis(),
        windows.current(),
        splits.pending(),
        splits.outstanding(),
        table.revision());
  }
}
