package io.datamirror.commit;

/** What to do when the lake holds epochs that the savepoint of a starting job does not know. */
public enum OnLakeAhead {
  /** Stop and say so. */
  REFUSE,
  /** Start without the savepoint, from what the lake tells. Whoever submits the job does that. */
  REBUILD,
  /** Take the tables back to the epoch of the savepoint. */
  ROLLBACK;

  /** The policy as it stands on the command line. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
