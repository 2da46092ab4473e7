package io.datamirror.publish;

import io.datamirror.publish.Lineage.Step;
import org.apache.iceberg.Snapshot;

/** The changes that lead a table from one snapshot to another. */
interface Changes {

  /**
   * The changes of one commit.
   *
   * @param before the snapshot before it; null for none
   */
  void step(Step step, Snapshot before, Emitter emitter);

  /**
   * What takes changes back.
   *
   * @param undone the snapshots that the table no longer comes from
   * @param base where it was taken back to; null for the beginning
   * @param now a snapshot that stands for the time of taking back
   */
  void undone(Iterable<Snapshot> undone, Snapshot base, Snapshot now, Emitter emitter);

  /** All rows of a snapshot. */
  void whole(Snapshot snapshot, Emitter emitter);
}
