package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.BatchWrites;
import io.datamirror.resolve.testing.HeldRows;
import io.datamirror.resolve.testing.ModelLake;
import io.datamirror.resolve.testing.Row;
import io.datamirror.resolve.testing.SerializingStore;
import io.datamirror.resolve.testing.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several resolvers that share the keys of some tables, their timers, and the lake that they fill.
 */
final class Subtasks {

  private static final KeyGroups GROUPS = key -> key.hashCode() & 1;

  /** One resolver with its store, timers and open batches. */
  private final class Subtask {
    final BatchWrites writes = new BatchWrites(shapes);
    final TreeMap<Long, List<KeyId>> timers = new TreeMap<>();
    final SerializingStore store = new SerializingStore(this::remind);
    final Resolver<Row> resolver;
    final List<Batch> batches = new ArrayList<>();

    Subtask(Forgetting forgetting) {
      Map<Integer, Forgetting> all = new LinkedHashMap<>();
      shapes.keySet().forEach(table -> all.put(table, forgetting));
      resolver = new Resolver<>(store, new HeldRows<>(), writes, all);
    }

    private void remind(KeyId key, Memory memory) {
      resolver
          .dueMillis(key, memory)
          .ifPresent(due -> timers.computeIfAbsent(due, at -> new ArrayList<>()).add(key));
    }

    void fireTimers() {
      while (!timers.isEmpty() && timers.firstKey() <= watermarkMillis) {
        timers.pollFirstEntry().getValue().forEach(resolver::due);
      }
    }
  }

  private final Map<Integer, Shape> shapes = new LinkedHashMap<>();
  private final List<Subtask> subtasks = new ArrayList<>();
  private final ModelLake lake = new ModelLake();
  private Counts counts = Counts.NONE;
  private long watermarkMillis = Long.MIN_VALUE;

  Subtasks(List<Shape> shapes, int count, Forgetting forgetting) {
    shapes.forEach(shape -> this.shapes.put(shape.table(), shape));
    for (int i = 0; i < count; i++) {
      subtasks.add(new Subtask(forgetting));
    }
  }

  void offer(Assembled change) {
    of(change.key()).resolver.offer(change, watermarkMillis);
  }

  void advance(long millis) {
    watermarkMillis = Math.max(watermarkMillis, millis);
    subtasks.forEach(Subtask::fireTimers);
  }

  long watermarkMillis() {
    return watermarkMillis;
  }

  /** Memory is short in one subtask: what it has folded becomes a batch of its own. */
  void flush(int subtask) {
    Subtask flushing = subtasks.get(subtask % subtasks.size());
    switch (subtask % 3) {
      case 0 -> flushing.resolver.flush(GROUPS, watermarkMillis);
      case 1 -> flushing.resolver.flush(watermarkMillis);
      default -> flushing.resolver.flushTables(watermarkMillis);
    }
    for (Counts drained : flushing.resolver.drainCounts().values()) {
      counts = counts.plus(drained);
    }
    flushing.batches.add(flushing.writes.drain());
  }

  /** Closes the epoch: the k-th batches of all subtasks are one batch of the commit. */
  void commit() {
    for (int i = 0; i < subtasks.size(); i++) {
      flush(i);
    }
    int most = subtasks.stream().mapToInt(subtask -> subtask.batches.size()).max().orElseThrow();
    for (int k = 0; k < most; k++) {
      List<Batch> sideBySide = new ArrayList<>();
      for (Subtask subtask : subtasks) {
        if (k < subtask.batches.size()) {
          sideBySide.add(subtask.batches.get(k));
        }
      }
      lake.apply(sideBySide);
    }
    subtasks.forEach(subtask -> subtask.batches.clear());
  }

  ModelLake lake() {
    return lake;
  }

  Counts counts() {
    return counts;
  }

  /** Everything that is remembered, of all subtasks. */
  Map<KeyId, Memory> memories() {
    Map<KeyId, Memory> all = new HashMap<>();
    subtasks.forEach(subtask -> all.putAll(subtask.store.memories()));
    return all;
  }

  /** The greatest number of bytes that a bundle holds. */
  long bundleBytes() {
    return subtasks.stream().mapToLong(subtask -> subtask.resolver.bundleBytes()).sum();
  }

  private Subtask of(KeyId key) {
    return subtasks.get(Math.floorMod(key.hashCode(), subtasks.size()));
  }
}
