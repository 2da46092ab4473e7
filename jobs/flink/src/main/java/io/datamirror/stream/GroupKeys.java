package io.datamirror.stream;

import io.datamirror.change.KeyId;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * One key for each key group, under which state of the whole group is kept.
 *
 * <p>It is the key of table 0 with the least number that Flink assigns to the group: the same in
 * every job of the same maximum parallelism, and in every release, because savepoints hold it.
 */
final class GroupKeys {

  private GroupKeys() {}

  /** The keys of the groups of {@code range}, in their order. */
  static KeyId[] of(KeyGroupRange range, int maxParallelism) {
    KeyId[] keys = new KeyId[range.getNumberOfKeyGroups()];
    int missing = keys.length;
    for (long number = 0; missing > 0; number++) {
      KeyId key = new KeyId(0, 0, number);
      int group = KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
      int at = group - range.getStartKeyGroup();
      if (range.contains(group) && keys[at] == null) {
        keys[at] = key;
        missing--;
      }
    }
    return keys;
  }
}
