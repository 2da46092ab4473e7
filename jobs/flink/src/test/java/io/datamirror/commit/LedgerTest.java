package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.commit.Committer.Outcome;
import io.datamirror.commit.FaultyCatalog.Fault;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeRows;
import io.datamirror.lake.TestMirror;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.plan.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger: each entry once, with the commit that it went with. */
class LedgerTest {

  private static final TablePlan T = TestMirror.table("t");

  @TempDir Path directory;

  @Test
  void an_entry_tells_all_of_its_change_and_its_commit() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.upsert("t", 1, 5, "a \"quoted\"", "one");
      lake.upsert("t", 1, 5, "b", "other");
      List<Committable> epoch = lake.epoch("p1");
      lake.commit(epoch);

      Record entry = only(lake);
      assertThat(entry.getField("mirror")).isEqualTo("mirror");
      assertThat(entry.getField("table_name")).isEqualTo("t");
      assertThat(entry.getField("reason")).isEqualTo("conflict");
      assertThat(entry.getField("key")).isEqualTo("{\"ID\":1}");
      assertThat(entry.getField("version")).isEqualTo("5");
      assertThat(entry.getField("order")).isNull();
      assertThat((String) entry.getField("row")).startsWith("{\"ID\":1,\"VERSION\":5,\"PLACE\":\"");
      assertThat((String) entry.getField("error")).contains("same version and order");
      assertThat(entry.getField("commit_id")).isEqualTo(epoch.get(0).commitId());
      assertThat(entry.getField("epoch")).isEqualTo(1L);
    }
  }

  @Test
  void an_entry_that_its_reader_made_is_kept_as_it_is() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.reject(
          "t", new LedgerEntry("t", LedgerReason.NULL_KEY, null, null, null, 7L, "{}", "e"));
      lake.commit(lake.epoch("p1"));

      Record entry = only(lake);
      assertThat(entry.getField("reason")).isEqualTo("null-key");
      assertThat(entry.getField("key")).isNull();
      assertThat(entry.getField("time")).hasToString("1970-01-01T00:00:00.007Z");
      assertThat(lake.table("t").currentSnapshot().summary())
          .containsEntry("data-mirror.rejected", "1");
    }
  }

  @Test
  void what_was_written_before_the_commit_was_known_is_cleared_away() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.reject("t", bad());
      List<Committable> epoch = lake.epoch("p1");
      assertThat(files()).hasSize(1);
      lake.commit(epoch);
      assertThat(files()).hasSize(1);
      assertThat(LakeRows.all(lake.table("mirror_ledger"))).hasSize(1);
    }
  }

  @Test
  void an_entry_is_there_once_when_the_answer_to_its_commit_is_lost() throws Exception {
    try (TestLake lake = new TestLake(directory, T);
        FaultyCatalog faulty = new FaultyCatalog(lake.catalog.icebergCatalog())) {
      TableCommitter committer = lake.committer(lake.over(faulty));
      Fault[] faults = {
        Fault.UNKNOWN_APPLIED, Fault.UNKNOWN_NOT_APPLIED, Fault.REFUSED_APPLIED, Fault.FAILED
      };
      for (int i = 0; i < faults.length; i++) {
        lake.reject("t", bad());
        faulty.next(faults[i]);
        for (Committable committable : lake.epoch("p" + i)) {
          committer.commit(committable);
        }
      }
      assertThat(LakeRows.all(lake.table("mirror_ledger"))).hasSize(faults.length);
    }
  }

  @Test
  void an_entry_is_there_once_when_a_restart_commits_again() throws Exception {
    try (TestLake lake = new TestLake(directory, T)) {
      lake.reject("t", bad());
      List<Committable> epoch = lake.epoch("p1");
      assertThat(lake.committer().commit(epoch.get(0))).isEqualTo(Outcome.COMMITTED);
      assertThat(lake.committer().commit(epoch.get(0))).isEqualTo(Outcome.FOUND);
      assertThat(LakeRows.all(lake.table("mirror_ledger"))).hasSize(1);
    }
  }

  @Test
  void entries_whose_changes_come_again_are_there_once_after_a_start_from_the_lake()
      throws Exception {
    try (TestLake first = new TestLake(directory, T, TestMirror.table("u"))) {
      first.reject("t", bad());
      first.commit(first.epoch("p1"));
      first.reject("t", bad());
      first.reject(
          "u", new LedgerEntry("u", LedgerReason.NULL_KEY, null, null, null, null, "{}", "e"));
      List<Committable> second = first.epoch("p2");
      // The job dies when the ledger was committed and one of two tables.
      first.committer().commit(second.get(0));
      first.committer().commit(second.get(2));
    }
    try (TestLake again = new TestLake(directory, T, TestMirror.table("u"))) {
      assertThat(LakeRows.all(again.table("mirror_ledger")))
          .extracting(entry -> entry.getField("table_name") + " " + entry.getField("epoch"))
          .containsExactlyInAnyOrder("t 1", "u 2");
      again.reject("t", bad());
      again.commit(again.epoch("p2"));
      assertThat(LakeRows.all(again.table("mirror_ledger"))).hasSize(3);
    }
  }

  @Test
  void entries_of_a_file_stay_whose_table_was_in_the_middle_of_a_window() throws Exception {
    try (TestLake first = new TestLake(directory, T)) {
      first.upsert("t", 1, 1, "a", "one");
      first.commit(first.epoch("p1"));
      first.upsert("t", 2, 1, "a", "two");
      first.commit(first.epochWithinWindow());
    }
    try (TestLake file = new TestLake(directory, T)) {
      file.reject("t", bad());
      file.commit(file.epochWithinWindow().stream().map(LedgerTest::ofFile).toList());
    }
    try (TestLake again = new TestLake(directory, T)) {
      assertThat(only(again).getField("epoch")).isEqualTo(3L);
    }
  }

  private static Committable ofFile(Committable committable) {
    CommitIds ids =
        CommitIds.of("mirror", committable.generation(), Closing.BY_CHECKPOINT)
            .from(Generations.Origin.FILE);
    return new Committable(
        committable.table(),
        committable.name(),
        committable.epoch(),
        committable.generation(),
        ids.of(committable.epoch()),
        committable.batches(),
        committable.counts(),
        committable.position(),
        committable.watermarkMillis(),
        committable.horizonMillis());
  }

  private static LedgerEntry bad() {
    return new LedgerEntry("t", LedgerReason.BAD_VALUE, "{}", "1", "2", null, "{}", "wrong");
  }

  private static Record only(TestLake lake) {
    List<Record> entries = LakeRows.all(lake.table("mirror_ledger"));
    assertThat(entries).hasSize(1);
    return entries.get(0);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().contains("mirror_ledger"))
          .filter(file -> file.toString().endsWith(".parquet"))
          .toList();
    }
  }
}
