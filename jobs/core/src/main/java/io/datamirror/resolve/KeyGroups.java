package io.datamirror.resolve;

import io.datamirror.change.KeyId;

/**
 * Groups the keys of a flush: they come group by group, and in a group in their natural order.
 *
 * <p>A state backend that is sorted in this way reads its blocks one after the other instead of at
 * random.
 */
@FunctionalInterface
public interface KeyGroups {

  int groupOf(KeyId key);
}
