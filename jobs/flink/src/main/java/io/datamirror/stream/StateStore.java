package io.datamirror.stream;

import io.datamirror.resolve.MemoryStore;

/** Keeps what is remembered of keys so that Flink's snapshots have it. */
interface StateStore extends MemoryStore {

  /** Whether keys are looked up faster group by group, each group's in their order. */
  boolean ordered();

  /** Flink's state holds everything that is remembered when this returns. */
  void prepareSnapshot() throws Exception;
}
