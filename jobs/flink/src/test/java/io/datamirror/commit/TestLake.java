package io.datamirror.commit;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.LakeTables;
import io.datamirror.lake.MirrorWrites;
import io.datamirror.lake.RowBuffer;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryStore;
import io.datamirror.resolve.Resolver;
import io.datamirror.spec.SecretSource;
import io.datamirror.stream.MirrorRecord.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.Table;

/**
 * A mirror without Flink: one resolver that writes into a real lake, and the closer of its epochs.
 * Every start has a memory of its own, empty as that of a job without state.
 */
final class TestLake implements AutoCloseable {

  static final Comparator<KeyId> ORDER =
      Comparator.comparingLong(KeyId::high).thenComparingLong(KeyId::low);

  final LakeCatalog catalog;
  final MirrorPlan plan;
  final Generations.Start start;
  final EpochCloser closer;
  final Map<KeyId, Memory> memory = new HashMap<>();

  private final MirrorWrites writes;
  private final Resolver<BinaryRowData> resolver;
  private long window;

  TestLake(Path directory, TablePlan... tables) {
    this(directory, null, tables);
  }

  /**
   * @param state what the closer remembers; null for a start without state
   */
  TestLake(Path directory, EpochCloser.State state, TablePlan... tables) {
    catalog = TestMirror.catalog(directory);
    List<TablePlan> plans = List.of(tables);
    new LakeTables(catalog, "mirror").prepare(plans);
    start = new Generations(catalog).take(plans.stream().map(TablePlan::name).toList());
    plan = TestMirror.plan(TestMirror.lake(directory), start.generation(), plans);
    EpochCloser.State from =
        state == null ? new EpochCloser.State(start.lastEpoch(), List.of()) : state;
    closer = new EpochCloser("mirror", start.generation(), names(plans), from, () -> 0);
    writes =
        new MirrorWrites(
            plan, LakeCatalog.open(plan.spec().lake(), SecretSource.ofProcess()), 0, 0);
    Map<Integer, Forgetting> forgetting = new HashMap<>();
    plans.forEach(table -> forgetting.put(table.number(), Forgetting.NOTHING));
    resolver = new Resolver<>(new MapStore(), writes, forgetting);
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

  void upsert(String table, long id, long version, String place, String text) {
    offer(table, Operation.UPSERT, id, version, place, text);
  }

  void delete(String table, long id, long version) {
    offer(table, Operation.DELETE, id, version, "", "");
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
    BinaryRowData row = buffer.take();
    resolver.offer(
        assembler.key(), operation, assembler.rank(operation), Long.MIN_VALUE, row, 100, 0);
  }

  private static void bytes(ChangeAssembler assembler, int column, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assembler.writeBytes(column, bytes, 0, bytes.length);
  }

  private TablePlan planOf(String table) {
    return plan.tables().stream().filter(found -> found.name().equals(table)).findFirst().get();
  }

  /** What a writer does before a barrier. */
  List<Part> flush() throws IOException {
    resolver.flush(ORDER, Long.MIN_VALUE);
    Map<Integer, Counts> counts = resolver.drainCounts();
    List<Part> parts = writes.drain(counts);
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
    return closer.close();
  }

  TableCommitter committer() {
    return new TableCommitter(catalog, "mirror", start.generation(), new Patience(5_000, 1, 20));
  }

  void commit(List<Committable> committables) throws InterruptedException {
    for (Committable committable : committables) {
      committer().commit(committable);
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
