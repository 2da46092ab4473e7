package io.datamirror.stream;

import io.datamirror.change.KeyId;
import java.util.Comparator;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * The order in which keys stand in a sorted state backend: by key group, then by serialized bytes.
 *
 * <p>Asking RocksDB in this order reads its blocks one after the other instead of at random.
 */
final class KeyOrder implements Comparator<KeyId> {

  private static final Comparator<KeyId> BY_BYTES =
      Comparator.comparing(KeyId::table, Integer::compareUnsigned)
          .thenComparing(KeyId::high, Long::compareUnsigned)
          .thenComparing(KeyId::low, Long::compareUnsigned);

  private final int maxParallelism;

  KeyOrder(int maxParallelism) {
    this.maxParallelism = maxParallelism;
  }

  @Override
  public int compare(KeyId left, KeyId right) {
    int groups =
        Integer.compare(
            KeyGroupRangeAssignment.assignToKeyGroup(left, maxParallelism),
            KeyGroupRangeAssignment.assignToKeyGroup(right, maxParallelism));
    return groups != 0 ? groups : BY_BYTES.compare(left, right);
  }
}
