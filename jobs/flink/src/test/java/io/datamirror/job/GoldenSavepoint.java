package io.datamirror.job;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FileUtils;
import org.awaitility.Awaitility;

/**
 * Makes the golden savepoint of a release: state of every kind, with commits that the lake beside
 * it does not have yet.
 *
 * <p>How to make the next one is in {@code src/test/resources/savepoints/README.md}.
 */
final class GoldenSavepoint {

  /** Longer than it takes to read what is pending: no checkpoint of its own may commit it. */
  private static final Duration CHECKPOINTS = Duration.ofSeconds(20);

  private static final Duration READING = Duration.ofSeconds(5);
  private static final String URL = "jdbc:h2:mem:golden-source;DB_CLOSE_DELAY=-1";

  private final Cluster cluster;
  private final Path work;

  /**
   * @param work an empty directory
   */
  GoldenSavepoint(Cluster cluster, Path work) {
    this.cluster = cluster;
    this.work = work;
  }

  /** Makes it of the scripts in {@code release}, and leaves it there. */
  void into(Path release) throws Exception {
    GoldenMirror mirror = new GoldenMirror(URL, work);
    mirror.run(GoldenMirror.read(release.resolve("begin.sql")));
    Launch launch = Preparation.prepare(mirror.spec(), SecretSource.ofProcess());
    JobID job = cluster.submit(new MirrorJob(launch, JobSettings.of(Until.STOPPED)), settings());
    Awaitility.await()
        .atMost(CHECKPOINTS.multipliedBy(6))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> allHavePositions(mirror));
    Path catalog = release.resolve("catalog.db");
    Files.deleteIfExists(catalog);
    copyCatalog(mirror.catalogFile(), catalog);
    mirror.run(GoldenMirror.read(release.resolve("pending.sql")));
    Thread.sleep(READING.toMillis());
    String savepoint = cluster.savepoint(job, work.resolve("savepoints").toUri().toString());
    cluster.cancel(job);
    copy(Path.of(java.net.URI.create(savepoint)), release.resolve("savepoint"));
    copy(work.resolve("lake"), release.resolve("lake"));
  }

  private static Configuration settings() {
    Configuration settings = Cluster.settings();
    settings.setString("execution.checkpointing.interval", CHECKPOINTS.toSeconds() + " s");
    return settings;
  }

  private static boolean allHavePositions(GoldenMirror mirror) {
    try (LakeCatalog catalog = LakeCatalog.open(mirror.spec().lake(), SecretSource.ofProcess())) {
      for (String table : GoldenMirror.TABLES) {
        if (TableHistory.of(catalog.load(table)).position().isEmpty()) {
          return false;
        }
      }
      return true;
    }
  }

  private static void copyCatalog(Path from, Path to) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + from);
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM INTO '" + to.toAbsolutePath() + "'");
    }
  }

  /** Copies a directory; what was there is gone. */
  static void copy(Path from, Path to) throws IOException {
    FileUtils.deleteDirectory(to.toFile());
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        // Checksums of the local file system, which nobody reads here.
        if (!file.toString().endsWith(".crc")) {
          Files.copy(file, target);
        }
      }
    }
  }
}
