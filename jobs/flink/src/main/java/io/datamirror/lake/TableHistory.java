package io.datamirror.lake;

import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What a table tells of the commits of its mirror.
 *
 * <p>The snapshots that the table consists of come first: they follow when somebody rolls the table
 * back. The properties stand in for snapshots that have expired.
 *
 * @param generation the newest start of the mirror
 * @param committedGeneration the start that closed the newest epoch, or changed the table after it;
 *     0 for none
 * @param epoch the newest epoch that the table holds; 0 for none
 * @param commitId the commit of that epoch; empty for none
 * @param position the newest position that the table is complete to; empty for the beginning
 * @param positionEpoch the epoch that was committed with that position; 0 for none
 * @param watermarkMillis the watermark that keys were forgotten by up to the newest epoch, or
 *     {@link Long#MIN_VALUE}
 * @param horizonMillis keys of what is older may be forgotten, whatever lateness held then, or
 *     {@link Long#MIN_VALUE}
 * @param snapshotId the current snapshot; -1 for none
 * @param committedMillis when the newest epoch was committed; 0 for never
 * @param rows how many rows the table has
 */
public record TableHistory(
    long generation,
    long committedGeneration,
    long epoch,
    String commitId,
    String position,
    long positionEpoch,
    long watermarkMillis,
    long horizonMillis,
    long snapshotId,
    long committedMillis,
    long rows) {

  /** Reads the history of a table as it was loaded. */
  public static TableHistory of(Table table) {
    Map<String, String> properties = table.properties();
    Snapshot newest = null;
    Snapshot labelled = null;
    Snapshot stamped = null;
    boolean complete = true;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Map<String, String> summary = snapshot.summary();
      if (newest == null && summary.containsKey(LakeKeys.EPOCH)) {
        newest = snapshot;
      }
      if (stamped == null && summary.containsKey(LakeKeys.GENERATION)) {
        stamped = snapshot;
      }
      if (summary.containsKey(LakeKeys.POSITION)) {
        labelled = snapshot;
        break;
      }
      complete = snapshot.parentId() == null;
    }
    long epoch = newest == null ? orphaned(properties, complete) : number(newest, LakeKeys.EPOCH);
    Label label = label(labelled, properties, epoch, complete);
    Snapshot current = table.currentSnapshot();
    return new TableHistory(
        Generations.generation(properties),
        committedGeneration(stamped, properties, complete),
        epoch,
        commitId(newest, properties, epoch),
        label.position(),
        label.epoch(),
        millis(LakeKeys.WATERMARK, newest, properties, complete),
        millis(LakeKeys.HORIZON, newest, properties, complete),
        current == null ? -1 : current.snapshotId(),
        newest == null ? 0 : Fence.committedMillis(newest),
        rows(table));
  }

  /** Whether the table holds a part of what comes after its position. */
  public boolean beyondPosition() {
    return epoch > positionEpoch;
  }

  private record Label(String position, long epoch) {}

  /** Without a snapshot of ours, the properties count only if snapshots have expired. */
  private static long orphaned(Map<String, String> properties, boolean complete) {
    return complete ? 0 : propertyNumber(properties, LakeKeys.EPOCH);
  }

  private static long committedGeneration(
      Snapshot stamped, Map<String, String> properties, boolean complete) {
    if (stamped != null) {
      return number(stamped, LakeKeys.GENERATION);
    }
    return complete ? 0 : propertyNumber(properties, LakeKeys.COMMITTED_GENERATION);
  }

  private static long millis(
      String key, Snapshot newest, Map<String, String> properties, boolean complete) {
    if (newest != null) {
      return number(newest, key);
    }
    String kept = complete ? null : properties.get(key);
    return kept == null ? Long.MIN_VALUE : Long.parseLong(kept);
  }

  private static String commitId(Snapshot newest, Map<String, String> properties, long epoch) {
    if (newest != null) {
      return newest.summary().getOrDefault(LakeKeys.COMMIT_ID, "");
    }
    return epoch == 0 ? "" : properties.getOrDefault(LakeKeys.COMMIT_ID, "");
  }

  private static Label label(
      Snapshot labelled, Map<String, String> properties, long epoch, boolean complete) {
    if (labelled != null) {
      return new Label(labelled.summary().get(LakeKeys.POSITION), number(labelled, LakeKeys.EPOCH));
    }
    long positionEpoch = propertyNumber(properties, LakeKeys.POSITION_EPOCH);
    if (complete || positionEpoch == 0 || positionEpoch > epoch) {
      return new Label("", 0);
    }
    return new Label(properties.getOrDefault(LakeKeys.POSITION, ""), positionEpoch);
  }

  private static long propertyNumber(Map<String, String> properties, String key) {
    return Long.parseLong(properties.getOrDefault(key, "0"));
  }

  private static long number(Snapshot snapshot, String key) {
    String text = snapshot.summary().get(key);
    return text == null ? Long.MIN_VALUE : Long.parseLong(text);
  }

  /**
   * How many rows readers of a table see: what is compacted has fewer records and no fewer rows.
   */
  public static long rows(Table table) {
    boolean complete = true;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Map<String, String> summary = snapshot.summary();
      if (summary.containsKey(LakeKeys.ROWS)) {
        return number(snapshot, LakeKeys.ROWS);
      }
      if (summary.containsKey(LakeKeys.EPOCH)) {
        return rowsByTotals(table.currentSnapshot());
      }
      complete = snapshot.parentId() == null;
    }
    String kept = complete ? null : table.properties().get(LakeKeys.ROWS);
    return kept == null ? rowsByTotals(table.currentSnapshot()) : Long.parseLong(kept);
  }

  /** Of commits that do not say it: every removal took exactly one row away. */
  private static long rowsByTotals(Snapshot current) {
    if (current == null) {
      return 0;
    }
    Map<String, String> summary = current.summary();
    return Long.parseLong(summary.getOrDefault("total-records", "0"))
        - Long.parseLong(summary.getOrDefault("total-equality-deletes", "0"));
  }
}
