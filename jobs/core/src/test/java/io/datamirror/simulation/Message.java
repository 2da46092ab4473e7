package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.testing.Assembled;

/** What goes through channels. */
sealed interface Message {

  /**
   * @param floorMillis the watermark that the start of the job found in the lake for the table
   */
  record Change(Assembled change, long floorMillis) implements Message {}

  record Reject(int table, LogEntry entry) implements Message {}

  record Recall(KeyId key, Memory memory) implements Message {}

  record Watermark(int reader, long millis) implements Message {}

  /** How far the reading of a window has come. */
  record Progress(int table, boolean done, Frame frame, int chunk) implements Message {}

  record Written(Part part) implements Message {}

  record Barrier(long checkpoint) implements Message {}
}
