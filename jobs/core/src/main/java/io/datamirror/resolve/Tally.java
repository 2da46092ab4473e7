package io.datamirror.resolve;

/** Counts outcomes of one table as they come; see {@link Counts}. */
final class Tally {

  long upserts;
  long deletes;
  long superseded;
  long noOps;
  long late;
  long rejected;
  long conflicts;

  /** What was counted since the last call. */
  Counts drain() {
    Counts counts = new Counts(upserts, deletes, superseded, noOps, late, rejected, conflicts);
    upserts = deletes = superseded = noOps = late = rejected = conflicts = 0;
    return counts;
  }
}
