package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;

/** The greatest change of a key since the last flush. */
final class Pending<R> {

  final KeyId key;
  Operation operation;
  byte[] rank;
  long timeMillis;
  R row;
  int bytes;

  /** Whether the flush judged it to be what is remembered of the key. */
  boolean remembered;

  Pending(KeyId key, Operation operation, byte[] rank, long timeMillis, R row, int bytes) {
    this.key = key;
    set(operation, rank, timeMillis, row, bytes);
  }

  void set(Operation operation, byte[] rank, long timeMillis, R row, int bytes) {
    this.operation = operation;
    this.rank = rank;
    this.timeMillis = timeMillis;
    this.row = row;
    this.bytes = bytes;
  }
}
