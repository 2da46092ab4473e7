package io.datamirror.bench;

import java.util.Map;

/**
 * One run of one contender.
 *
 * @param cpuSeconds of its process, without the database
 * @param compilingSeconds of them by the compilers; a part that gets smaller the longer a run is
 * @param collectingSeconds of them by the collector of garbage
 * @param serverSeconds of the database meanwhile; NaN if nobody can tell
 * @param peakBytes the most memory its process had at once; -1 if nobody can tell
 * @param written into the table itself
 * @param own what the product wrote into tables of its own, tombstones and the ledger
 * @param liveRows that the mirror must hold
 * @param foundRows that the table holds
 * @param figures what else was measured, by what it is
 * @param verdict whether the table is the right one
 */
record Measurement(
    Contender contender,
    long rows,
    double cpuSeconds,
    double compilingSeconds,
    double collectingSeconds,
    double serverSeconds,
    double wallSeconds,
    long peakBytes,
    Written written,
    Written own,
    long liveRows,
    long foundRows,
    Map<String, Double> figures,
    Verdict verdict) {

  /** What the check of the table said. */
  enum Verdict {
    RIGHT,
    /** Rows are missing, too many or others. */
    WRONG,
    /** It never meant to be a mirror. */
    NO_MIRROR
  }

  /** The first number of all: change rows for a second of CPU. */
  double rowsPerCpuSecond() {
    return rows / cpuSeconds;
  }
}
