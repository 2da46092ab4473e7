package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.LakeRecall;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TableHistory;
import io.datamirror.lake.TestMirror;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Forgetting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Others look after the lake: they merge files, which leaves deletes behind, and drop snapshots.
 */
class MaintenanceTest {

  private static final TablePlan T = TestMirror.table("t");

  @TempDir Path directory;

  @Test
  void a_lake_that_was_compacted_is_gone_on_from_and_counts_its_rows() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      fill(lake);
      compactAll(lake);
      assertThat(TableHistory.of(lake.table("t")).rows()).isEqualTo(2);

      lake.upsert("t", 3, 2, "a", "three'");
      lake.upsert("t", 4, 1, "a", "four");
      lake.commit(lake.epoch("p3"));
      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:one'", 3L, "2:three'", 4L, "1:four"));
      assertThat(TableHistory.of(lake.table("t")).rows()).isEqualTo(3);
      assertThat(TableSize.of(lake.table("t")).rows()).isEqualTo(3);
    }
  }

  @Test
  void a_lake_whose_snapshots_have_expired_is_enough_to_start_from() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      fill(lake);
      compactAll(lake);
      for (String name : List.of("t", OwnTable.TOMBSTONES.tableName())) {
        Table table = lake.table(name);
        table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
        assertThat(table.snapshots()).hasSize(1);
      }
      TableHistory history = TableHistory.of(lake.table("t"));
      assertThat(history.epoch()).isEqualTo(2);
      assertThat(history.position()).isEqualTo("p2");
      assertThat(history.rows()).isEqualTo(2);
    }
    try (TestLake again = new TestLake(directory, T)) {
      assertThat(again.start.lastEpoch()).isEqualTo(2);
      // All that happened comes again, and one thing more.
      again.upsert("t", 1, 1, "a", "one");
      again.upsert("t", 2, 1, "a", "two");
      again.upsert("t", 1, 2, "a", "one'");
      again.upsert("t", 3, 2, "a", "three'");
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).isEqualTo(Map.of(1L, "2:one'", 3L, "2:three'"));
      assertThat(TableHistory.of(again.table("t")).rows()).isEqualTo(2);
    }
  }

  @Test
  void what_a_table_at_rest_forgets_is_no_leftover_of_a_dead_job() throws Exception {
    TablePlan busy = TestMirror.table("busy");
    Forgetting forgetting = new Forgetting(10_000, false);
    try (TestLake lake = new TestLake(directory, forgetting, T, busy)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      lake.delete("t", 1, 2);
      lake.delete("t", 2, 70);
      lake.commit(lake.epoch("p2"));

      lake.watermark(60_000);
      lake.upsert("busy", 1, 60, "a", "one");
      lake.upsert("t", 2, 3, "a", "older than its deletion");
      lake.commit(lake.epochWithinWindow());
      compact(lake.table(OwnTable.TOMBSTONES.tableName()));

      TableHistory rested = TableHistory.of(lake.table("t"));
      assertThat(rested.epoch()).as("the epoch that it forgot in").isEqualTo(3);
      assertThat(rested.positionEpoch()).isEqualTo(3);
      assertThat(rested.position()).isEqualTo("p2");
      assertThat(rested.watermarkMillis()).isEqualTo(60_000);
    }
    try (TestLake again = new TestLake(directory, forgetting, T, busy)) {
      again.upsert("t", 2, 69, "a", "older than its deletion");
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).isEmpty();
    }
  }

  private static void compactExpireAndDrop(TestLake lake) throws IOException {
    compactAll(lake);
    lake.table(OwnTable.TOMBSTONES.tableName())
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(1)
        .commit();
    lake.catalog.icebergCatalog().dropTable(lake.catalog.identifier("t"));
  }

  @Test
  void tombstones_of_a_table_that_was_dropped_hide_no_row_of_the_new_one() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      fill(lake);
      compactExpireAndDrop(lake);
    }
    try (TestLake anew = new TestLake(directory, T)) {
      anew.upsert("t", 2, 1, "a", "of another source");
      anew.commit(anew.epoch("p1"));
      assertThat(anew.texts("t")).isEqualTo(Map.of(2L, "1:of another source"));
    }
    try (TestLake again = new TestLake(directory, T)) {
      again.upsert("t", 2, 2, "a", "changed");
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).isEqualTo(Map.of(2L, "2:changed"));
    }
  }

  @Test
  void tombstones_of_a_table_that_was_dropped_go_with_a_start_that_does_without_it()
      throws Exception {
    TablePlan other = TestMirror.table("other");
    TestLake.Saved saved;
    try (TestLake lake = new TestLake(directory, T, other)) {
      fill(lake);
      lake.catalog.icebergCatalog().dropTable(lake.catalog.identifier("t"));
    }
    try (TestLake without = new TestLake(directory, other)) {
      assertThat(LakeRows.all(without.table(OwnTable.TOMBSTONES.tableName()))).isEmpty();
      saved = without.save();
    }
    try (TestLake anew = new TestLake(directory, saved, T, other)) {
      anew.upsert("t", 2, 1, "a", "of another source");
      anew.commit(anew.epoch("p1"));
    }
    try (TestLake again = new TestLake(directory, T, other)) {
      again.upsert("t", 2, 3, "a", "changed");
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).isEqualTo(Map.of(2L, "3:changed"));
    }
  }

  @Test
  void a_table_without_an_epoch_remembers_nothing_of_the_one_that_had_its_name() throws Exception {
    TestLake.Saved saved;
    try (TestLake lake = new TestLake(directory, T)) {
      fill(lake);
      compactExpireAndDrop(lake);
      saved = lake.save();
    }
    try (TestLake anew = new TestLake(directory, saved, T)) {
      assertThat(new LakeRecall(anew.catalog).start(T).tasks()).isEmpty();
    }
  }

  @Test
  void what_a_dead_job_left_of_a_table_is_gone_when_the_table_comes_back_to_the_spec()
      throws Exception {
    TablePlan other = TestMirror.table("other");
    try (TestLake first = new TestLake(directory, T, other)) {
      for (String table : List.of("t", "other")) {
        first.upsert(table, 1, 1, "a", "one");
      }
      first.commit(first.epoch("p1"));
      for (String table : List.of("t", "other")) {
        first.delete(table, 1, 2);
      }
      // The job dies between the tombstones and the tables.
      first.committer().commit(first.epoch("p2").get(0));
    }
    try (TestLake without = new TestLake(directory, other)) {
      without.delete("other", 1, 2);
      without.commit(without.epoch("p2"));
      assertThat(without.texts("other")).isEmpty();
    }
    try (TestLake again = new TestLake(directory, T, other)) {
      again.delete("t", 1, 2);
      again.commit(again.epoch("p3"));
      assertThat(again.texts("t")).as("the deletion comes again and finds the row").isEmpty();
    }
  }

  @Test
  void what_a_file_deletes_between_two_positions_stays_deleted_though_it_touches_no_row()
      throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epochWithinWindow());
    }
    try (TestLake file = TestLake.ofFile(directory, T)) {
      file.delete("t", 9, 5);
      file.commit(file.epochWithinWindow());
      TableHistory history = TableHistory.of(file.table("t"));
      assertThat(history.epoch()).isEqualTo(3);
      assertThat(history.positionEpoch()).isEqualTo(1);
    }
    try (TestLake again = new TestLake(directory, T)) {
      again.upsert("t", 9, 3, "a", "older than its deletion");
      again.commit(again.epoch("p2"));
      assertThat(again.texts("t")).containsOnlyKeys(1L, 2L);
    }
  }

  @Test
  void a_table_at_rest_does_not_make_a_start_read_all_that_others_have_deleted_since()
      throws Exception {
    TablePlan busy = TestMirror.table("busy");
    try (TestLake lake = new TestLake(directory, T, busy)) {
      fill(lake);
      for (int id = 1; id <= 4; id++) {
        lake.upsert("busy", id, 1, "a", "one");
      }
      lake.commit(lake.epochWithinWindow());
      for (int id = 1; id <= 4; id++) {
        lake.delete("busy", id, 2);
        lake.commit(lake.epochWithinWindow());
      }
      Table tombstones = lake.table(OwnTable.TOMBSTONES.tableName());
      for (Snapshot between : SnapshotUtil.ancestorsOf(before(tombstones), tombstones::snapshot)) {
        if (!"2".equals(between.summary().get(LakeKeys.EPOCH))) {
          tombstones.io().deleteFile(between.manifestListLocation());
        }
      }
    }
    try (TestLake again = new TestLake(directory, T, busy)) {
      assertThat(again.memory).as("2 rows and a deletion, and 4 deletions").hasSize(7);
    }
  }

  @Test
  void what_is_merged_of_a_table_at_rest_is_no_leftover_of_a_dead_job() throws Exception {
    TablePlan busy = TestMirror.table("busy");
    try (TestLake lake = new TestLake(directory, T, busy)) {
      fill(lake);
      Table tombstones = lake.table(OwnTable.TOMBSTONES.tableName());
      DataFile resting =
          tombstones.currentSnapshot().addedDataFiles(tombstones.io()).iterator().next();
      lake.delete("busy", 1, 2);
      lake.commit(lake.epochWithinWindow());

      tombstones.refresh();
      tombstones
          .newRewrite()
          .deleteFile(resting)
          .addFile(copied(tombstones, resting))
          .dataSequenceNumber(tombstones.currentSnapshot().sequenceNumber())
          .commit();
    }
    try (TestLake again = new TestLake(directory, T, busy)) {
      assertThat(again.memory).as("2 rows and 2 deletions").hasSize(4);
    }
  }

  private static DataFile copied(Table table, DataFile file) throws IOException {
    String copy = file.location() + ".merged.parquet";
    Files.copy(Path.of(URI.create(file.location())), Path.of(URI.create(copy)));
    return DataFiles.builder(table.spec()).copy(file).withPath(copy).build();
  }

  @Test
  void a_table_that_is_rolled_back_behind_a_merge_of_its_deletions_is_refused() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      fill(lake);
      compact(lake.table(OwnTable.TOMBSTONES.tableName()));
      lake.table("t").manageSnapshots().rollbackTo(before(lake.table("t"))).commit();
    }
    assertThatThrownBy(() -> new TestLake(directory, T).close())
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(
            "MIRROR-3005 t: it goes on from epoch 1, but mirror_tombstones was merged since");
  }

  private static long before(Table table) {
    return table.currentSnapshot().parentId();
  }

  /** Of three rows one is replaced and one removed. */
  private static void fill(TestLake lake) throws Exception {
    lake.upsert("t", 1, 1, "a", "one");
    lake.upsert("t", 2, 1, "a", "two");
    lake.upsert("t", 3, 1, "a", "three");
    lake.commit(lake.epoch("p1"));
    lake.upsert("t", 1, 2, "a", "one'");
    lake.delete("t", 2, 2);
    lake.commit(lake.epoch("p2"));
  }

  private static void compactAll(TestLake lake) throws IOException {
    compact(lake.table("t"));
    compact(lake.table(OwnTable.TOMBSTONES.tableName()));
  }

  /** Merges all data files of a table with at most one partition, as engines do. */
  private static void compact(Table table) throws IOException {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    }
    RewriteFiles rewrite = table.newRewrite();
    files.forEach(rewrite::deleteFile);
    rewrite
        .addFile(merged(table, files.get(0).partition()))
        .dataSequenceNumber(table.currentSnapshot().sequenceNumber())
        .commit();
    assertThat(table.currentSnapshot().summary()).containsEntry("total-data-files", "1");
  }

  private static DataFile merged(Table table, StructLike partition) throws IOException {
    DataWriter<Record> writer =
        Parquet.writeData(table.io().newOutputFile(table.location() + "/data/merged.parquet"))
            .schema(table.schema())
            .createWriterFunc(type -> GenericParquetWriter.create(table.schema(), type))
            .withSpec(table.spec())
            .withPartition(table.spec().isUnpartitioned() ? null : copy(table, partition))
            .overwrite()
            .build();
    try (writer) {
      LakeRows.all(table).forEach(writer::write);
    }
    return writer.toDataFile();
  }

  private static StructLike copy(Table table, StructLike partition) {
    PartitionData copy = new PartitionData(table.spec().partitionType());
    copy.set(0, partition.get(0, Object.class));
    return copy;
  }
}
