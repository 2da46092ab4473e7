package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.SourceSettings.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Task managers are killed at random while four tables change, and the mirror equals its source in
 * the end. Every second one dies after it has worked: the job has committed since the last kill.
 * The others may die while their job still starts.
 */
class KillStormIT {

  private static final int KILLS = 16;
  private static final int LONGEST_PAUSE_MILLIS = 1_000;
  private static final Duration CATCH_UP = Duration.ofMinutes(5);
  private static final Set<Integer> ALL = Set.of(0, 1, 2, 3);

  @TempDir private Path directory;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_261_123, 987_654_321})
  void a_storm_of_kills_changes_nothing(long seed) throws Exception {
    String url = "jdbc:h2:mem:storm" + seed + ";DB_CLOSE_DELAY=-1";
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (Load load = new Load(url, seed);
        Cluster cluster = new Cluster()) {
      load.write(2_000);
      MirrorJob job = TestMirror.job(url, directory, Until.STOPPED);
      JobID id = cluster.submit(job, Cluster.settings());
      AtomicBoolean storm = new AtomicBoolean(true);
      Future<?> writing = writer.submit(() -> keepWriting(load, storm));
      try (Lake lake = new Lake(directory)) {
        storm(cluster, lake, new Random(seed));
        storm.set(false);
        writing.get();
        awaitEqual(load, lake);
        assertThat(lake.summaries("t0"))
            .as("commit ids of t0")
            .extracting(summary -> summary.get("data-mirror.commit-id"))
            .doesNotContainNull();
      }
      cluster.cancel(id);
    } finally {
      writer.shutdownNow();
    }
  }

  private static void storm(Cluster cluster, Lake lake, Random random) throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      if (kill % 2 == 0) {
        awaitCommit(lake);
      }
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
      cluster.killTaskManager();
    }
  }

  private static void awaitCommit(Lake lake) {
    long before = lake.position("t0");
    Awaitility.await("a commit of t0 after " + before)
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> lake.position("t0") > before);
  }

  private static Void keepWriting(Load load, AtomicBoolean storm) throws Exception {
    while (storm.get()) {
      load.write(100);
      Thread.sleep(50);
    }
    return null;
  }

  /** Waits until the mirror says that it is complete; then it has to be. */
  static void awaitEqual(Load load, Lake lake) {
    awaitEqual(load, lake, ALL);
  }

  static void awaitEqual(Load load, Lake lake, Set<Integer> tables) {
    for (int table : tables) {
      Awaitility.await("position of t" + table)
          .atMost(CATCH_UP)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertThat(lake.position("t" + table)).isEqualTo(load.head(table)));
    }
    assertEqual(load, lake, tables);
  }

  static void assertEqual(Load load, Lake lake) {
    assertEqual(load, lake, ALL);
  }

  private static void assertEqual(Load load, Lake lake, Set<Integer> tables) {
    for (int table : tables) {
      assertThat(lake.rows("t" + table)).isEqualTo(load.expected(table));
    }
  }
}
