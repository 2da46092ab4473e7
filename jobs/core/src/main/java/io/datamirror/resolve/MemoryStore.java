package io.datamirror.resolve;

import io.datamirror.change.KeyId;

/** Where what is remembered of keys is kept. */
public interface MemoryStore {

  /** What is remembered of {@code key}, or null. */
  Memory recall(KeyId key);

  /**
   * Told that {@code key} will be recalled soon: where memory is slow, what is known of several
   * keys can be fetched side by side.
   */
  default void expect(KeyId key) {}

  void remember(KeyId key, Memory memory);

  void forget(KeyId key);
}
