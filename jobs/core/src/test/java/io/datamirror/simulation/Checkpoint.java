package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The state of a job, as far as it is complete. */
final class Checkpoint {

  /** What one resolver remembers. */
  record TaskState(Map<KeyId, Memory> memories, long watermarkMillis) {}

  /** What one reader has: splits that it reads, and splits that it has read. */
  record ReaderState(List<Split> splits, List<Split> read) {}

  /** What the closer has: closed epochs are pending until they are known to be committed. */
  record CloserState(EpochModel.State epochs, List<Committable> pending) {}

  final long id;
  final long generation;

  /** The first epoch that this generation gives. */
  final long sinceEpoch;

  final Enumerator.State enumerator;
  final List<ReaderState> readers = new ArrayList<>();
  final List<TaskState> tasks = new ArrayList<>();
  CloserState closer;

  Checkpoint(long id, long generation, long sinceEpoch, Enumerator.State enumerator) {
    this.id = id;
    this.generation = generation;
    this.sinceEpoch = sinceEpoch;
    this.enumerator = enumerator;
  }

  boolean complete(int readerCount, int taskCount) {
    return readers.size() == readerCount && tasks.size() == taskCount && closer != null;
  }

  long lastEpoch() {
    return closer.epochs().lastEpoch();
  }
}
