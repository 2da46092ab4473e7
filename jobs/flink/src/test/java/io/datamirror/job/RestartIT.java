package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.commit.OnLakeAhead;
import io.datamirror.commit.SavepointCheck;
import io.datamirror.error.MirrorException;
import io.datamirror.job.Cluster.Drain;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mirror goes on after all kinds of ends, and its table is the fold of its source. */
class RestartIT {

  private static Cluster cluster;

  @TempDir private Path directory;

  private String url;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void nameDatabase(TestInfo test) {
    url = "jdbc:h2:mem:restart" + test.getDisplayName().hashCode() + ";DB_CLOSE_DELAY=-1";
  }

  @ParameterizedTest
  @CsvSource({"hashmap, NO, 1, 2", "rocksdb, NO, 2, 1", "hashmap, YES, 1, 3"})
  void a_savepoint_is_gone_on_from_at_another_parallelism(
      String backend, Drain drain, int before, int after) throws Exception {
    try (Load load = new Load(url, 11);
        Lake lake = lake()) {
      load.write(1_000);
      JobID first = cluster.submit(job(), settings(backend, before));
      KillStormIT.awaitEqual(load, lake);
      load.write(500);
      String savepoint = cluster.stop(first, directory.resolve("sp").toString(), drain);
      load.write(500);

      JobID second =
          cluster.submit(jobFrom(savepoint), settings(backend, after), restoring(savepoint));

      KillStormIT.awaitEqual(load, lake);
      load.write(500);
      KillStormIT.awaitEqual(load, lake);
      cluster.cancel(second);
    }
  }

  @Test
  void a_job_that_vanished_is_gone_on_from_by_the_lake_alone() throws Exception {
    try (Load load = new Load(url, 12);
        Lake lake = lake()) {
      for (int life = 0; life < 4; life++) {
        load.write(400);
        JobID job = cluster.submit(job(), settings("hashmap", 2));
        for (int burst = 0; burst < 10; burst++) {
          load.write(60);
          Thread.sleep(100);
        }
        cluster.cancel(job);
      }
      JobID last = cluster.submit(job(), settings("hashmap", 2));
      KillStormIT.awaitEqual(load, lake);
      cluster.cancel(last);
    }
  }

  @Test
  void a_savepoint_older_than_the_lake_is_refused_by_name() throws Exception {
    try (Load load = new Load(url, 13);
        Lake lake = lake()) {
      String savepoint = savepointLeftBehind(load, lake);
      Launch earlier = TestMirror.launch(url, directory);

      JobID refused =
          cluster.submit(
              new MirrorJob(earlier, JobSettings.of(Until.STOPPED)),
              settings("hashmap", 2),
              restoring(savepoint));

      assertThat(failure(refused)).contains("MIRROR-3007");
      KillStormIT.assertEqual(load, lake);
    }
  }

  @Test
  void a_start_that_is_refused_for_its_savepoint_leaves_the_running_job_alone() throws Exception {
    try (Load load = new Load(url, 16);
        Lake lake = lake()) {
      String savepoint = savepointLeftBehind(load, lake);
      JobID running = cluster.submit(job(), settings("hashmap", 1));
      load.write(100);
      KillStormIT.awaitEqual(load, lake);

      assertThatThrownBy(() -> jobFrom(savepoint))
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-3007 ")
          .hasMessageContaining("--on-lake-ahead rebuild");
      assertThatThrownBy(() -> jobFrom(directory.resolve("nowhere").toString()))
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("MIRROR-3010 ");

      load.write(100);
      KillStormIT.awaitEqual(load, lake);
      assertThat(cluster.status(running)).isEqualTo(JobStatus.RUNNING);
      cluster.cancel(running);
    }
  }

  @Test
  void the_lake_is_rolled_back_to_an_older_savepoint_on_demand() throws Exception {
    try (Load load = new Load(url, 14);
        Lake lake = lake()) {
      String savepoint = savepointLeftBehind(load, lake);
      JobSettings rollback = JobSettings.of(Until.STOPPED).withOnLakeAhead(OnLakeAhead.ROLLBACK);

      JobID job =
          cluster.submit(
              new MirrorJob(launchFrom(savepoint, OnLakeAhead.ROLLBACK), rollback),
              settings("hashmap", 2),
              restoring(savepoint));

      load.write(300);
      KillStormIT.awaitEqual(load, lake);
      cluster.cancel(job);
    }
  }

  @Test
  void of_two_jobs_that_overlap_only_the_newer_commits() throws Exception {
    try (Load load = new Load(url, 15);
        Lake lake = lake()) {
      load.write(500);
      JobID older = cluster.submit(job(), settings("hashmap", 1));
      KillStormIT.awaitEqual(load, lake);

      JobID newer = cluster.submit(job(), settings("hashmap", 1));
      for (int burst = 0; burst < 10; burst++) {
        load.write(50);
        Thread.sleep(100);
      }

      assertThat(failure(older)).contains("MIRROR-3006");
      KillStormIT.awaitEqual(load, lake);
      cluster.cancel(newer);
    }
  }

  private String savepointLeftBehind(Load load, Lake lake) throws Exception {
    load.write(500);
    JobID job = cluster.submit(job(), settings("hashmap", 2));
    KillStormIT.awaitEqual(load, lake);
    String savepoint = cluster.savepoint(job, directory.resolve("sp").toString());
    for (int burst = 0; burst < 3; burst++) {
      load.write(300);
      KillStormIT.awaitEqual(load, lake);
    }
    cluster.cancel(job);
    return savepoint;
  }

  private String failure(JobID job) throws Exception {
    SerializedThrowable failure = cluster.result(job).getSerializedThrowable().orElseThrow();
    return failure.getFullStringifiedStackTrace();
  }

  private Launch launchFrom(String savepoint, OnLakeAhead policy) {
    return Preparation.prepare(
        TestMirror.spec(url, directory),
        SecretSource.ofProcess(),
        new SavepointCheck(savepoint, policy));
  }

  private MirrorJob job() {
    return TestMirror.job(url, directory, Until.STOPPED);
  }

  private MirrorJob jobFrom(String savepoint) {
    return new MirrorJob(launchFrom(savepoint, OnLakeAhead.REFUSE), JobSettings.of(Until.STOPPED));
  }

  /** The lake; its tables stand there, with the load's tables to mirror. */
  private Lake lake() {
    TestMirror.launch(url, directory);
    return new Lake(directory);
  }

  private static SavepointRestoreSettings restoring(String savepoint) {
    return SavepointRestoreSettings.forPath(savepoint);
  }

  private static Configuration settings(String backend, int parallelism) {
    Configuration settings = Cluster.settings();
    settings.setString("state.backend.type", backend);
    settings.setString("parallelism.default", String.valueOf(parallelism));
    return settings;
  }
}
