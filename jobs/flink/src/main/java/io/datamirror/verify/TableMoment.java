package io.datamirror.verify;

import org.apache.iceberg.Table;

/**
 * A table of the lake at one moment.
 *
 * @param snapshotId the snapshot that holds it; {@link #NOTHING} when it held nothing yet, and
 *     {@link #LOADING} when it was not complete to any position yet
 * @param epoch the epoch that committed the snapshot; 0 for none
 * @param position the position that the snapshot is complete to; empty for the beginning
 */
public record TableMoment(String name, Table table, long snapshotId, long epoch, String position) {

  static final long NOTHING = -1;
  static final long LOADING = -2;

  /** Whether some of its rows were there, and nobody knows which are missing. */
  boolean loading() {
    return snapshotId == LOADING;
  }
}
