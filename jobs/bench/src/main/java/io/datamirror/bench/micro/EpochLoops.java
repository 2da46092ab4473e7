package io.datamirror.bench.micro;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.lake.RowBuffer;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryPages;
import io.datamirror.resolve.MemoryStore;
import io.datamirror.resolve.Resolver;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecordSerializer;
import io.datamirror.stream.RowArena;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * An epoch as a resolver meets it: changes fresh from the wire, their keys in random order, and
 * more of them than a processor's cache holds; nanoseconds a change.
 *
 * <p>What {@link #fold} takes longer than {@link #read} is what the law costs before the flush.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseParallelGC"})
public class EpochLoops {

  private static final int CHANGES = 500_000;
  private static final int KEYS = 200_000;
  private static final int NUMBERS = 12;
  private static final byte[] STATUS = "SHIPPED".getBytes(StandardCharsets.UTF_8);
  private static final byte[] COMMENT =
      "0123456789abcdef0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final ChangeLayout LAYOUT =
      new ChangeLayout(
          "t", columns(), List.of(0), List.of(1), -1, -1, ChangeLayout.Tie.DELETE_WINS);

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(column("id", Kind.LONG));
    columns.add(column("ver", Kind.LONG));
    columns.add(column("status", Kind.STRING));
    columns.add(column("comment", Kind.STRING));
    for (int i = 0; i < NUMBERS; i++) {
      columns.add(column("n" + i, Kind.LONG));
    }
    return columns;
  }

  private static Column column(String name, Kind kind) {
    return new Column(name, name, ColumnType.of(kind), false);
  }

  private static byte[] wire() {
    RowBuffer buffer = new RowBuffer(LAYOUT.storedColumns());
    ChangeAssembler assembler = new ChangeAssembler(LAYOUT, buffer);
    DataOutputSerializer output = new DataOutputSerializer(CHANGES * 256);
    SplittableRandom random = new SplittableRandom(1);
    try {
      for (int i = 0; i < CHANGES; i++) {
        MirrorRecordSerializer.INSTANCE.serialize(
            change(assembler, buffer, random.nextInt(KEYS), i), output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return output.getCopyOfBuffer();
  }

  private static MirrorRecord.Change change(
      ChangeAssembler assembler, RowBuffer buffer, long id, long version) {
    assembler.reset();
    assembler.writeLong(0, id);
    assembler.writeLong(1, version);
    assembler.writeBytes(2, STATUS, 0, STATUS.length);
    assembler.writeBytes(3, COMMENT, 0, COMMENT.length);
    for (int i = 0; i < NUMBERS; i++) {
      assembler.writeLong(4 + i, version + i);
    }
    return new MirrorRecord.Change(
        assembler.key(),
        Operation.UPSERT,
        assembler.rank(Operation.UPSERT),
        assembler.timeMillis(),
        buffer.take());
  }

  /** The bytes of an epoch, and the resolver that takes it. */
  @State(Scope.Thread)
  public static class Epoch {
    private final byte[] wire = wire();
    private final DataInputDeserializer input = new DataInputDeserializer();
    private final PageStore store = new PageStore();
    private final Resolver<BinaryRowData> resolver =
        new Resolver<>(
            store,
            new RowArena(),
            new InnerLoops.NoWrites(),
            Map.of(LAYOUT.tableNumber(), Forgetting.NOTHING));

    void begin() {
      input.setBuffer(wire);
    }

    MirrorRecord.Change next() throws IOException {
      return (MirrorRecord.Change) MirrorRecordSerializer.INSTANCE.deserialize(input);
    }

    void fold() throws IOException {
      begin();
      for (int i = 0; i < CHANGES; i++) {
        resolver.offer(next(), Long.MIN_VALUE);
      }
    }

    @TearDown(Level.Invocation)
    public void letGo() {
      resolver.flush(Long.MIN_VALUE);
    }
  }

  /** An epoch that waits to be flushed, of keys that are all known by older changes. */
  public static class FoldedEpoch extends Epoch {
    @Setup(Level.Invocation)
    public void prepare() throws IOException {
      super.store.age();
      fold();
    }
  }

  /** Changes made of the bytes of the wire, and nothing else. */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public void read(Epoch epoch, Blackhole sink) throws IOException {
    epoch.begin();
    for (int i = 0; i < CHANGES; i++) {
      sink.consume(epoch.next());
    }
  }

  /** The changes of an epoch, read and folded. */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public long fold(Epoch epoch) throws IOException {
    epoch.fold();
    return epoch.resolver.bundleBytes();
  }

  /** What was folded, judged and remembered. A change is one that was folded, not a key. */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public long flush(FoldedEpoch epoch) {
    epoch.letGo();
    return ((Epoch) epoch).resolver.bundleBytes();
  }

  /** State as the heap holds it: pages, in as many parts as there are key groups. */
  private static final class PageStore implements MemoryStore {
    private static final int GROUPS = 128;

    private final MemoryPages[] tables = new MemoryPages[GROUPS];

    PageStore() {
      Arrays.setAll(tables, table -> new MemoryPages());
    }

    private MemoryPages table(KeyId key) {
      return tables[KeyGroupRangeAssignment.assignToKeyGroup(key, GROUPS)];
    }

    @Override
    public Memory recall(KeyId key) {
      return table(key).recall(key);
    }

    @Override
    public void expect(KeyId key) {
      table(key).expect(key);
    }

    @Override
    public void remember(KeyId key, Memory memory) {
      table(key).remember(key, memory);
    }

    @Override
    public void forget(KeyId key) {
      table(key).forget(key);
    }

    /** Makes all that is remembered older than any change. */
    void age() {
      Map<KeyId, Memory> all = new HashMap<>();
      for (MemoryPages table : tables) {
        table.forEach(all::put);
      }
      all.forEach(
          (key, memory) ->
              remember(
                  key,
                  Memory.present(
                      new byte[memory.rank().length], memory.partition(), memory.timeMillis())));
    }
  }
}
