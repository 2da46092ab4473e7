package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {
  @TempDir private Path directory;

  @Test
  void another_port_is_refused_while_the_cluster_runs_and_its_files_stay() throws Exception {
    ClusterFiles files = new ClusterFiles(directory);
    files.create();
    files.writeConfiguration(
        Configuration.fromMap(
            Map.of(
                "rest.address",
                "localhost",
                "rest.port",
                "18081",
                "jobmanager.rpc.port",
                "16123")));
    String before = Files.readString(files.conf().resolve("config.yaml"));
    Daemon manager =
        Daemon.start(
            files.pids().resolve("jobmanager.pid"),
            List.of("sleep", "600"),
            files.log().resolve("jobmanager.out"));
    try {
      assertRefused(18082, Map.of(), "--port 18082", 18081);
      assertRefused(0, Map.of("rest.port", "18082"), "-D rest.port", 18081);
      assertRefused(18081, Map.of("jobmanager.rpc.port", "1"), "-D jobmanager.rpc.port", 16123);
      assertThat(files.conf().resolve("config.yaml")).hasContent(before);
    } finally {
      manager.stop();
    }
  }

  private void assertRefused(int port, Map<String, String> flink, String option, int running) {
    ClusterSettings settings = new ClusterSettings(1, 1, port, flink);
    assertThatThrownBy(() -> LocalCluster.in(directory).start(null, settings))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1016 %s: the cluster of this directory runs already, at localhost:%d. Leave it"
                + " out, stop the cluster first, or give this one another directory.",
            option, running);
  }
}
