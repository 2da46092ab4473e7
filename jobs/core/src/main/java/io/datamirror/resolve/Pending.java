package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;

/** The greatest change of a key since the last flush, as an entry of the bundle shows it. */
final class Pending<R> {
  KeyId key;
  Operation operation;
  byte[] rank;
  long timeMillis;
  R row;
}
