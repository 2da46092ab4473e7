package io.datamirror.commit;

import java.io.Serializable;

/**
 * How long a commit is tried again.
 *
 * @param giveUpMillis after how long the job fails; its commits stay pending in its state
 * @param firstPauseMillis the pause after the first failure; it doubles
 * @param longestPauseMillis the longest pause
 */
public record Patience(long giveUpMillis, long firstPauseMillis, long longestPauseMillis)
    implements Serializable {

  /** Five minutes: longer than a catalog's restart. */
  public static final Patience DEFAULT = new Patience(300_000, 100, 10_000);

  /** A minute: whoever submits a job waits for it. */
  static final Patience SUBMISSION = new Patience(60_000, 100, 5_000);

  long pauseMillis(int failures) {
    return Math.min(longestPauseMillis, firstPauseMillis << Math.min(failures - 1, 20));
  }
}
