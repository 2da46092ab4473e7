package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;

/** The error of a job whose state is older than the lake. */
final class LakeAhead {

  private LakeAhead() {}

  static MirrorException of(String table, long lakeEpoch, long stateEpoch) {
    return of(
        table,
        "the table holds epoch " + lakeEpoch + ", but the restored state ends at " + stateEpoch);
  }

  /** A later start has changed the table, whatever numbers its epochs have. */
  static MirrorException ofGeneration(String table, long lakeGeneration, long stateGeneration) {
    return of(
        table,
        "generation "
            + lakeGeneration
            + " of the mirror has changed the table, but the restored state is of generation "
            + stateGeneration);
  }

  private static MirrorException of(String table, String sentence) {
    return new MirrorException(
        ErrorCode.LAKE_AHEAD,
        table,
        sentence,
        "Start with --on-lake-ahead rebuild to go on from the lake, or rollback to take the lake"
            + " back to the savepoint.");
  }
}
