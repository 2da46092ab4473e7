package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.KeyGroups;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.Resolver;
import io.datamirror.resolve.testing.Batch;
import io.datamirror.resolve.testing.BatchWrites;
import io.datamirror.resolve.testing.HeldRows;
import io.datamirror.resolve.testing.Row;
import io.datamirror.resolve.testing.SerializingStore;
import io.datamirror.resolve.testing.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One resolver with its state, its timers and its watermark. */
final class ResolveTask {

  private static final KeyGroups GROUPS = key -> key.hashCode() & 7;

  private final World world;
  private final Job job;
  private final int index;
  private final Inputs inputs;
  private final Channel toCloser;
  private final BatchWrites writes;
  private final SerializingStore store = new SerializingStore(this::remind);
  private final TreeMap<Long, List<KeyId>> timers = new TreeMap<>();
  private final Resolver<Row> resolver;
  private final long[] watermarks;
  private long watermarkMillis;

  ResolveTask(
      World world,
      Job job,
      int index,
      Checkpoint.TaskState state,
      List<Channel> fromReaders,
      Channel toCloser) {
    this.world = world;
    this.job = job;
    this.index = index;
    this.inputs = job.inputs(fromReaders);
    this.toCloser = toCloser;
    this.writes = new BatchWrites(world.shapes());
    Map<Integer, Forgetting> forgetting = new HashMap<>();
    world.shapes().keySet().forEach(table -> forgetting.put(table, world.settings.forgetting()));
    this.resolver = new Resolver<>(store, new HeldRows<>(), writes, forgetting);
    this.watermarks = new long[fromReaders.size()];
    Arrays.fill(watermarks, Long.MIN_VALUE);
    state.memories().forEach(store::remember);
    watermarkMillis = state.watermarkMillis();
  }

  private void remind(KeyId key, Memory memory) {
    resolver
        .dueMillis(key, memory)
        .ifPresent(due -> timers.computeIfAbsent(due, at -> new ArrayList<>(1)).add(key));
  }

  Inputs inputs() {
    return inputs;
  }

  /** Does one thing, if there is one to do. */
  boolean step() {
    if (resolver.bundleBytes() > 0 && world.chance.of(world.settings.flushRate())) {
      flush();
      return true;
    }
    Message message = inputs.poll();
    if (message == null) {
      return false;
    }
    handle(message);
    return true;
  }

  private void handle(Message message) {
    if (message instanceof Message.Change change) {
      offer(change);
    } else if (message instanceof Message.Reject reject) {
      Shape shape = world.logs.get(reject.table()).shape();
      String table = shape.layout().table();
      String serial = String.valueOf(reject.entry().serial());
      resolver.reject(
          shape.table(),
          new LedgerEntry(
              table, LedgerReason.BAD_VALUE, serial, null, null, null, "{}", "cannot be read"));
    } else if (message instanceof Message.Recall recall) {
      resolver.recall(recall.key(), recall.memory());
    } else if (message instanceof Message.Watermark told) {
      watermarks[told.reader()] = Math.max(watermarks[told.reader()], told.millis());
      advance(Arrays.stream(watermarks).min().orElseThrow());
    } else if (message instanceof Message.Barrier barrier) {
      snapshot(barrier);
    }
  }

  private void offer(Message.Change message) {
    long floor =
        world.settings.has(Flaw.WATERMARK_OF_SLOWEST_TABLE)
            ? Long.MIN_VALUE
            : message.floorMillis();
    resolver.offer(message.change(), Math.max(watermarkMillis, floor));
  }

  private void advance(long millis) {
    watermarkMillis = Math.max(watermarkMillis, millis);
    while (!timers.isEmpty() && timers.firstKey() <= watermarkMillis) {
      timers.pollFirstEntry().getValue().forEach(resolver::due);
    }
  }

  private void snapshot(Message.Barrier barrier) {
    if (!world.settings.has(Flaw.NO_FLUSH_BEFORE_BARRIER)) {
      flush();
    }
    toCloser.send(barrier);
    world.at(CrashPoint.AFTER_FLUSH_BEFORE_SNAPSHOT);
    long kept = world.settings.has(Flaw.WATERMARK_NOT_RESTORED) ? Long.MIN_VALUE : watermarkMillis;
    job.acknowledge(barrier.checkpoint(), new Checkpoint.TaskState(store.memories(), kept));
  }

  private void flush() {
    resolver.flush(GROUPS, watermarkMillis);
    Batch all = writes.drain();
    Map<Integer, Counts> counts = resolver.drainCounts();
    List<Batch> parts = new ArrayList<>();
    for (int i = 0; i < world.logs.size() + Lake.OWN_TABLES; i++) {
      parts.add(new Batch());
    }
    all.inserts.forEach(insert -> parts.get(index(insert.row().key())).inserts.add(insert));
    all.removals.forEach(removal -> parts.get(index(removal.key())).removals.add(removal));
    Batch tombstones = parts.get(world.lake.tombstones());
    tombstones.burials.addAll(all.burials);
    tombstones.unburied.addAll(all.unburied);
    parts.get(world.lake.ledger()).entries.addAll(all.entries);
    for (int table = 0; table < parts.size(); table++) {
      Counts counted = table < world.logs.size() ? counts.get(number(table)) : Counts.NONE;
      if (!parts.get(table).isEmpty() || counted.changes() > 0) {
        Part part = new Part(table, index, parts.get(table), counted, watermarkMillis);
        toCloser.send(new Message.Written(part));
      }
    }
  }

  private int number(int table) {
    return world.logs.get(table).shape().table();
  }

  private int index(KeyId key) {
    return world.indexOf(key.table());
  }
}
