package io.datamirror.cli;

import io.datamirror.lake.LakeKeys;
import io.datamirror.resolve.Counts;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What one start of a mirror did to one table, told by the snapshots that it committed.
 *
 * @param counts outcomes of changes
 * @param commits how many epochs were committed
 * @param lastMillis when the last of them was committed; 0 for none
 */
record RunCounts(Counts counts, long commits, long lastMillis) {

  /** Sums up the snapshots of one generation. */
  static RunCounts of(Table table, long generation) {
    Counts counts = Counts.NONE;
    Set<String> epochs = new HashSet<>();
    long lastMillis = 0;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Map<String, String> summary = snapshot.summary();
      if (!String.valueOf(generation).equals(summary.get(LakeKeys.GENERATION))) {
        continue;
      }
      counts = counts.plus(counts(summary));
      epochs.add(summary.getOrDefault(LakeKeys.EPOCH, ""));
      lastMillis = Math.max(lastMillis, snapshot.timestampMillis());
    }
    return new RunCounts(counts, epochs.size(), lastMillis);
  }

  private static Counts counts(Map<String, String> summary) {
    return new Counts(
        number(summary, LakeKeys.UPSERTS),
        number(summary, LakeKeys.DELETES),
        number(summary, LakeKeys.SUPERSEDED),
        number(summary, LakeKeys.NO_OP),
        number(summary, LakeKeys.LATE),
        number(summary, LakeKeys.REJECTED),
        number(summary, LakeKeys.CONFLICTS));
  }

  private static long number(Map<String, String> summary, String key) {
    return Long.parseLong(summary.getOrDefault(key, "0"));
  }

  /** The header of {@link #cells}. */
  static final String[] HEADER = {
    "table",
    "rows",
    "upserts",
    "deletes",
    "superseded",
    "unchanged",
    "late",
    "rejected",
    "commits",
    "seconds"
  };

  /** The counts for people. */
  Object[] cells(String table, long rows, long startMillis) {
    return new Object[] {
      table,
      rows,
      counts.upserts(),
      counts.deletes(),
      counts.superseded(),
      counts.noOps(),
      counts.late(),
      counts.rejected(),
      commits,
      Seconds.between(startMillis, lastMillis)
    };
  }

  /** The counts for programs. */
  Map<String, Object> document(String table, long rows, long startMillis) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("table", table);
    document.put("rows", rows);
    document.put("upserts", counts.upserts());
    document.put("deletes", counts.deletes());
    document.put("superseded", counts.superseded());
    document.put("unchanged", counts.noOps());
    document.put("late", counts.late());
    document.put("rejected", counts.rejected());
    document.put("conflicts", counts.conflicts());
    document.put("commits", commits);
    document.put("seconds", Double.valueOf(Seconds.between(startMillis, lastMillis)));
    return document;
  }
}
