package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cluster.ClusterClient;
import io.datamirror.cluster.ClusterSettings;
import io.datamirror.cluster.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One mirror through a life of upgrades by savepoint in a cluster of processes: a table comes,
 * another goes and comes back, parallelism and state backend change, a column is added. After each
 * of them, and while its source changes, every table that is mirrored equals its source.
 */
class UpgradeIT {

  private static final Map<String, String> QUICK =
      Map.of(
          "execution.checkpointing.interval", "500 ms",
          "web.refresh-interval", "200",
          "taskmanager.memory.process.size", "1200 mb");

  @TempDir private Path directory;

  private RealCluster cluster;
  private ClusterClient client;
  private Load load;
  private Lake lake;
  private String url;
  private Optional<String> savepoint = Optional.empty();

  @Test
  void a_mirror_lives_through_all_upgrades() throws Exception {
    Server server = Server.createTcpServer("-tcpPort", "0").start();
    url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:upgraded";
    try (Load changes = new Load("jdbc:h2:mem:upgraded;DB_CLOSE_DELAY=-1", 31);
        RealCluster processes =
            RealCluster.start(directory.resolve("cluster"), ClusterSettings.of(2, 2).with(QUICK));
        ClusterClient rest = ClusterClient.of(processes.address())) {
      load = changes;
      cluster = processes;
      client = rest;
      load.write(800);
      run("hashmap", 1, Set.of(0, 1, 2));
      // A table comes.
      run("hashmap", 2, Set.of(0, 1, 2, 3));
      // A table goes, and the state moves to another backend.
      run("rocksdb", 3, Set.of(0, 2, 3));
      // It comes back, after changes that nobody has read: the lake says how far it was.
      run("hashmap", 2, Set.of(0, 1, 2, 3));
      addColumn();
      run("rocksdb", 1, Set.of(0, 1, 2, 3));
      assertThat(lake.records("t2"))
          .as("rows that were written with the new column")
          .anySatisfy(row -> assertThat(row.getField("EXTRA")).isEqualTo("new"));
    } finally {
      if (lake != null) {
        lake.close();
      }
      server.stop();
    }
  }

  /** One life of the mirror, from the savepoint of the one before to the next savepoint. */
  private void run(String backend, int parallelism, Set<Integer> tables) throws Exception {
    Submission submission =
        new Submission(cluster, spec(tables))
            .with("--parallelism", String.valueOf(parallelism))
            .with("-D", "state.backend.type=" + backend);
    JobID job =
        savepoint.map(path -> submission.with("--from-savepoint", path)).orElse(submission).run();
    if (lake == null) {
      lake = new Lake(directory);
    }
    KillStormIT.awaitEqual(load, lake, tables);
    load.write(300);
    KillStormIT.awaitEqual(load, lake, tables);
    assertThat(client.parallelism(job)).isEqualTo(parallelism);
    load.write(300);
    savepoint = Optional.of(client.stop(job, null));
    client.awaitEnd(job);
  }

  private Path spec(Set<Integer> tables) throws IOException {
    String text = TestMirror.text(url, directory);
    for (int table = 0; table < Load.TABLES; table++) {
      if (!tables.contains(table)) {
        text = text.replaceFirst("(?s)  - name: t" + table + "\\n.*?(?=  - name: |$)", "");
      }
    }
    return Files.writeString(directory.resolve("test.yaml"), text);
  }

  private void addColumn() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE T2_CHANGES ADD COLUMN EXTRA VARCHAR(20) DEFAULT 'new'");
    }
  }
}
