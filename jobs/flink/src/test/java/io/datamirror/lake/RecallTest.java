package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ScanTaskParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the lake gives back is what the changes were: keys, ranks, partitions and times. */
class RecallTest {

  private static final int ROWS = 60;
  private static final int IDS = 3;

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

  /** Every commit deletes from all files before it. */
  @Test
  void what_is_kept_of_a_start_grows_with_the_commits_and_not_with_their_square() throws Exception {
    long few = keptBytes(directory.resolve("few"), 20);
    long many = keptBytes(directory.resolve("many"), 40);

    assertThat(many).isBetween(few * 3 / 2, few * 5 / 2);
  }

  private static long keptBytes(Path directory, int commits) throws Exception {
    TablePlan table = TestMirror.table("t");
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      replaceAgainAndAgain(catalog, TestMirror.lake(directory), table, commits);
      return new LakeRecall(catalog)
          .start(table).tasks().stream().mapToLong(task -> task.length).sum();
    }
  }

  @Test
  void parts_that_an_earlier_release_planned_are_gone_on_with_in_any_order_of_their_files()
      throws Exception {
    TablePlan table = TestMirror.table("t");
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      replaceAgainAndAgain(catalog, TestMirror.lake(directory), table, 12);
      LakeRecall recall = new LakeRecall(catalog);
      List<byte[]> planned = recall.start(table).tasks();
      Map<KeyId, Memory> expected = recalled(recall, table, planned);
      assertThat(expected).hasSize(IDS + 12);

      for (long seed = 1; seed <= 10; seed++) {
        Random random = new Random(seed);
        List<byte[]> before = new ArrayList<>();
        for (byte[] task : planned) {
          before.add(asBefore(catalog, table, task, random));
        }
        assertThat(recalled(recall, table, before)).as("seed " + seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void a_part_that_a_later_release_planned_is_refused() {
    assertThatThrownBy(() -> RecallTask.kindOf(new byte[] {9}))
        .hasMessageContaining(
            "a part of a recall of version 9 was written by a later release; this one reads up to"
                + " 2");
  }

  /** The layout of the first release: each file with its deletes, in no order. */
  private static byte[] asBefore(LakeCatalog catalog, TablePlan table, byte[] task, Random random)
      throws IOException {
    String name =
        switch (RecallTask.kindOf(task)) {
          case ROWS -> table.name();
          case TOMBSTONES -> OwnTable.TOMBSTONES.tableName();
        };
    RecallTask planned = RecallTask.fromBytes(task, catalog.load(name));
    List<FileScanTask> files =
        planned.runs().stream().flatMap(List::stream).collect(Collectors.toList());
    Collections.shuffle(files, random);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(1);
      out.writeUTF(planned.kind().name());
      out.writeInt(files.size());
      for (FileScanTask file : files) {
        byte[] json = ScanTaskParser.toJson(file).getBytes(StandardCharsets.UTF_8);
        out.writeInt(json.length);
        out.write(json);
      }
    }
    return bytes.toByteArray();
  }

  /** Each epoch brings a new key, and replaces one of those that are always there. */
  private static void replaceAgainAndAgain(
      LakeCatalog catalog, LakeSpec spec, TablePlan table, int epochs) throws Exception {
    MirrorPlan plan = start(catalog, spec, table);
    RowBuffer buffer = new RowBuffer(table.layout().storedColumns());
    try (MirrorWrites writes =
        new MirrorWrites(plan, LakeCatalog.open(spec, SecretSource.ofProcess()), 0, 0)) {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        int replaced = epoch % IDS;
        if (epoch > IDS) {
          writes.remove(table.number(), row(buffer, replaced, epoch), Memory.NO_PARTITION);
        }
        writes.insert(table.number(), row(buffer, replaced, epoch), Memory.NO_PARTITION);
        writes.insert(table.number(), row(buffer, 1_000 + epoch, epoch), Memory.NO_PARTITION);
        Committing.commit(catalog, plan, epoch, writes.drain(Map.of(), Long.MIN_VALUE));
      }
    }
  }

  private static BinaryRowData row(RowBuffer buffer, long id, long version) {
    buffer.reset();
    buffer.writeLong(0, id);
    buffer.writeLong(1, version);
    return buffer.take();
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
    LakeRecall recall = new LakeRecall(catalog);
    return recalled(recall, table, recall.start(table).tasks());
  }

  private static Map<KeyId, Memory> recalled(
      LakeRecall recall, TablePlan table, List<byte[]> tasks) {
    Map<KeyId, Memory> recalled = new HashMap<>();
    for (byte[] task : tasks) {
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
