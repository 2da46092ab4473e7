package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;

/** The error of a job or a start whose tables a newer one has taken over. */
public final class Fenced {

  private Fenced() {}

  public static MirrorException of(String table, long newest, long own) {
    return new MirrorException(
        ErrorCode.GENERATION_FENCED,
        table,
        "a newer job has taken over the table (generation "
            + newest
            + ", this job has "
            + own
            + ")",
        "Nothing is lost: the newer job goes on. Let only one of the two run.");
  }
}
