package io.datamirror.verify;

import org.apache.iceberg.Table;

/**
 * A table of the lake at one moment.
 *
 * @param snapshotId the snapshot that holds it; -1 when it held nothing yet
 * @param epoch the epoch that committed the snapshot; 0 for none
 * @param position the position that the snapshot is complete to; empty for the beginning
 */
public record TableMoment(String name, Table table, long snapshotId, long epoch, String position) {}
