package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import java.util.List;

/**
 * A row on its way to a table.
 *
 * @param key whose row it is
 * @param stored the stored columns; of a delete, the key columns and null
 * @param region the partition where it belongs; null for a delete
 * @param serial the change that it came with
 */
public record Row(KeyId key, List<Object> stored, String region, int serial) {}
