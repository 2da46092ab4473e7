package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.SourceSettings.Until;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mirror from its source to its lake, in all ways to run it. */
class MirrorJobIT {

  private static Cluster cluster;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "STREAMING, hashmap, 1",
    "STREAMING, hashmap, 2",
    "STREAMING, rocksdb, 2",
    "BATCH, hashmap, 1",
    "BATCH, hashmap, 2"
  })
  void three_runs_until_now_give_the_fold_of_all_changes(
      String mode, String backend, int parallelism) throws Exception {
    String url = "jdbc:h2:mem:" + mode + backend + parallelism + ";DB_CLOSE_DELAY=-1";
    try (Load load = new Load(url, 5)) {
      for (int run = 0; run < 3; run++) {
        load.write(3_000);
        runUntilNow(url, settings(mode, backend, parallelism));
        try (Lake lake = new Lake(directory)) {
          KillStormIT.assertEqual(load, lake);
          for (int table = 0; table < Load.TABLES; table++) {
            assertThat(lake.summaries("t" + table))
                .last()
                .satisfies(last -> assertThat(last).containsKey("data-mirror.position"));
          }
        }
      }
    }
  }

  private void runUntilNow(String url, Configuration settings) throws Exception {
    JobID id = cluster.submit(TestMirror.job(url, directory, Until.NOW), settings);
    JobResult result = cluster.result(id);
    assertThat(result.getSerializedThrowable()).isEmpty();
  }

  private static Configuration settings(String mode, String backend, int parallelism) {
    Configuration settings = Cluster.settings();
    settings.setString("execution.runtime-mode", mode);
    settings.setString("state.backend.type", backend);
    settings.setString("parallelism.default", String.valueOf(parallelism));
    return settings;
  }
}
