package io.datamirror.bench.micro;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.lake.RowBuffer;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Forgetting;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryPage;
import io.datamirror.resolve.MemoryPages;
import io.datamirror.resolve.MemoryStore;
import io.datamirror.resolve.Resolver;
import io.datamirror.resolve.TableWrites;
import io.datamirror.stream.MemoryPageSerializer;
import io.datamirror.stream.MemorySerializer;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecordSerializer;
import io.datamirror.stream.RowArena;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.ByteArrayOutputStreamWithPos;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What every change passes, apart from the database, the shuffle and Parquet; nanoseconds each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class InnerLoops {

  private static final int CHANGES = 500_000;
  private static final int KEYS = 200_000;

  private static final List<Column> COLUMNS =
      List.of(
          column("id", Kind.LONG),
          column("ver", Kind.LONG),
          column("ts", Kind.TIMESTAMP),
          column("status", Kind.STRING),
          column("price", Kind.DOUBLE),
          column("comment", Kind.STRING),
          column("flag", Kind.BOOLEAN),
          column("c2", Kind.INT));
  private static final ChangeLayout LAYOUT =
      new ChangeLayout("t", COLUMNS, List.of(0), List.of(1), -1, -1, ChangeLayout.Tie.DELETE_WINS);
  private static final byte[] STATUS = "SHIPPED".getBytes(StandardCharsets.UTF_8);
  private static final byte[] COMMENT =
      "0123456789abcdef0123456789abcdef01234567".getBytes(StandardCharsets.UTF_8);

  private final RowBuffer buffer = new RowBuffer(LAYOUT.storedColumns());
  private final ChangeAssembler assembler = new ChangeAssembler(LAYOUT, buffer);
  private final MirrorRecord.Change change = change(4_711, 42);
  private final Memory memory = Memory.present(change.rank(), Memory.NO_PARTITION, 0);
  private final DataOutputSerializer output = new DataOutputSerializer(1_024);
  private final DataInputDeserializer input = new DataInputDeserializer();
  private final ByteArrayOutputStreamWithPos snapshot = new ByteArrayOutputStreamWithPos(1_024);
  private final DataOutputView stream = new DataOutputViewStreamWrapper(snapshot);
  private final MirrorRecord.Change[] changes = changes();
  private final Collection<MemoryPage> pages = pages();

  private static Column column(String name, Kind kind) {
    return new Column(name, name, ColumnType.of(kind), false);
  }

  private MirrorRecord.Change[] changes() {
    MirrorRecord.Change[] made = new MirrorRecord.Change[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      made[i] = change((i * 7_919L) % KEYS, i);
    }
    return made;
  }

  private MirrorRecord.Change change(long id, long version) {
    assembler.reset();
    assembler.writeLong(0, id);
    assembler.writeLong(1, version);
    assembler.writeLong(2, version * 10_000);
    assembler.writeBytes(3, STATUS, 0, STATUS.length);
    assembler.writeDouble(4, version * 0.25);
    assembler.writeBytes(5, COMMENT, 0, COMMENT.length);
    assembler.writeBoolean(6, true);
    assembler.writeInt(7, (int) version);
    return new MirrorRecord.Change(
        assembler.key(),
        Operation.UPSERT,
        assembler.rank(Operation.UPSERT),
        assembler.timeMillis(),
        buffer.take());
  }

  private Collection<MemoryPage> pages() {
    MemoryPages table = new MemoryPages();
    for (MirrorRecord.Change next : changes) {
      table.remember(next.key(), Memory.present(next.rank(), Memory.NO_PARTITION, 0));
    }
    return table.drain().written().values();
  }

  /** From values to a change: row, key, rank, content hash. */
  @Benchmark
  public MirrorRecord.Change assemble() {
    return change(4_711, 42);
  }

  /** A change over the wire between two tasks. */
  @Benchmark
  public MirrorRecord shuffle() throws IOException {
    output.clear();
    MirrorRecordSerializer.INSTANCE.serialize(change, output);
    input.setBuffer(output.getSharedBuffer(), 0, output.length());
    return MirrorRecordSerializer.INSTANCE.deserialize(input);
  }

  /** What is remembered of a key, into state and out again. */
  @Benchmark
  public Memory remember() throws IOException {
    output.clear();
    MemorySerializer.INSTANCE.serialize(memory, output);
    input.setBuffer(output.getSharedBuffer(), 0, output.length());
    return MemorySerializer.INSTANCE.deserialize(input);
  }

  /** Keys and what is remembered of them, into a snapshot of state that is on the heap. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public int snapshot() throws IOException {
    snapshot.reset();
    for (MemoryPage page : pages) {
      MemoryPageSerializer.INSTANCE.serialize(page, stream);
    }
    return snapshot.getPosition();
  }

  /** The law over an epoch: fold, judge, remember in a plain map, write nothing. */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Object resolve() {
    int table = LAYOUT.tableNumber();
    Resolver<BinaryRowData> resolver =
        new Resolver<>(
            new MapStore(), new RowArena(), new NoWrites(), Map.of(table, Forgetting.NOTHING));
    for (MirrorRecord.Change next : changes) {
      resolver.offer(next, Long.MIN_VALUE);
    }
    resolver.flush(Long.MIN_VALUE);
    return resolver.drainCounts();
  }

  /** State that is a map. */
  private static final class MapStore implements MemoryStore {
    private final Map<KeyId, Memory> memories = new HashMap<>();

    @Override
    public Memory recall(KeyId key) {
      return memories.get(key);
    }

    @Override
    public void remember(KeyId key, Memory memory) {
      memories.put(key, memory);
    }

    @Override
    public void forget(KeyId key) {
      memories.remove(key);
    }
  }

  /** A table that takes everything and keeps nothing. */
  static final class NoWrites implements TableWrites<BinaryRowData> {
    @Override
    public byte[] partition(int table, BinaryRowData row) {
      return Memory.NO_PARTITION;
    }

    @Override
    public void insert(int table, BinaryRowData row, byte[] partition) {}

    @Override
    public void remove(int table, BinaryRowData row, byte[] partition) {}

    @Override
    public void bury(KeyId key, BinaryRowData row, byte[] rank, long timeMillis) {}

    @Override
    public void unbury(KeyId key) {}

    @Override
    public void complete(int table) {}

    @Override
    public void expect(int table, int rows) {}

    @Override
    public void record(LedgerEntry entry) {}

    @Override
    public void record(
        int table, LedgerReason reason, BinaryRowData row, long timeMillis, String error) {}
  }
}
