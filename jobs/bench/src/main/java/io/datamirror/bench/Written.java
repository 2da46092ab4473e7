package io.datamirror.bench;

import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** What was written into a table by all of its commits; {@link #UNKNOWN} is what cannot be told. */
record Written(long commits, long files, long dataRows, long deleteRows, long bytes) {

  static final long UNKNOWN = -1;

  static final Written NOTHING = new Written(0, 0, 0, 0, 0);

  /** What of nothing can be told but how often it was committed. */
  static Written inCommits(long commits) {
    return new Written(commits, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
  }

  static Written to(Table table) {
    Written all = NOTHING;
    for (Snapshot snapshot : table.snapshots()) {
      all = all.and(of(snapshot.summary()));
    }
    return all;
  }

  private static Written of(Map<String, String> summary) {
    return new Written(
        1,
        count(summary, "added-data-files") + count(summary, "added-delete-files"),
        count(summary, "added-records"),
        count(summary, "added-equality-deletes") + count(summary, "added-position-deletes"),
        count(summary, "added-files-size"));
  }

  Written and(Written other) {
    return new Written(
        commits + other.commits,
        files + other.files,
        dataRows + other.dataRows,
        deleteRows + other.deleteRows,
        bytes + other.bytes);
  }

  private static long count(Map<String, String> summary, String name) {
    return Long.parseLong(summary.getOrDefault(name, "0"));
  }
}
