package io.datamirror.commit;

/** Commits one epoch to one table. Thread-safe. */
interface Committer {

  /** How a commit came to be in its table. */
  enum Outcome {
    COMMITTED,
    /** An earlier attempt had committed it. */
    FOUND
  }

  /**
   * Commits, or finds the commit.
   *
   * @throws io.datamirror.error.MirrorException if the commit may not or could not be made
   * @throws InterruptedException if the thread was interrupted; the outcome may be unknown
   */
  Outcome commit(Committable committable) throws InterruptedException;
}
