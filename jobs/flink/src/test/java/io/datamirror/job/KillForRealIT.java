package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cluster.ClusterClient;
import io.datamirror.cluster.ClusterSettings;
import io.datamirror.cluster.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.awaitility.Awaitility;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed by SIGKILL while four tables change: task managers at random, and the job
 * manager, after which the job is started again from the newest checkpoint that was kept. It is
 * stopped with a savepoint and goes on from that, and begins again from the lake alone. Each time
 * the mirror equals its source.
 */
class KillForRealIT {

  private static final int TASK_MANAGERS = 2;
  private static final int KILLS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long SEED = 20_261_125;

  private static final Map<String, String> QUICK =
      Map.ofEntries(
          Map.entry("execution.checkpointing.interval", "500 ms"),
          Map.entry("execution.checkpointing.num-retained", "3"),
          Map.entry("web.refresh-interval", "200"),
          Map.entry("cluster.registration.error-delay", "500 ms"),
          Map.entry("taskmanager.memory.process.size", "1200 mb"),
          Map.entry("heartbeat.interval", "500"),
          Map.entry("heartbeat.timeout", "10000"),
          Map.entry("restart-strategy.exponential-delay.initial-backoff", "200 ms"),
          Map.entry("restart-strategy.exponential-delay.max-backoff", "1 s"));

  @TempDir private Path directory;

  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final AtomicBoolean writing = new AtomicBoolean();
  private Load load;
  private Lake lake;
  private RealCluster cluster;
  private ClusterClient client;
  private Submission submission;

  @Test
  void the_mirror_equals_its_source_after_every_kind_of_end() throws Exception {
    Server server = Server.createTcpServer("-tcpPort", "0").start();
    String url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:killed";
    Path spec = Files.writeString(directory.resolve("test.yaml"), TestMirror.text(url, directory));
    ClusterSettings size = ClusterSettings.of(TASK_MANAGERS, 2).with(QUICK);
    try (Load changes = new Load("jdbc:h2:mem:killed;DB_CLOSE_DELAY=-1", SEED);
        RealCluster processes = RealCluster.start(directory.resolve("cluster"), size);
        ClusterClient rest = ClusterClient.of(processes.address())) {
      load = changes;
      cluster = processes;
      client = rest;
      submission = new Submission(cluster, spec).with("--parallelism", "2");
      load.write(2_000);
      JobID job = submission.run();
      try (Lake reader = new Lake(directory)) {
        lake = reader;
        taskManagersAreKilled(job);
        job = jobManagerIsKilled(job);
        job = stoppedWithSavepoint(job);
        beginsFromTheLakeAlone(job);
      }
    } finally {
      writer.shutdownNow();
      server.stop();
    }
  }

  private void taskManagersAreKilled(JobID job) throws Exception {
    Random random = new Random(SEED);
    whileWriting(
        () -> {
          for (int kill = 0; kill < KILLS; kill++) {
            awaitCheckpoint(job);
            Thread.sleep(random.nextInt(1_500));
            cluster.kill("taskmanager-" + (1 + random.nextInt(TASK_MANAGERS)));
            cluster.restart();
          }
        });
    KillStormIT.awaitEqual(load, lake);
    assertThat(client.restarted(job)).isTrue();
  }

  /** The new job manager knows nothing of the job: there is no ZooKeeper here to tell it. */
  private JobID jobManagerIsKilled(JobID job) throws Exception {
    whileWriting(
        () -> {
          awaitCheckpoint(job);
          cluster.kill("jobmanager");
          cluster.restart();
          assertThat(client.jobs()).isEmpty();
        });
    JobID again = submission.with("--from-savepoint", newestCheckpoint(job)).run();
    KillStormIT.awaitEqual(load, lake);
    return again;
  }

  private JobID stoppedWithSavepoint(JobID job) throws Exception {
    String savepoint = whileWriting(() -> client.stop(job, null));
    client.awaitEnd(job);
    load.write(200);
    JobID again = submission.with("--from-savepoint", savepoint).run();
    KillStormIT.awaitEqual(load, lake);
    return again;
  }

  private void beginsFromTheLakeAlone(JobID job) throws Exception {
    whileWriting(() -> client.cancel(job));
    JobID again = submission.run();
    KillStormIT.awaitEqual(load, lake);
    assertThat(client.status(again)).isEqualTo(JobStatus.RUNNING);
  }

  /** Waits until all tasks work: a job counts as running before it has a single slot. */
  private void awaitCheckpoint(JobID job) {
    Awaitility.await().atMost(PATIENCE).until(() -> client.status(job) == JobStatus.RUNNING);
    long before = client.completedCheckpoints(job);
    Awaitility.await().atMost(PATIENCE).until(() -> client.completedCheckpoints(job) > before);
  }

  private interface Step {
    void run() throws Exception;
  }

  private interface Answer<T> {
    T get() throws Exception;
  }

  private void whileWriting(Step step) throws Exception {
    Optional<String> unused =
        whileWriting(
            () -> {
              step.run();
              return Optional.empty();
            });
  }

  /** Something happens while all four tables change. */
  private <T> T whileWriting(Answer<T> step) throws Exception {
    writing.set(true);
    Future<?> writes = writer.submit(this::keepWriting);
    try {
      return step.get();
    } finally {
      writing.set(false);
      writes.get();
    }
  }

  private Void keepWriting() throws Exception {
    do {
      load.write(100);
      Thread.sleep(100);
    } while (writing.get());
    return null;
  }

  private String newestCheckpoint(JobID job) throws IOException {
    try (Stream<Path> paths = Files.list(cluster.cluster().checkpoints().resolve(job.toString()))) {
      return paths
          .filter(path -> Files.exists(path.resolve("_metadata")))
          .max(Comparator.comparingLong(KillForRealIT::number))
          .orElseThrow()
          .toString();
    }
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().replace("chk-", ""));
  }
}
