package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import java.util.Arrays;

/**
 * The changes that came last and wait to be folded, a few of them.
 *
 * <p>What is known of a key stands somewhere in memory, mostly outside of the processor's cache,
 * and to find it takes several looks, one behind the other. Of many changes the first looks can be
 * made side by side, then the second ones: the processor then waits for all of them about as long
 * as it would for one.
 */
final class Incoming<R> {

  /** More than a processor fetches from memory at once, and few enough to stay in its caches. */
  static final int ROOM = 32;

  private final KeyedChange<R>[] changes;
  private int size;
  private long bytes;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Incoming() {
    changes = new KeyedChange[ROOM];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == ROOM;
  }

  /** The memory that the changes hold, roughly. */
  long bytes() {
    return bytes;
  }

  void add(KeyedChange<R> change, long changeBytes) {
    changes[size++] = change;
    bytes += changeBytes;
  }

  KeyedChange<R> change(int i) {
    return changes[i];
  }

  KeyId key(int i) {
    return changes[i].key();
  }

  void clear() {
    Arrays.fill(changes, 0, size, null);
    size = 0;
    bytes = 0;
  }
}
