package io.datamirror.commit;

import io.datamirror.change.KeyId;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeRecall;
import io.datamirror.lake.MirrorWrites;
import io.datamirror.lake.RecallReader;
import io.datamirror.lake.Takeover;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.KeyGroups;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryStore;
import io.datamirror.resolve.Resolver;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.RowArena;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.inmemory.InMemoryCatalog;

/**
 * The half of a mirror behind the source, without Flink, over a lake in memory: it resolves, writes
 * and commits what it is given, dies, and goes on from what it saved or from the lake.
 */
public final class MemoryLake {

  private static final KeyGroups ONE_GROUP = key -> 0;

  private final LakeCatalog catalog;
  private final Map<KeyId, Memory> memory = new HashMap<>();
  private final Map<Integer, Counts> counted = new HashMap<>();
  private MirrorPlan plan;
  private EpochCloser closer;
  private MirrorWrites writes;
  private Resolver<BinaryRowData> resolver;
  private int attempt;

  public MemoryLake() {
    InMemoryCatalog memory = new InMemoryCatalog();
    memory.initialize("memory", Map.of());
    catalog = new LakeCatalog(kept(memory), "lake", "");
  }

  /** The catalog without a way to close it: a lake outlives those who use it. */
  private static Catalog kept(InMemoryCatalog catalog) {
    return (Catalog)
        Proxy.newProxyInstance(
            MemoryLake.class.getClassLoader(),
            new Class<?>[] {Catalog.class, SupportsNamespaces.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(catalog, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** What a checkpoint holds of this half. */
  public static final class Saved {
    private final EpochCloser.State closer;
    private final Map<KeyId, Memory> memory;
    private final List<Committable> pending;

    private Saved(EpochCloser.State closer, Map<KeyId, Memory> memory, List<Committable> pending) {
      this.closer = closer;
      this.memory = memory;
      this.pending = pending;
    }
  }

  public LakeCatalog catalog() {
    return catalog;
  }

  /** A start of the mirror; from the lake if nothing was saved. */
  public MirrorPlan start(MirrorSpec spec, List<TablePlan> tables, Saved saved)
      throws InterruptedException {
    Takeover.From from = saved == null ? Takeover.From.LAKE : Takeover.From.STATE;
    var start = Takeover.of(catalog, spec.mirror(), spec.source().onHistoryLost(), tables, from);
    plan = new MirrorPlan(spec, tables, start.generation());
    open(
        saved == null
            ? new Saved(
                new EpochCloser.State(start.lastEpoch(), Long.MIN_VALUE, List.of()),
                Map.of(),
                List.of())
            : saved);
    if (saved == null) {
      recall();
    }
    return plan;
  }

  /** The same start goes on from a checkpoint. */
  public void failOver(Saved saved) throws InterruptedException {
    writes.close();
    open(saved);
  }

  private void open(Saved saved) throws InterruptedException {
    Map<Integer, String> names = new LinkedHashMap<>();
    Map<Integer, Forgetting> forgetting = new HashMap<>();
    for (TablePlan table : plan.tables()) {
      names.put(table.number(), table.name());
      forgetting.put(table.number(), Forgetting.NOTHING);
    }
    memory.clear();
    memory.putAll(saved.memory);
    closer =
        new EpochCloser(
            CommitIds.of(plan.spec().mirror(), plan.generation(), Closing.BY_CHECKPOINT),
            plan.generation(),
            names,
            saved.closer,
            () -> 0);
    writes = new MirrorWrites(plan, catalog, 0, attempt++);
    resolver = new Resolver<>(new Store(), new RowArena(), writes, forgetting);
    commit(saved.pending);
  }

  private void recall() {
    LakeRecall recall = new LakeRecall(catalog);
    for (TablePlan table : plan.tables()) {
      for (byte[] task : recall.start(table).tasks()) {
        try (RecallReader reader = recall.open(table, task, 0)) {
          reader
              .next(Integer.MAX_VALUE)
              .forEach(found -> resolver.recall(found.key(), found.memory()));
        }
      }
    }
  }

  private final class Store implements MemoryStore {
    @Override
    public Memory recall(KeyId key) {
      return memory.get(key);
    }

    @Override
    public void remember(KeyId key, Memory remembered) {
      memory.put(key, remembered);
    }

    @Override
    public void forget(KeyId key) {
      memory.remove(key);
    }
  }

  /** Takes what the source has read. */
  public void accept(MirrorRecord record) {
    if (record instanceof MirrorRecord.Change change) {
      resolver.offer(change, Long.MIN_VALUE);
    } else if (record instanceof MirrorRecord.Reject reject) {
      resolver.reject(reject.key().table(), reject.entry());
    } else if (record instanceof MirrorRecord.Progress progress) {
      closer.add(progress);
    }
  }

  /** What is taken before a barrier goes into files. */
  public void flush() throws IOException {
    resolver.flush(ONE_GROUP, Long.MIN_VALUE);
    Map<Integer, Counts> counts = resolver.drainCounts();
    counts.forEach((table, more) -> counted.merge(table, more, Counts::plus));
    writes.drain(counts, table -> Long.MIN_VALUE).forEach(closer::add);
  }

  /** A checkpoint: everything before it is in it. */
  public Saved save() throws IOException {
    flush();
    List<Committable> pending = new ArrayList<>(closer.close());
    return new Saved(closer.state(), Map.copyOf(memory), pending);
  }

  /** The checkpoint is complete: what it holds is committed. */
  public void complete(Saved saved) throws InterruptedException {
    commit(saved.pending);
  }

  private void commit(List<Committable> committables) throws InterruptedException {
    TableCommitter committer =
        new TableCommitter(
            catalog, plan.spec().mirror(), plan.generation(), new Patience(5_000, 1, 20));
    for (Committable committable : committables) {
      committer.commit(committable);
    }
  }

  /** What was counted of a table since the lake was made. */
  public Counts counted(TablePlan table) {
    return counted.getOrDefault(table.number(), Counts.NONE);
  }

  public Table table(String name) {
    return catalog.load(name);
  }
}
