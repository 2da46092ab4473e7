package io.datamirror.publish;

import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.TableHistory;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** What a snapshot says of the commit that made it. */
final class CommitFacts {

  private CommitFacts() {}

  /** The commit of an epoch; null if the snapshot was made by something else. */
  static String commitId(Snapshot snapshot) {
    return snapshot.summary().get(LakeKeys.COMMIT_ID);
  }

  /** The epoch; 0 for none. */
  static long epoch(Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().getOrDefault(LakeKeys.EPOCH, "0"));
  }

  /**
   * The newest epoch that a table holds at a snapshot, whoever made that one; 0 for none, or if it
   * is not known any more.
   */
  static long epochAt(Table table, Snapshot snapshot) {
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      if (each.summary().containsKey(LakeKeys.EPOCH)) {
        return epoch(each);
      }
    }
    // The table's properties know it of the table as it is, if such snapshots have expired.
    boolean current = snapshot.equals(table.currentSnapshot());
    return current ? TableHistory.of(table).epoch() : 0;
  }

  /** The position that the table is complete to; null if the snapshot carries none. */
  static String position(Snapshot snapshot) {
    return snapshot.summary().get(LakeKeys.POSITION);
  }
}
