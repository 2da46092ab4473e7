package io.datamirror.lake;

import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;

/**
 * What keeps commits out that were begun before a start took over.
 *
 * <p>Most catalogs compare the whole table when they commit, so that a new generation in its
 * properties is enough. A REST catalog compares what a commit itself builds on: for rows, that is
 * the current snapshot. There the start adds a snapshot that changes nothing.
 */
final class Fence {

  /** The catalog's own operations are not public: their package is all that tells. */
  private static final String REST = "org.apache.iceberg.rest.";

  private Fence() {}

  /** Whether properties alone keep nobody out. */
  static boolean needed(TableOperations operations) {
    return operations.getClass().getName().startsWith(REST);
  }

  /** Adds a snapshot without a change, which names no epoch and is no change by a start. */
  static void add(Transaction transaction, long generation) {
    transaction.newFastAppend().set(LakeKeys.TAKEN_OVER_BY, String.valueOf(generation)).commit();
  }
}
