package io.datamirror.source;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.SourceErrors;
import io.datamirror.plan.TablePlan;

/** Why a table cannot be read on, in words for people. */
final class Unreadable {

  private static final String BEGIN_AGAIN =
      "Mirror it under another name, or drop the table in the lake and start without state.";

  private Unreadable() {}

  /** Its history was lost, and its base table cannot stand in for it. */
  static MirrorException impossible(TablePlan table, String sentence) {
    return impossible(table, sentence, BEGIN_AGAIN);
  }

  /** The changes since the base table were gone before it was read: so they would be again. */
  static MirrorException lostAgain(TablePlan table) {
    return impossible(
        table,
        "its history was lost again before it was complete",
        "Keep its changes for longer than reading the base table takes. " + BEGIN_AGAIN);
  }

  private static MirrorException impossible(TablePlan table, String sentence, String nextStep) {
    return new MirrorException(
        ErrorCode.SNAPSHOT_IMPOSSIBLE,
        table.name(),
        "its base table cannot be read anew: " + sentence,
        nextStep);
  }

  static MirrorException historyLostInBatch(TablePlan table) {
    return new MirrorException(
        ErrorCode.HISTORY_LOST,
        table.name(),
        "its history was lost while it was being read in batch",
        "Start the mirror again: it then reads the base table anew.");
  }

  static MirrorException recreated(TablePlan table) {
    return new MirrorException(
        ErrorCode.SOURCE_TABLE_RECREATED,
        table.name(),
        "its source table was dropped and created again since it was read",
        switch (table.feed().snapshot()) {
              case PINNED -> "Mirror it under another name.";
              case MOVING -> SourceErrors.OTHER_TABLE;
              case NONE ->
                  "Drop the table in the lake and start without state, or mirror it under another"
                      + " name.";
            }
            + SourceErrors.LOST_IN_SQL);
  }

  /** A reader gave back what it could not read. */
  static Problem vanished(TablePlan table) {
    return Problem.of(
        ErrorCode.COLUMN_VANISHED,
        table.name(),
        "a column that is mirrored, or the table itself, is no longer in the source as it was",
        "Put it back, or take it out of the spec and start the mirror again.");
  }
}
