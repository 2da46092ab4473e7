package io.datamirror.commit;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;

/** The error of a job whose table lost what was committed to it. */
final class LakeBehind {

  private LakeBehind() {}

  static MirrorException of(String table, long lakeEpoch, long committed) {
    return new MirrorException(
        ErrorCode.TABLE_DOES_NOT_FIT,
        table,
        "epoch "
            + committed
            + " was committed to it, but it holds only "
            + lakeEpoch
            + ": it was rolled back, or dropped and created again",
        "Start without the savepoint: the mirror then goes on from what the lake holds.");
  }

  /** Somebody dropped it, or the lake is another one than that of the state. */
  static MirrorException ofMissing(String table, long committed) {
    return new MirrorException(
        ErrorCode.TABLE_DOES_NOT_FIT,
        table,
        "epoch "
            + committed
            + " was committed to it, but the lake that the spec names has no such table",
        "See whether that is the lake of the savepoint: its namespace, and the directory that"
            + " relative paths begin at. If the table was dropped, start without the savepoint.");
  }
}
