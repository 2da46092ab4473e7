package io.datamirror.simulation;

import java.util.List;
import java.util.Set;

/**
 * What one reader reads, and how far it has come.
 *
 * @param recall what the lake knows of keys; null for a chunk of a window
 * @param frame the window of a chunk; null for a recall
 * @param index the number of the chunk, or of the recall
 * @param from the last position before the chunk
 * @param to its last position
 * @param floorMillis see {@link Message.Change}
 */
record Split(
    int table,
    List<Message.Recall> recall,
    Frame frame,
    int index,
    int from,
    int to,
    long floorMillis,
    Reading reading) {

  /** Tells splits of a job apart. */
  record Id(int table, long window, int index) {}

  /**
   * How far the reading has come.
   *
   * @param cursor the last position of which a row was delivered
   * @param delivered the rows of that position that were delivered
   * @param rows how many rows were delivered
   */
  record Reading(boolean begun, int cursor, Set<Integer> delivered, int rows, long maxMillis) {

    static final Reading NONE = new Reading(false, 0, Set.of(), 0, Long.MIN_VALUE);
  }

  /** The window that a recall counts as. */
  private static final long RECALL = -1;

  Id id() {
    return new Id(table, frame == null ? RECALL : frame.number(), index);
  }

  boolean isRecall() {
    return recall != null;
  }

  Split at(Reading reached) {
    return new Split(table, recall, frame, index, from, to, floorMillis, reached);
  }
}
