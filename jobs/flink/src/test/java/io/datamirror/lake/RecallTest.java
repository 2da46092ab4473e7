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
import io.datamirror.error.MirrorException;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.Transform;
import io.datamirror.stream.LakeRow;
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
import java.util.OptionalLong;
import java.util.Random;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ScanTaskParser;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lake gives back is what the changes were: keys, ranks, partitions and times. */
class RecallTest {

  private static final int ROWS = 60;
  private static final int IDS = 3;
  private static final int COMMITS = 12;

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
        Committing.commit(catalog, plan, 1, writes.drain(Map.of(), number -> Long.MIN_VALUE));
        deleteEveryThird(table, writes, remembered, rows);
        Committing.commit(catalog, plan, 2, writes.drain(Map.of(), number -> Long.MIN_VALUE));
      }

      assertThat(recalled(catalog, table)).as("seed " + seed).isEqualTo(remembered);
    }
  }

  /** Every commit deletes from all files before it. */
  @Test
  void what_is_kept_of_a_start_grows_with_the_commits_and_not_with_their_square() throws Exception {
    long few = keptBytes(directory.resolve("few"), 20);
    long many = keptBytes(directory.resolve("many"), 40);

    assertThat(many).isBetween(few, few * 5 / 2);
  }

  private static long keptBytes(Path directory, int commits) throws Exception {
    TablePlan table = TestMirror.table("t");
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      replaceAgainAndAgain(catalog, TestMirror.lake(directory), table, commits);
      return new LakeRecall(catalog)
          .start(table).tasks().stream().mapToLong(task -> task.length).sum();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void parts_of_any_size_give_the_same(int files) throws Exception {
    for (TablePlan table : List.of(TestMirror.table("whole"), byPlace("by_place"))) {
      Path lake = directory.resolve(table.name());
      try (LakeCatalog catalog = TestMirror.catalog(lake)) {
        Map<KeyId, Memory> remembered =
            replaceAgainAndAgain(catalog, TestMirror.lake(lake), table, COMMITS);
        LakeRecall recall = new LakeRecall(catalog, Long.MAX_VALUE, files);
        List<byte[]> parts = recall.start(table).tasks();

        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(recalled(recall, table, parts)).as(table.name()).isEqualTo(remembered);
        assertThat(rows(recall, table, parts)).as(table.name()).isEqualTo(present(remembered));
        assertThat(recalled(catalog, table)).as(table.name()).isEqualTo(remembered);
      }
    }
  }

  private static Map<KeyId, Memory> present(Map<KeyId, Memory> remembered) {
    Map<KeyId, Memory> present = new HashMap<>(remembered);
    present.values().removeIf(memory -> !memory.present());
    return present;
  }

  private static Map<KeyId, Memory> rows(LakeRecall recall, TablePlan table, List<byte[]> parts) {
    Map<KeyId, Memory> rows = new HashMap<>();
    for (byte[] part : parts) {
      try (RecallReader reader = recall.open(table, part, 0)) {
        for (LakeRow row : reader.rows(Integer.MAX_VALUE, OptionalLong.empty())) {
          rows.put(row.deletion().key(), row.present().memory());
        }
      }
    }
    return rows;
  }

  @Test
  void the_files_of_a_partition_are_one_run() throws Exception {
    TablePlan table = TestMirror.table("t");
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      replaceAgainAndAgain(catalog, TestMirror.lake(directory), table, COMMITS);
      byte[] rows = new LakeRecall(catalog).start(table).tasks().get(0);

      assertThat(RecallTask.kindOf(rows)).isEqualTo(RecallTask.Kind.ROWS);
      List<List<FileScanTask>> runs = RecallTask.fromBytes(rows, catalog.load("t")).runs();
      assertThat(runs).hasSize(1);
      assertThat(runs.get(0)).hasSize(COMMITS);
      assertThat(runs.get(0).get(0).deletes()).isEmpty();
      assertThat(runs.get(0).get(COMMITS - 1).deletes()).hasSizeGreaterThan(COMMITS / 2);
    }
  }

  @Test
  void parts_that_an_earlier_release_planned_are_gone_on_with_in_any_order_of_their_files()
      throws Exception {
    TablePlan table = byPlace("t");
    try (LakeCatalog catalog = TestMirror.catalog(directory)) {
      Map<KeyId, Memory> remembered =
          replaceAgainAndAgain(catalog, TestMirror.lake(directory), table, COMMITS);
      for (long seed = 1; seed <= 5; seed++) {
        List<byte[]> before = plannedBefore(catalog, table, new Random(seed));

        assertThat(recalled(new LakeRecall(catalog), table, before))
            .as("seed " + seed)
            .isEqualTo(remembered);
      }
    }
  }

  @Test
  void a_part_that_a_later_release_planned_is_refused() {
    assertThatThrownBy(() -> RecallTask.kindOf(new byte[] {9}))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-3010 recall: what was still to be read from the lake is written in version 9, by"
                + " a later release; this one reads up to 2. Go on with the release that wrote it,"
                + " or start from the lake, without the savepoint");
  }

  /** Layout and plan of the first release: each file with its deletes, in whatever order. */
  private static List<byte[]> plannedBefore(LakeCatalog catalog, TablePlan table, Random random)
      throws IOException {
    TableScan tombstones =
        catalog
            .load(OwnTable.TOMBSTONES.tableName())
            .newScan()
            .filter(Expressions.equal(OwnTable.TABLE_COLUMN, table.name()));
    return List.of(
        plannedBefore("ROWS", catalog.load(table.name()).newScan(), random),
        plannedBefore("TOMBSTONES", tombstones, random));
  }

  private static byte[] plannedBefore(String kind, TableScan scan, Random random)
      throws IOException {
    List<FileScanTask> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned = scan.planFiles()) {
      planned.forEach(files::add);
    }
    assertThat(files).as(kind).hasSizeGreaterThan(2);
    Collections.shuffle(files, random);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(1);
      out.writeUTF(kind);
      out.writeInt(files.size());
      for (FileScanTask file : files) {
        byte[] json = ScanTaskParser.toJson(file).getBytes(StandardCharsets.UTF_8);
        out.writeInt(json.length);
        out.write(json);
      }
    }
    return bytes.toByteArray();
  }

  private static TablePlan byPlace(String name) {
    return TestMirror.table(name, new PartitionField(Transform.IDENTITY, 0, "PLACE"));
  }

  /**
   * Each epoch brings a new key, and replaces one of those that are always there; every third
   * deletes the key that the one before brought. What must be remembered then.
   */
  private static Map<KeyId, Memory> replaceAgainAndAgain(
      LakeCatalog catalog, LakeSpec spec, TablePlan table, int epochs) throws Exception {
    MirrorPlan plan = start(catalog, spec, table);
    try (MirrorWrites writes =
        new MirrorWrites(plan, LakeCatalog.open(spec, SecretSource.ofProcess()), 0, 0)) {
      Life life = new Life(table, writes);
      for (int epoch = 1; epoch <= epochs; epoch++) {
        life.upsert(epoch % IDS, epoch);
        life.upsert(1_000 + epoch, epoch);
        if (epoch % 3 == 0) {
          life.delete(1_000 + epoch - 1, epoch);
        }
        Committing.commit(catalog, plan, epoch, writes.drain(Map.of(), number -> Long.MIN_VALUE));
      }
      return life.remembered;
    }
  }

  /** Writes rows of an id, a version and a place that the id has for good. */
  private static final class Life {
    private final TablePlan table;
    private final MirrorWrites writes;
    private final RowBuffer buffer;
    private final ChangeAssembler assembler;
    private final Map<KeyId, Memory> remembered = new HashMap<>();

    Life(TablePlan table, MirrorWrites writes) {
      this.table = table;
      this.writes = writes;
      this.buffer = new RowBuffer(table.layout().storedColumns());
      this.assembler = new ChangeAssembler(table.layout(), buffer);
    }

    void upsert(long id, long version) {
      BinaryRowData row = row(id, version);
      byte[] partition = writes.partition(table.number(), row);
      if (remembered.containsKey(assembler.key())) {
        writes.remove(table.number(), row, partition);
      }
      writes.insert(table.number(), row, partition);
      byte[] rank = assembler.rank(Operation.UPSERT);
      remembered.put(assembler.key(), Memory.present(rank, partition, assembler.timeMillis()));
    }

    void delete(long id, long version) {
      BinaryRowData row = row(id, version);
      byte[] rank = assembler.rank(Operation.DELETE);
      writes.remove(table.number(), row, writes.partition(table.number(), row));
      writes.bury(assembler.key(), row, rank, Long.MIN_VALUE);
      remembered.put(assembler.key(), Memory.tombstone(rank, Long.MIN_VALUE));
    }

    private BinaryRowData row(long id, long version) {
      byte[] place = {(byte) ('a' + id % 2)};
      assembler.reset();
      assembler.writeLong(0, id);
      assembler.writeLong(1, version);
      assembler.writeBytes(2, place, 0, place.length);
      assembler.writeNull(3);
      return buffer.take();
    }
  }

  private static PartitionField[] none() {
    return new PartitionField[0];
  }

  private static MirrorPlan start(LakeCatalog catalog, LakeSpec spec, TablePlan table) {
    Generations.Start start =
        Takeover.of(catalog, "mirror", OnHistoryLost.STOP, List.of(table), Takeover.From.LAKE);
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
