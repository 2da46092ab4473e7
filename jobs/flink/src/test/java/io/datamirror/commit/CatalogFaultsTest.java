package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.commit.FaultyCatalog.Fault;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.OrphanLedger;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TestMirror;
import io.datamirror.ledger.LedgerReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the catalog answers, every epoch is committed exactly once. */
class CatalogFaultsTest {

  private static final int INJECTIONS = 20;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void every_epoch_is_committed_once_under_a_fault(Fault fault) throws Exception {
    Random random = new Random(fault.ordinal());
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"));
        FaultyCatalog faulty = new FaultyCatalog(lake.catalog.icebergCatalog())) {
      TableCommitter committer = lake.committer(lake.over(faulty));
      TreeMap<Long, String> expected = new TreeMap<>();
      for (int epoch = 1; epoch <= INJECTIONS; epoch++) {
        change(lake, random, epoch, expected);
        faulty.lateMillis(random.nextInt(30));
        faulty.next(fault);
        for (Committable committable : lake.epoch("p" + epoch)) {
          committer.commit(committable);
        }
      }
      faulty.settle();

      assertThat(faulty.injected()).isEqualTo(INJECTIONS);
      assertThat(lake.texts("t")).isEqualTo(expected);
      assertThat(commitsByEpoch(lake))
          .hasSize(INJECTIONS)
          .allSatisfy((id, n) -> assertThat(n).isOne());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 6})
  void a_fault_at_every_attempt_of_iceberg_itself_does_no_harm(int attempts) throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"));
        FaultyCatalog faulty = new FaultyCatalog(lake.catalog.icebergCatalog())) {
      lake.upsert("t", 1, 1, "a", "one");
      for (int i = 1; i < attempts; i++) {
        faulty.next(Fault.FAILED);
      }
      // The last attempt that Iceberg makes is applied and reported as refused: it would clean up.
      faulty.next(Fault.REFUSED_APPLIED);
      for (Committable committable : lake.epoch("p1")) {
        lake.committer(lake.over(faulty)).commit(committable);
      }

      assertThat(lake.texts("t")).isEqualTo(Map.of(1L, "1:one"));
      assertThat(commitsByEpoch(lake)).hasSize(1);
    }
  }

  @Test
  void the_ledger_can_be_read_after_orphans_were_entered_and_the_catalog_denied_it()
      throws Exception {
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"));
        FaultyCatalog faulty = new FaultyCatalog(lake.catalog.icebergCatalog())) {
      lake.table(OwnTable.LEDGER.tableName())
          .updateProperties()
          .set(TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "1")
          .set(TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "1")
          .commit();
      faulty.next(Fault.FAILED, Fault.FAILED, Fault.FAILED, Fault.FAILED, Fault.REFUSED_APPLIED);
      try (OrphanLedger orphans = new OrphanLedger(lake.over(faulty), "mirror", "t", "t to u", 1)) {
        orphans.add("{\"id\":1}", "{\"u\":7}", LedgerReason.ORPHAN);
        orphans.commit();
      }

      assertThat(faulty.injected()).isEqualTo(5);
      List<String> keys = new ArrayList<>();
      try (OrphanLedger orphans = new OrphanLedger(lake.catalog, "mirror", "t", "t to u", 1)) {
        orphans.read((key, reference, reason) -> keys.add(key));
      }
      assertThat(keys).containsExactly("{\"id\":1}");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mixed_faults_in_lanes_of_two_tables_lose_and_double_nothing(long seed) throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Fault[] faults = Fault.values();
    try (TestLake lake = new TestLake(directory, TestMirror.table("t"), TestMirror.table("u"));
        FaultyCatalog faulty = new FaultyCatalog(lake.catalog.icebergCatalog());
        CommitLanes lanes =
            new CommitLanes(lake.committer(lake.over(faulty)), new SilentListener())) {
      TreeMap<Long, String> expected = new TreeMap<>();
      for (int epoch = 1; epoch <= 15; epoch++) {
        Random same = new Random(random.nextLong());
        change(lake, same, epoch, expected);
        lake.upsert("u", epoch, 1, "a", "u");
        for (int i = 0; i < 3; i++) {
          boolean hit = random.nextDouble() < 0.3;
          faulty.next(hit ? faults[random.nextInt(faults.length)] : Fault.NONE);
        }
        lanes.submit(lake.epoch("p" + epoch));
      }
      lanes.drain();
      faulty.settle();

      assertThat(faulty.injected()).as("seed " + seed).isPositive();
      assertThat(lake.texts("t")).as("seed " + seed).isEqualTo(expected);
      assertThat(lake.texts("u")).hasSize(15);
      assertThat(commitsByEpoch(lake)).allSatisfy((id, n) -> assertThat(n).isOne());
    }
  }

  /** Five of thirty keys change; the oracle is a map. */
  private static void change(
      TestLake lake, Random random, int epoch, TreeMap<Long, String> expected) {
    for (int i = 0; i < 5; i++) {
      long id = random.nextInt(30);
      if (random.nextInt(4) == 0) {
        lake.delete("t", id, 10L * epoch + i);
        expected.remove(id);
      } else {
        lake.upsert("t", id, 10L * epoch + i, "a", "text");
        expected.put(id, (10L * epoch + i) + ":text");
      }
    }
  }

  private static Map<String, Integer> commitsByEpoch(TestLake lake) {
    Map<String, Integer> commits = new HashMap<>();
    List<Snapshot> ancestors = new ArrayList<>();
    SnapshotUtil.currentAncestors(lake.table("t")).forEach(ancestors::add);
    ancestors.forEach(
        snapshot -> commits.merge(snapshot.summary().get(LakeKeys.COMMIT_ID), 1, Integer::sum));
    return commits;
  }
}
