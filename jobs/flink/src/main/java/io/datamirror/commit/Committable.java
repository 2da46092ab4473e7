package io.datamirror.commit;

import io.datamirror.lake.OwnTable;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Forgetting;
import java.util.List;

/**
 * What is committed to one table for one epoch.
 *
 * @param table the table's number
 * @param name the table's name in the lake: a table may leave the spec while it owes a commit
 * @param epoch counts the epochs of a mirror, upwards through all of its starts
 * @param generation the start that closed the epoch
 * @param commitId the same for every attempt to commit this table and epoch
 * @param batches in their order; empty when only the position moves
 * @param counts outcomes since the table's last commit
 * @param position the position that the table is complete to; null when it is not known to be
 * @param watermarkMillis the watermark that keys of the table were forgotten by so far, or {@link
 *     Long#MIN_VALUE}
 * @param horizonMillis keys of the table of what is older may be forgotten, or {@link
 *     Long#MIN_VALUE}
 */
record Committable(
    int table,
    String name,
    long epoch,
    long generation,
    String commitId,
    List<Batch> batches,
    Counts counts,
    String position,
    long watermarkMillis,
    long horizonMillis) {

  Committable {
    batches = List.copyOf(batches);
  }

  /** The same of a table that forgets by this rule. */
  Committable forgettingBy(Forgetting rule) {
    return withHorizon(rule.horizonMillis(watermarkMillis));
  }

  /** The same of a table whose keys of what is older may be forgotten, too. */
  Committable withHorizon(long millis) {
    return new Committable(
        table,
        name,
        epoch,
        generation,
        commitId,
        batches,
        counts,
        position,
        watermarkMillis,
        Math.max(horizonMillis, millis));
  }

  /** Whether the table is one that the mirror keeps for itself. */
  boolean own() {
    return OwnTable.ofNumber(table).isPresent();
  }
}
