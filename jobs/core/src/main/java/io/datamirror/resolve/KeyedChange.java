package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;

/**
 * A change of a row, as {@link Resolver} takes it. What its methods answer never changes.
 *
 * @param <R> a row
 */
public interface KeyedChange<R> {

  KeyId key();

  Operation operation();

  byte[] rank();

  long timeMillis();

  /** The stored columns; of a delete, at least the key columns. */
  R row();
}
