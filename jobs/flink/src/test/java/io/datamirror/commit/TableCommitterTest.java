package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.TestMirror;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.Transform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCommitterTest {

  private static final PartitionField BY_PLACE = new PartitionField(Transform.IDENTITY, 0, "PLACE");

  @TempDir Path directory;

  @Test
  void an_epoch_becomes_a_snapshot_that_says_what_it_is() throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 1, 2, "a", "one'");
      lake.delete("t", 2, 2);
      List<Committable> epoch = lake.epoch("p2");
      lake.commit(epoch);

      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:one'"));
      Map<String, String> summary = lake.table("t").currentSnapshot().summary();
      assertThat(summary)
          .containsEntry(LakeKeys.MIRROR, "mirror")
          .containsEntry(LakeKeys.GENERATION, "1")
          .containsEntry(LakeKeys.EPOCH, "2")
          .containsEntry(LakeKeys.COMMIT_ID, epoch.get(0).commitId())
          .containsEntry(LakeKeys.POSITION, "p2")
          .containsEntry(LakeKeys.UPSERTS, "1")
          .containsEntry(LakeKeys.DELETES, "1");
    }
  }

  @Test
  void a_new_key_writes_no_equality_delete() throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 2, 1, "a", "two");
      lake.commit(lake.epoch("p2"));

      for (Snapshot snapshot : lake.table("t").snapshots()) {
        assertThat(snapshot.summary())
            .doesNotContainKey(SnapshotSummary.ADDED_EQ_DELETES_PROP)
            .containsEntry(SnapshotSummary.TOTAL_EQ_DELETES_PROP, "0");
      }
    }
  }

  @Test
  void a_row_moves_between_partitions_of_a_column_outside_the_key() throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t", BY_PLACE))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.upsert("t", 2, 1, "b", "two");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 1, 2, "b", "moved");
      lake.delete("t", 2, 2);
      lake.commit(lake.epoch("p2"));

      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:moved"));
    }
  }

  @Test
  void two_flushes_of_one_epoch_are_two_snapshots_of_one_commit() throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"))) {
      lake.upsert("t", 1, 1, "a", "first");
      lake.flush();
      lake.upsert("t", 1, 2, "a", "second");
      List<Committable> epoch = lake.epoch("p1");
      lake.commit(epoch);

      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:second"));
      List<Long> ids = SnapshotUtil.currentAncestorIds(lake.table("t"));
      assertThat(ids).hasSize(2);
      Map<String, String> first = lake.table("t").snapshot(ids.get(1)).summary();
      assertThat(first)
          .containsEntry(LakeKeys.COMMIT_ID, epoch.get(0).commitId())
          .doesNotContainKey(LakeKeys.POSITION);
    }
  }

  @Test
  void nothing_is_committed_while_the_table_has_other_partitions() throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t", BY_PLACE))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.table("t").updateSpec().addField("text").commit();
      lake.upsert("t", 1, 2, "a", "two");
      List<Committable> epoch = lake.epoch("p2");

      assertPartitionsChanged(() -> lake.commit(epoch));
      lake.table("t").updateSpec().removeField("text").commit();
      lake.commit(epoch);
      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:two"));
    }
  }

  @Test
  void nothing_is_committed_beside_files_of_other_partitions() throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t", BY_PLACE))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.upsert("t", 1, 2, "a", "two");
      List<Committable> epoch = lake.epoch("p2");
      Table table = lake.table("t");
      table.updateSpec().addField("text").commit();
      DataFile rewritten =
          DataFiles.builder(table.spec())
              .withPath(table.location() + "/rewritten.parquet")
              .withPartitionPath("place=a/text=one")
              .withFileSizeInBytes(1)
              .withRecordCount(1)
              .build();
      table.newAppend().appendFile(rewritten).commit();
      table.updateSpec().removeField("text").commit();

      assertPartitionsChanged(() -> lake.commit(epoch));
      table.newDelete().deleteFile(rewritten).commit();
      lake.commit(epoch);
      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:two"));
    }
  }

  private static void assertPartitionsChanged(ThrowingCallable commit) {
    assertThatThrownBy(commit)
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(
            "MIRROR-3005 t: its partitions were changed while it was mirrored. A table keeps its"
                + " partitions for life: take the change back,");
  }

  @Test
  void removals_of_a_table_without_partitions_reach_its_rows_whatever_it_has_later()
      throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"))) {
      lake.upsert("t", 1, 1, "a", "one");
      lake.commit(lake.epoch("p1"));
      lake.table("t").updateSpec().addField("place").commit();
      lake.upsert("t", 1, 2, "a", "two");
      lake.commit(lake.epoch("p2"));

      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "2:two"));
    }
  }
}
