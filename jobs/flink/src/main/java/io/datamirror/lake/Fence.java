package io.datamirror.lake;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What keeps commits out that were begun before a start took over.
 *
 * <p>Most catalogs compare the whole table when they commit, so that a new generation in its
 * properties is enough. A REST catalog compares what a commit itself builds on: for rows, that is
 * the current snapshot. There the start adds a snapshot that changes nothing.
 *
 * <p>It says of the table what the snapshot before it says, since that one may expire while the
 * table stays as it is.
 */
final class Fence {

  /** The catalog's own operations are not public: their package is all that tells. */
  private static final String REST = "org.apache.iceberg.rest.";

  private static final List<String> LABELS =
      List.of(
          LakeKeys.MIRROR,
          LakeKeys.GENERATION,
          LakeKeys.COMMIT_ID,
          LakeKeys.EPOCH,
          LakeKeys.POSITION,
          LakeKeys.WATERMARK,
          LakeKeys.HORIZON,
          LakeKeys.ROWS,
          LakeKeys.RECONCILED);

  private Fence() {}

  /** Whether properties alone keep nobody out. */
  static boolean needed(TableOperations operations) {
    for (Class<?> each = operations.getClass(); each != null; each = each.getSuperclass()) {
      if (each.getName().startsWith(REST)) {
        return true;
      }
    }
    return false;
  }

  /** Adds a snapshot without a change to what the transaction has made of its table. */
  static void add(Transaction transaction, long generation) {
    AppendFiles nothing = transaction.newFastAppend();
    nothing.set(LakeKeys.TAKEN_OVER_BY, String.valueOf(generation));
    Snapshot before = labelled(transaction.table());
    if (before != null) {
      Map<String, String> summary = before.summary();
      LABELS.stream()
          .filter(summary::containsKey)
          .forEach(label -> nothing.set(label, summary.get(label)));
      nothing.set(LakeKeys.COMMITTED_AT, String.valueOf(committedMillis(before)));
    }
    nothing.commit();
  }

  /** When the commit was made that a snapshot speaks of. */
  static long committedMillis(Snapshot snapshot) {
    String stated = snapshot.summary().get(LakeKeys.COMMITTED_AT);
    return stated == null ? snapshot.timestampMillis() : Long.parseLong(stated);
  }

  /** Whether nothing but starts has ever committed to a table. */
  static boolean alone(Table table) {
    if (table.properties().containsKey(LakeKeys.EPOCH)) {
      return false;
    }
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (!snapshot.summary().containsKey(LakeKeys.TAKEN_OVER_BY)) {
        return false;
      }
    }
    return true;
  }

  /** The snapshot that still says what the table holds; null if none does. */
  private static Snapshot labelled(Table table) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Map<String, String> summary = snapshot.summary();
      if (summary.containsKey(LakeKeys.EPOCH) || summary.containsKey(LakeKeys.RECONCILED)) {
        return snapshot;
      }
      boolean same =
          summary.containsKey(LakeKeys.TAKEN_OVER_BY)
              || snapshot.operation().equals(DataOperations.REPLACE);
      if (!same) {
        return null;
      }
    }
    return null;
  }
}
