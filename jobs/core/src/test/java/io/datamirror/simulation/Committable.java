package io.datamirror.simulation;

import io.datamirror.resolve.testing.Batch;
import java.util.List;

/**
 * What is committed to one table for one epoch.
 *
 * @param table its index; see {@link Lake}
 * @param generation of the job that closed the epoch
 * @param batches in their order; the parts of a batch were written side by side
 * @param position what the table is complete to, or {@link #NO_POSITION}
 */
record Committable(
    int table,
    long epoch,
    long generation,
    List<List<Batch>> batches,
    int position,
    long watermarkMillis) {

  static final int NO_POSITION = -1;

  /** The same for whoever commits this epoch of this generation. */
  String commitId() {
    return generation + "/" + epoch;
  }

  boolean labelled() {
    return position != NO_POSITION;
  }
}
