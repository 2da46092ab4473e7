package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.SourceSettings.Until;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A bounded job fails once after a checkpoint and then reaches its end before the next one: nothing
 * of the tail is lost or doubled. Ten runs in streaming and ten in batch, half of them at each
 * parallelism; {@code -Dmirror.tail.runs} makes it more of each.
 */
class TailFailureIT {

  private static final int RUNS = Integer.getInteger("mirror.tail.runs", 5);
  private static final int ROWS = 1_500;
  private static final long SMALL_BUNDLE_BYTES = 150_000;

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

  @ParameterizedTest(name = "{0} at parallelism {1}")
  @CsvSource({"STREAMING, 1", "STREAMING, 2", "BATCH, 1", "BATCH, 2"})
  void nothing_of_the_tail_is_lost(String mode, int parallelism) throws Exception {
    for (int run = 0; run < RUNS; run++) {
      String name = mode + parallelism + "_" + run;
      Path lakeDirectory = directory.resolve(name);
      String url = "jdbc:h2:mem:tail" + name + ";DB_CLOSE_DELAY=-1";
      try (Load load = new Load(url, run)) {
        load.write(ROWS);
        JobSettings usual = JobSettings.of(Until.NOW);
        JobSettings small =
            usual
                .withBundleBytes(SMALL_BUNDLE_BYTES)
                .withSource(usual.source().withChunkRows(500).withBatchRows(100));
        int failAt = mode.equals("BATCH") ? 1 : 3 + run % 5;
        MirrorJob job =
            new MirrorJob(TestMirror.launch(url, lakeDirectory), small)
                .withWrites(writes -> FailingWrites.around(writes, name, failAt));

        JobID id = cluster.submit(job, settings(mode, parallelism));

        assertThat(cluster.result(id).getSerializedThrowable()).as("run %s", run).isEmpty();
        assertThat(FailingWrites.failed(name)).as("run %s failed once", run).isTrue();
        try (Lake lake = new Lake(lakeDirectory)) {
          KillStormIT.assertEqual(load, lake);
        }
      }
    }
  }

  private static Configuration settings(String mode, int parallelism) {
    Configuration settings = Cluster.settings();
    settings.setString("execution.runtime-mode", mode);
    settings.setString("execution.checkpointing.interval", "100 ms");
    settings.setString("parallelism.default", String.valueOf(parallelism));
    return settings;
  }
}
