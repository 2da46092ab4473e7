package io.datamirror.simulation;

/**
 * Ways to break the protocol. The simulation must find each of them: so we know that it would
 * notice if the rule that stands against it were broken.
 */
enum Flaw {
  /** Two flushes of one subtask in one epoch become one batch. */
  FLUSHES_MERGED,
  /** Every attempt to commit makes up a commit id of its own. */
  COMMIT_ID_PER_ATTEMPT,
  /** After an unknown outcome the commit is made again without a look at the table. */
  COMMITTED_AGAIN_BLINDLY,
  /** An unknown outcome is taken for a success. */
  UNKNOWN_TAKEN_FOR_DONE,
  /** What was closed and is not committed is left out of the checkpoint. */
  PENDING_NOT_KEPT,
  /** A table gets the position of a window that has begun and is not done. */
  LABEL_IN_MID_WINDOW,
  /** Tasks do not wait for the barriers of all their inputs. */
  BARRIERS_NOT_ALIGNED,
  /** What is folded in memory is not flushed before the barrier. */
  NO_FLUSH_BEFORE_BARRIER,
  /** A reader that begins again skips as many rows as it delivered, in whatever order they come. */
  RESUME_BY_ROW_NUMBER,
  /** A reader's windows end at the head of the log as it is when they are read. */
  WINDOWS_NOT_FROZEN,
  /** After a start from the lake, windows may end before what the tables hold already. */
  SHORT_WINDOWS_AFTER_START,
  /** A start from the lake recalls nothing. */
  NO_RECALL,
  /** A start from the lake recalls the rows only. */
  NO_TOMBSTONES_ON_RECALL,
  /** A start from the lake takes the tombstones as they are, also of epochs that tables lack. */
  TOMBSTONES_NOT_RECONCILED,
  /** A start from the lake leaves entries in the ledger whose changes it reads once more. */
  LEDGER_NOT_RECONCILED,
  /** What a start from the lake undoes there leaves no trace for older states to see. */
  RECONCILED_WITHOUT_TRACE,
  /** Changes are read while the recall is still on its way. */
  CHANGES_BESIDE_RECALL,
  /** A restored resolver begins with no watermark. */
  WATERMARK_NOT_RESTORED,
  /** A start from the lake begins with no watermark. */
  WATERMARK_NOT_RECALLED,
  /** A start from the lake begins with the watermark of the table that is furthest behind. */
  WATERMARK_OF_SLOWEST_TABLE,
  /** A commit tells the watermark of its windows, not the one that keys were forgotten by. */
  WATERMARK_OF_WINDOWS,
  /** Tables are committed without waiting for the tombstones and the ledger of their epoch. */
  TABLES_BEFORE_TOMBSTONES,
  /** Tables wait for the tombstones of their own epoch, but not for those of epochs before it. */
  OLDER_TOMBSTONES_NOT_AWAITED,
  /** Nothing stops a job when a newer one has taken over. */
  NO_FENCE,
  /** A start takes its generation before it looks whether its state fits the lake. */
  FENCED_BEFORE_THE_LOOK,
  /** A job goes on from a state that is older than the lake. */
  OLD_STATE_ACCEPTED,
  /** Whether a state is older than the lake is told by numbers of epochs, not by generations. */
  STATE_COMPARED_BY_EPOCH_ALONE,
  /** What an older start has committed after a newer one had begun is not missed in its state. */
  FORK_NOT_NOTICED;

  /** Whether it does harm only where keys are forgotten. */
  boolean harmsForgetting() {
    return switch (this) {
      case WATERMARK_NOT_RESTORED,
          WATERMARK_NOT_RECALLED,
          WATERMARK_OF_SLOWEST_TABLE,
          WATERMARK_OF_WINDOWS ->
          true;
      case FLUSHES_MERGED,
          COMMIT_ID_PER_ATTEMPT,
          COMMITTED_AGAIN_BLINDLY,
          UNKNOWN_TAKEN_FOR_DONE,
          PENDING_NOT_KEPT,
          LABEL_IN_MID_WINDOW,
          BARRIERS_NOT_ALIGNED,
          NO_FLUSH_BEFORE_BARRIER,
          RESUME_BY_ROW_NUMBER,
          WINDOWS_NOT_FROZEN,
          SHORT_WINDOWS_AFTER_START,
          NO_RECALL,
          NO_TOMBSTONES_ON_RECALL,
          TOMBSTONES_NOT_RECONCILED,
          LEDGER_NOT_RECONCILED,
          RECONCILED_WITHOUT_TRACE,
          CHANGES_BESIDE_RECALL,
          TABLES_BEFORE_TOMBSTONES,
          OLDER_TOMBSTONES_NOT_AWAITED,
          NO_FENCE,
          FENCED_BEFORE_THE_LOOK,
          OLD_STATE_ACCEPTED,
          STATE_COMPARED_BY_EPOCH_ALONE,
          FORK_NOT_NOTICED ->
          false;
    };
  }
}
