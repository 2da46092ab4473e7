package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;

/** The error of a job whose state is older than the lake. */
final class LakeAhead {

  private LakeAhead() {}

  static MirrorException of(String table, long lakeEpoch, long stateEpoch) {
    return new MirrorException(
        ErrorCode.LAKE_AHEAD,
        table,
        "the table holds epoch " + lakeEpoch + ", but the restored state ends at " + stateEpoch,
        "Start with --on-lake-ahead rebuild to go on from the lake, or rollback to take the lake"
            + " back to the savepoint.");
  }
}
