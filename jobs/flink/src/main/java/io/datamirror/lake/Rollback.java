package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.util.SnapshotUtil;

/** Takes a table back to what it was at the end of an epoch. */
public final class Rollback {

  private Rollback() {}

  /**
   * Makes {@code epoch} or the newest before it the last that {@code table} holds.
   *
   * @throws MirrorException if the snapshot of that time has expired
   */
  public static void to(Table table, String name, long epoch) {
    Snapshot oldest = null;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      String found = snapshot.summary().get(LakeKeys.EPOCH);
      if (found != null && Long.parseLong(found) <= epoch) {
        toSnapshot(table, snapshot);
        return;
      }
      oldest = snapshot;
    }
    if (oldest != null && oldest.parentId() != null) {
      throw new MirrorException(
          ErrorCode.LAKE_AHEAD,
          name,
          "the snapshot of epoch " + epoch + " has expired, so the table cannot go back to it",
          "Start with --on-lake-ahead rebuild to go on from the lake.");
    }
    toNothing(table, epoch);
  }

  private static void toSnapshot(Table table, Snapshot snapshot) {
    Transaction transaction = LookingOperations.of(table).transaction(table.name());
    transaction.manageSnapshots().rollbackTo(snapshot.snapshotId()).commit();
    Map<String, String> summary = snapshot.summary();
    UpdateProperties properties = transaction.updateProperties();
    properties.set(LakeKeys.EPOCH, summary.get(LakeKeys.EPOCH));
    properties.set(LakeKeys.COMMIT_ID, summary.getOrDefault(LakeKeys.COMMIT_ID, ""));
    properties.remove(LakeKeys.POSITION);
    properties.remove(LakeKeys.POSITION_EPOCH);
    properties.commit();
    transaction.commitTransaction();
  }

  /** The table had no snapshot then: all rows go, and the epoch says so. */
  private static void toNothing(Table table, long epoch) {
    Transaction transaction = LookingOperations.of(table).transaction(table.name());
    transaction
        .newDelete()
        .deleteFromRowFilter(Expressions.alwaysTrue())
        .set(LakeKeys.MIRROR, table.properties().getOrDefault(LakeKeys.MIRROR, ""))
        .set(LakeKeys.EPOCH, String.valueOf(epoch))
        .set(LakeKeys.POSITION, "")
        .commit();
    UpdateProperties properties = transaction.updateProperties();
    properties.set(LakeKeys.EPOCH, String.valueOf(epoch));
    properties.remove(LakeKeys.COMMIT_ID);
    properties.remove(LakeKeys.POSITION);
    properties.remove(LakeKeys.POSITION_EPOCH);
    properties.commit();
    transaction.commitTransaction();
  }
}
