package io.datamirror.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeWrites;
import io.datamirror.lake.TestMirror;
import io.datamirror.spec.LakeSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReopeningTest {

  private static final Reopening PATIENT = new Reopening(new Patience(60_000, 10, 50));

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  @TempDir private Path directory;
  private TestLake lake;
  private LakeSpec spec;

  @BeforeEach
  void takeALakeAway() throws Exception {
    lake = new TestLake(directory.resolve("lake"), TestMirror.table("t"));
    spec = lake.plan.spec().lake();
    Files.move(directory.resolve("lake"), directory.resolve("away"));
  }

  @AfterEach
  void close() {
    later.shutdownNow();
    lake.close();
  }

  private void comesBackSoon() {
    var unused =
        later.schedule(
            () -> Files.move(directory.resolve("away"), directory.resolve("lake")),
            200,
            TimeUnit.MILLISECONDS);
  }

  @Test
  void a_task_that_begins_for_the_first_time_says_at_once_that_the_catalog_is_away() {
    assertThatThrownBy(() -> PATIENT.open(spec, 0, Function.identity()))
        .hasMessageStartingWith("MIRROR-3001 ");
  }

  @Test
  void a_task_that_begins_anew_waits_for_a_catalog_that_is_away() throws Exception {
    comesBackSoon();

    try (LakeCatalog catalog = PATIENT.open(spec, 1, Function.identity())) {
      assertThat(catalog.load("t").currentSnapshot()).isNull();
    }
  }

  @Test
  void the_writes_of_a_task_that_begins_anew_wait_too() throws Exception {
    comesBackSoon();
    LakeWrites writes = new LakeWrites(lake.plan, PATIENT);

    try (var opened = writes.open(0, 1, new UnregisteredMetricsGroup())) {
      assertThat(opened.drain(Map.of(), table -> Long.MIN_VALUE)).isEmpty();
    }
  }

  @Test
  void a_run_that_has_an_end_is_told_soon() {
    assertThatThrownBy(() -> Reopening.BRIEF.open(spec, 1, Function.identity()))
        .hasMessageStartingWith("MIRROR-3008 lake catalog: Opening did not succeed (")
        .hasMessageEndingWith(
            "Check the catalog. The files are kept, and a restarted job commits them.");
  }
}
