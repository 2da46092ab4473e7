package io.datamirror.commit;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeRecall;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.MirrorWrites;
import io.datamirror.lake.RecallReader;
import io.datamirror.lake.RowBuffer;
import io.datamirror.lake.Takeover;
import io.datamirror.lake.TestMirror;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.KeyGroups;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryStore;
import io.datamirror.resolve.Resolver;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.SecretSource;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecord.Progress;
import io.datamirror.stream.RowArena;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.Table;

/**
 * A mirror without Flink: one resolver that writes into a real lake, and the closer of its epochs.
 */
final class TestLake implements AutoCloseable {

  private static final KeyGroups ONE_GROUP = key -> 0;

  /** What a version is worth in time. */
  static final long MILLIS_PER_VERSION = 1_000;

  final LakeCatalog catalog;
  final MirrorPlan plan;
  final Generations.Start start;
  final EpochCloser closer;
  private final long sinceEpoch;
  final Map<KeyId, Memory> memory = new HashMap<>();
  private final Map<String, Long> committed = new HashMap<>();

  /** Which epochs were committed before. */
  private final Map<String, Long> known;

  private final MirrorWrites writes;
  private final Resolver<BinaryRowData> resolver;
  private final Forgetting rule;
  private long window = 1;
  private long watermarkMillis = Long.MIN_VALUE;

  /** A start that goes on from the lake. */
  TestLake(Path directory, TablePlan... tables) {
    this(TestMirror.lake(directory), tables);
  }

  /** The same in a lake of any kind. */
  TestLake(LakeSpec lake, TablePlan... tables) {
    this(lake, null, Forgetting.NOTHING, tables);
    recall(tables);
  }

  /** The same, with keys that are forgotten. */
  TestLake(Path directory, Forgetting forgetting, TablePlan... tables) {
    this(TestMirror.lake(directory), null, forgetting, tables);
    recall(tables);
  }

  /** The same for a file that is applied. */
  static TestLake ofFile(Path directory, TablePlan... tables) {
    List<TablePlan> plans = List.of(tables);
    LakeSpec spec = TestMirror.lake(directory);
    Generations.Start start = start(spec, null, plans).ofFile();
    TestLake lake = new TestLake(spec, null, Forgetting.NOTHING, start, plans);
    lake.recall(tables);
    return lake;
  }

  private void recall(TablePlan... tables) {
    LakeRecall recall = new LakeRecall(catalog);
    for (TablePlan table : tables) {
      for (byte[] task : recall.start(table).tasks()) {
        try (RecallReader reader = recall.open(table, task, 0)) {
          reader
              .next(Integer.MAX_VALUE)
              .forEach(found -> resolver.recall(found.key(), found.memory()));
        }
      }
    }
  }

  /** A start that goes on from a state, taken from an earlier one. */
  TestLake(Path directory, Saved saved, TablePlan... tables) {
    this(TestMirror.lake(directory), saved, tables);
  }

  /** The same in a lake of any kind. */
  TestLake(LakeSpec lake, Saved saved, TablePlan... tables) {
    this(lake, saved, Forgetting.NOTHING, tables);
  }

  private TestLake(LakeSpec lake, Saved saved, Forgetting rule, TablePlan... tables) {
    this(lake, saved, rule, start(lake, saved, List.of(tables)), List.of(tables));
  }

  private static Generations.Start start(LakeSpec lake, Saved saved, List<TablePlan> plans) {
    Takeover.From from = saved == null ? Takeover.From.LAKE : Takeover.From.STATE;
    try (LakeCatalog catalog = LakeCatalog.initialise(lake, SecretSource.ofProcess())) {
      return Takeover.of(catalog, "mirror", OnHistoryLost.STOP, plans, from);
    }
  }

  /** The next attempt of this start, after a failure: it goes on from a state of this one. */
  TestLake nextAttempt(Path directory, Saved saved) {
    return new TestLake(
        TestMirror.lake(directory), saved, Forgetting.NOTHING, start, plan.tables());
  }

  private TestLake(
      LakeSpec lake, Saved saved, Forgetting rule, Generations.Start start, List<TablePlan> plans) {
    this.start = start;
    this.rule = rule;
    catalog = LakeCatalog.initialise(lake, SecretSource.ofProcess());
    plan = TestMirror.plan(lake, start.generation(), plans);
    EpochCloser.State state =
        saved == null
            ? EpochCloser.State.start(start.lastEpoch(), start.floors(plans))
            : saved.commit().closer();
    sinceEpoch =
        saved != null && saved.commit().generation() == start.generation()
            ? saved.commit().sinceEpoch()
            : state.lastEpoch() + 1;
    closer =
        new EpochCloser(
            CommitIds.of("mirror", start.generation(), Closing.BY_CHECKPOINT).from(start.origin()),
            start.generation(),
            names(plans),
            state,
            () -> 0);
    known = saved == null ? start.epochs() : saved.commit().committedEpochs();
    committed.putAll(known);
    if (saved != null) {
      memory.putAll(saved.memory());
      window = saved.window();
    }
    writes =
        new MirrorWrites(
            plan, LakeCatalog.open(plan.spec().lake(), SecretSource.ofProcess()), 0, 0);
    Map<Integer, Forgetting> forgetting = new HashMap<>();
    plans.forEach(table -> forgetting.put(table.number(), rule));
    resolver =
        new Resolver<>(new MapStore(), new RowArena(), writes, forgetting, start.horizons(plans));
  }

