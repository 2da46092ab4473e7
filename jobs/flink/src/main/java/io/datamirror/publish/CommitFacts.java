package io.datamirror.publish;

import io.datamirror.lake.LakeKeys;
import org.apache.iceberg.Snapshot;

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

  /** The position that the table is complete to; null if the snapshot carries none. */
  static String position(Snapshot snapshot) {
    return snapshot.summary().get(LakeKeys.POSITION);
  }
}
