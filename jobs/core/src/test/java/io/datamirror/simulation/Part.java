package io.datamirror.simulation;

import io.datamirror.resolve.Counts;
import io.datamirror.resolve.testing.Batch;

/**
 * What one subtask wrote for one table in one flush.
 *
 * @param table its index; see {@link Lake}
 * @param watermarkMillis what the flush forgot keys by
 */
record Part(int table, int subtask, Batch batch, Counts counts, long watermarkMillis) {}