  /** What a savepoint holds. */
  record Saved(CommitState commit, Map<KeyId, Memory> memory, long window) {}

  Saved save() {
    return save(List.of());
  }

  /**
   * @param pending what was closed and is not committed
   */
  Saved save(List<Committable> pending) {
    return new Saved(
        new CommitState(
            start.generation(), sinceEpoch, closer.state(), pending, Map.copyOf(committed)),
        Map.copyOf(memory),
        window);
  }

  RestoreCheck restoreCheck(Saved saved, OnLakeAhead policy) {
    return new RestoreCheck(catalog, plan, saved.commit(), policy, new Patience(5_000, 1, 20));
  }

  private static Map<Integer, String> names(List<TablePlan> plans) {
    Map<Integer, String> names = new LinkedHashMap<>();
    plans.forEach(table -> names.put(table.number(), table.name()));
    return names;
  }

  private final class MapStore implements MemoryStore {
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

  /** Time passes, and every key is looked at. */
  void watermark(long millis) {
    watermarkMillis = millis;
    memory.keySet().forEach(resolver::due);
  }

  void upsert(String table, long id, long version, String place, String text) {
    offer(table, Operation.UPSERT, id, version, place, text);
  }

  void delete(String table, long id, long version) {
    offer(table, Operation.DELETE, id, version, "", "");
  }

  void reject(String table, LedgerEntry entry) {
    resolver.reject(planOf(table).number(), entry);
  }

  private void offer(
      String table, Operation operation, long id, long version, String place, String text) {
    TablePlan planned = planOf(table);
    RowBuffer buffer = new RowBuffer(planned.layout().storedColumns());
    ChangeAssembler assembler = new ChangeAssembler(planned.layout(), buffer);
    assembler.reset();
    assembler.writeLong(0, id);
    assembler.writeLong(1, version);
    bytes(assembler, 2, place);
    bytes(assembler, 3, text);
    resolver.offer(
        new MirrorRecord.Change(
            assembler.key(),
            operation,
            assembler.rank(operation),
            version * MILLIS_PER_VERSION,
            buffer.take()),
        Math.max(watermarkMillis, start.watermarks().get(table)));
  }

  private static void bytes(ChangeAssembler assembler, int column, String text) {
    if (text == null) {
      assembler.writeNull(column);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assembler.writeBytes(column, bytes, 0, bytes.length);
  }

  private TablePlan planOf(String table) {
    return plan.tables().stream().filter(found -> found.name().equals(table)).findFirst().get();
  }

  /** What a writer does before a barrier. */
  List<Part> flush() throws IOException {
    resolver.flush(ONE_GROUP, watermarkMillis);
    Map<Integer, Counts> counts = resolver.drainCounts();
    List<Part> parts = writes.drain(counts, table -> watermarkMillis);
    parts.forEach(closer::add);
    return parts;
  }

  /** A window of one chunk is read to its end, for every table. */
  void window(String position) {
    for (TablePlan table : plan.tables()) {
      for (Progress.Step step : Progress.Step.values()) {
        closer.add(new Progress(table.number(), step, window, 0, 1, position, 0));
      }
    }
    window++;
  }

  /** Flushes, closes the epoch with a position for every table, and returns what to commit. */
  List<Committable> epoch(String position) throws IOException {
    flush();
    window(position);
    return close(closer);
  }

  /** The same in the middle of a window: no table has a position. */
  List<Committable> epochWithinWindow() throws IOException {
    flush();
    return close(closer);
  }

  private List<Committable> close(EpochCloser epochs) {
    return epochs.close().stream().map(one -> one.own() ? one : one.forgettingBy(rule)).toList();
  }

  TableCommitter committer() {
    return committer(catalog);
  }

  TableCommitter committer(LakeCatalog over) {
    return new TableCommitter(
        over, "mirror", start.generation(), new Patience(5_000, 1, 20), known, CommitObserver.NONE);
  }

  /** The same lake, through a catalog that goes wrong. */
  LakeCatalog over(FaultyCatalog faulty) {
    return new LakeCatalog(faulty, catalog.namespace(), "");
  }

  void commit(List<Committable> committables) throws InterruptedException {
    for (Committable committable : committables) {
      committer().commit(committable);
      committed.merge(committable.name(), committable.epoch(), Math::max);
    }
  }

  Table table(String name) {
    return catalog.load(name);
  }

  TreeMap<Long, String> texts(String table) {
    return LakeRows.texts(table(table));
  }

  @Override
  public void close() {
    writes.close();
    catalog.close();
  }
}
