package io.datamirror.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * How a table came from a snapshot to where it is.
 *
 * @param origin where the steps begin
 * @param steps oldest first; the snapshots of one commit together
 * @param base the snapshot before the steps; null if there was none, or none is known
 */
record Lineage(Origin origin, List<Step> steps, Snapshot base) {

  /** Where the steps begin. */
  enum Origin {
    /** At the snapshot that was asked for. */
    SNAPSHOT,
    /** At the beginning of the table: it does not come from the snapshot that was asked for. */
    BEGINNING,
    /** After snapshots that have expired. */
    UNKNOWN
  }

  /** The snapshots that one commit made, in their order; visible together. */
  record Step(List<Snapshot> snapshots) {

    Snapshot last() {
      return snapshots.get(snapshots.size() - 1);
    }

    /** Whether an epoch of the mirror was committed, and not something done by somebody else. */
    boolean ofMirror() {
      return CommitFacts.commitId(last()) != null;
    }
  }

  /** The way of a table, as it was loaded, from a snapshot or from its beginning. */
  static Lineage since(Table table, long snapshot) {
    Deque<Snapshot> path = new ArrayDeque<>();
    Snapshot next = table.currentSnapshot();
    while (next != null) {
      if (next.snapshotId() == snapshot) {
        return new Lineage(Origin.SNAPSHOT, steps(path), next);
      }
      path.addFirst(next);
      Long parent = next.parentId();
      if (parent == null) {
        return new Lineage(Origin.BEGINNING, steps(path), null);
      }
      if (parent == snapshot) {
        return new Lineage(Origin.SNAPSHOT, steps(path), table.snapshot(snapshot));
      }
      next = table.snapshot(parent);
    }
    return new Lineage(path.isEmpty() ? Origin.BEGINNING : Origin.UNKNOWN, steps(path), null);
  }

  private static List<Step> steps(Deque<Snapshot> path) {
    List<Step> steps = new ArrayList<>();
    List<Snapshot> open = new ArrayList<>();
    for (Snapshot snapshot : path) {
      String commit = CommitFacts.commitId(snapshot);
      boolean same =
          !open.isEmpty()
              && commit != null
              && Objects.equals(commit, CommitFacts.commitId(open.get(0)));
      if (!same && !open.isEmpty()) {
        steps.add(new Step(List.copyOf(open)));
        open.clear();
      }
      open.add(snapshot);
    }
    if (!open.isEmpty()) {
      steps.add(new Step(List.copyOf(open)));
    }
    return steps;
  }

  /**
   * What the table was taken back from: the snapshots from {@code snapshot} back to the newest one
   * that the table still comes from, newest first.
   */
  static List<Snapshot> undone(Table table, Snapshot snapshot) {
    Set<Long> kept = new HashSet<>();
    for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
      kept.add(at.snapshotId());
    }
    List<Snapshot> undone = new ArrayList<>();
    for (Snapshot at = snapshot; at != null; at = parent(table, at)) {
      if (kept.contains(at.snapshotId())) {
        break;
      }
      undone.add(at);
    }
    return undone;
  }

  private static Snapshot parent(Table table, Snapshot snapshot) {
    return snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId());
  }
}
