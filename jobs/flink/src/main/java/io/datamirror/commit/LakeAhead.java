package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.TableHistory;

/** The error of a job whose state is older than the lake. */
final class LakeAhead {

  private LakeAhead() {}

  static MirrorException of(String table, long lakeEpoch, long stateEpoch) {
    return of(
        table,
        "the table holds epoch " + lakeEpoch + ", but the restored state ends at " + stateEpoch);
  }

  /** The job failed while it stopped, when the last epoch had begun to be committed. */
  static MirrorException ofStop(String table, long lakeEpoch, long stateEpoch) {
    return new MirrorException(
        ErrorCode.LAKE_AHEAD,
        table,
        "the table holds epoch "
            + lakeEpoch
            + ", but the restored state ends at "
            + stateEpoch
            + ": the job failed while it stopped, after its savepoint",
        "Start it from the savepoint that it was stopped with, or without one: then it goes on from"
            + " the lake.");
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

  /** An older start's epoch came to the table after the state's own start had begun without it. */
  static MirrorException ofFork(String table, TableHistory lake, CommitState state) {
    return of(
        table,
        "generation "
            + lake.committedGeneration()
            + " has committed epoch "
            + lake.epoch()
            + ", but generation "
            + state.generation()
            + ", whose state is restored, had begun at epoch "
            + state.sinceEpoch()
            + " without it");
  }

  /** Another attempt of the state's own start has closed an epoch anew. */
  static MirrorException ofAttempt(String table, long lakeEpoch) {
    return of(
        table,
        "the table holds an epoch "
            + lakeEpoch
            + " that the job closed anew after a failure, with other changes than the restored"
            + " state knows");
  }

  /**
   * A table that the state knows nothing of would be taken back to nothing, while its readers have
   * begun already where the lake was.
   */
  static MirrorException ofStranger(String table) {
    return new MirrorException(
        ErrorCode.LAKE_AHEAD,
        table,
        "the savepoint does not have this table, and was not to be read where the job was submitted,"
            + " so that the table cannot be taken back before the job begins",
        "Submit the job where the savepoint can be read, or start with --on-lake-ahead rebuild.");
  }

  /** A table that the state knows nothing of holds a part of a window that was not completed. */
  static MirrorException ofPart(String table) {
    return new MirrorException(
        ErrorCode.LAKE_AHEAD,
        table,
        "the savepoint does not have this table, and the lake holds a part of what came after its"
            + " position",
        "Start without the savepoint: that takes the table back to its position, and goes on from"
            + " the lake.");
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
