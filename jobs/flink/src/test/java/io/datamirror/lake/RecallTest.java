package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.commit.Committing;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.Transform;
import io.datamirror.stream.MirrorRecord.Recall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the lake gives back is what the changes were: keys, ranks, partitions and times. */
class RecallTest {

  private static final int ROWS = 60;

  @TempDir Path directory;

  /** One column of every type, the key among them once more; every third value is null. */
  private static ChangeLayout layout(Kind key) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("K", "k", type(key), true));
    for (Kind kind : Kind.values()) {
      columns.add(new Column(kind.name(), "c_" + kind.ordinal(), type(kind), false));
    }
    columns.add(new Column("WIDE", "wide", ColumnType.decimal(38, 10), false));
    columns.add(new Column("CONTROL", null, type(Kind.STRING), false));
    int version = 1 + Kind.LONG.ordinal();
    int time = 1 + Kind.TIMESTAMP_WITH_ZONE.ordinal();
    return new ChangeLayout(
        "t", columns, List.of(0), List.of(version), -1, time, ChangeLayout.Tie.DELETE_WINS);
  }

  private static ColumnType type(Kind kind) {
    return kind == Kind.DECIMAL ? ColumnType.decimal(18, 4) : ColumnType.of(kind);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FLOAT", "DOUBLE"})
  void a_row_of_the_lake_has_the_key_rank_and_time_of_its_change(Kind key) throws Exception {
    long seed = 40 + key.ordinal();
    PartitionField[] partitions = {
      new PartitionField(Transform.TRUNCATE, 2, "STRING"),
      new PartitionField(Transform.MONTH, 0, "TIMESTAMP_WITH_ZONE"),
      new PartitionField(Transform.IDENTITY, 0, "DATE")
    };
    TablePlan table = TestMirror.table(layout(key), key == Kind.LONG ? partitions : none());
    LakeSpec spec = TestMirror.lake(directory);
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      MirrorPlan plan = start(catalog, spec, table);
      Map<KeyId, Memory> remembered = new LinkedHashMap<>();
      Map<KeyId, BinaryRowData> rows = new HashMap<>();
      try (MirrorWrites writes =
          new MirrorWrites(plan, LakeCatalog.open(spec, SecretSource.ofProcess()), 0, 0)) {
        insert(table, writes, new Random(seed), remembered, rows);
        Committing.commit(catalog, plan, 1, writes.drain(Map.of(), Long.MIN_VALUE));
        deleteEveryThird(table, writes, remembered, rows);
        Committing.commit(catalog, plan, 2, writes.drain(Map.of(), Long.MIN_VALUE));
      }

      assertThat(recalled(catalog, table)).as("seed " + seed).isEqualTo(remembered);
    }
  }

  private static PartitionField[] none() {
    return new PartitionField[0];
  }

  private static MirrorPlan start(LakeCatalog catalog, LakeSpec spec, TablePlan table) {
    Generations.Start start = Takeover.of(catalog, "mirror", List.of(table), Takeover.From.LAKE);
    return TestMirror.plan(spec, start.generation(), List.of(table));
  }

  private static void insert(
      TablePlan table,
      MirrorWrites writes,
      Random random,
      Map<KeyId, Memory> remembered,
      Map<KeyId, BinaryRowData> rows) {
    List<Column> columns = table.layout().columns();
    RowBuffer buffer = new RowBuffer(table.layout().storedColumns());
    ChangeAssembler assembler = new ChangeAssembler(table.layout(), buffer);
    RandomValues values = new RandomValues(random);
    for (int i = 0; i < ROWS; i++) {
      assembler.reset();
      for (int column = 0; column < columns.size(); column++) {
        if (column == 0 || random.nextInt(3) > 0) {
          values.write(assembler, column, columns.get(column).type());
        } else {
          assembler.writeNull(column);
        }
      }
      KeyId key = assembler.key();
      if (remembered.containsKey(key)) {
        continue;
      }
      BinaryRowData row = buffer.take();
      byte[] partition = writes.partition(table.number(), row);
      writes.insert(table.number(), row, partition);
      remembered.put(
          key, Memory.present(assembler.rank(Operation.UPSERT), partition, assembler.timeMillis()));
      rows.put(key, row);
    }
  }

  private static void deleteEveryThird(
      TablePlan table,
      MirrorWrites writes,
      Map<KeyId, Memory> remembered,
      Map<KeyId, BinaryRowData> rows) {
    int count = 0;
    for (KeyId key : List.copyOf(remembered.keySet())) {
      if (count++ % 3 == 0) {
        writes.remove(table.number(), rows.get(key), remembered.get(key).partition());
        byte[] rank = {1, 2, (byte) count};
        long time = count % 2 == 0 ? Long.MIN_VALUE : 1_700_000_000_123L + count;
        writes.bury(key, rows.get(key), rank, time);
        remembered.put(key, Memory.tombstone(rank, time));
      }
    }
  }

  /** Everything that is recalled, read again in the middle of every part. */
  private static Map<KeyId, Memory> recalled(LakeCatalog catalog, TablePlan table) {
    Map<KeyId, Memory> recalled = new HashMap<>();
    LakeRecall recall = new LakeRecall(catalog);
    for (byte[] task : recall.start(table).tasks()) {
      List<Recall> whole;
      try (RecallReader reader = recall.open(table, task, 0)) {
        whole = reader.next(Integer.MAX_VALUE);
      }
      int middle = whole.size() / 2;
      List<Recall> pieced = new ArrayList<>();
      try (RecallReader reader = recall.open(table, task, 0)) {
        pieced.addAll(reader.next(middle));
      }
      try (RecallReader reader = recall.open(table, task, middle)) {
        pieced.addAll(reader.next(Integer.MAX_VALUE));
      }
      assertThat(pieced).isEqualTo(whole);
      for (Recall one : whole) {
        assertThat(recalled.put(one.key(), one.memory())).as("one memory a key").isNull();
      }
    }
    return recalled;
  }
}
