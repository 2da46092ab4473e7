package io.datamirror.simulation;

import io.datamirror.resolve.testing.Assembled;

/**
 * A row of a source's log.
 *
 * @param position of its commit unit; several rows may share one
 * @param poison whether it cannot be read as a change
 */
record LogEntry(int position, Assembled change, boolean poison) {

  int serial() {
    return change.said().serial();
  }
}
