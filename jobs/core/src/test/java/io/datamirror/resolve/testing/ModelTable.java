package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A table as Iceberg keeps it: an insert adds a row whether its key is there or not; a removal hits
 * rows of older batches only, and only in the partition that it names.
 *
 * @param <V> what is kept of a row
 */
public final class ModelTable<V> {

  /** A live row and the batch that wrote it. */
  private record Live<V>(long batch, byte[] partition, V value) {}

  private final Map<KeyId, List<Live<V>>> rows = new HashMap<>();
  private long batches;

  /** A copy that goes its own way. */
  public ModelTable<V> copy() {
    ModelTable<V> copy = new ModelTable<>();
    rows.forEach((key, live) -> copy.rows.put(key, new ArrayList<>(live)));
    copy.batches = batches;
    return copy;
  }

  /** Begins the next batch: what is removed from here on was written before. */
  public void nextBatch() {
    batches++;
  }

  /**
   * Removes the key's rows of older batches from one partition.
   *
   * @return what was removed; empty when the removal missed
   */
  public List<V> remove(KeyId key, byte[] partition) {
    List<V> removed = new ArrayList<>();
    Iterator<Live<V>> candidates = rows.getOrDefault(key, new ArrayList<>()).iterator();
    while (candidates.hasNext()) {
      Live<V> row = candidates.next();
      if (row.batch() < batches && Arrays.equals(row.partition(), partition)) {
        removed.add(row.value());
        candidates.remove();
      }
    }
    rows.computeIfPresent(key, (same, live) -> live.isEmpty() ? null : live);
    return removed;
  }

  public void insert(KeyId key, byte[] partition, V value) {
    rows.computeIfAbsent(key, same -> new ArrayList<>(1))
        .add(new Live<>(batches, partition, value));
  }

  /** The rows by key; fails when a key has two. */
  public Map<KeyId, V> rows() {
    Map<KeyId, V> byKey = new HashMap<>();
    rows.forEach(
        (key, live) -> {
          if (live.size() > 1) {
            throw new Violation(live.size() + " rows of one key: " + live);
          }
          byKey.put(key, live.get(0).value());
        });
    return byKey;
  }

  /** Every row's partition by key. */
  public Map<KeyId, byte[]> partitions() {
    Map<KeyId, byte[]> byKey = new HashMap<>();
    rows.forEach((key, live) -> byKey.put(key, live.get(0).partition()));
    return byKey;
  }
}
