package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
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
      assertRefused(18081, Map.of("rest.port", "18082"), "-D rest.port", 18081);
      assertRefused(18081, Map.of("jobmanager.rpc.port", "1"), "-D jobmanager.rpc.port", 16123);
      assertThat(files.conf().resolve("config.yaml")).hasContent(before);
    } finally {
      manager.stop();
    }
  }

  @Test
  void a_start_without_options_is_as_the_one_before() {
    ClusterFiles files = new ClusterFiles(directory);
    files.create();
    ClusterSettings first =
        ClusterSettings.of(2, 3)
            .with(
                Map.of(
                    "state.backend.type", "rocksdb",
                    "execution.checkpointing.interval", "1 min",
                    "execution.checkpointing.dir", "s3://bucket/shop's",
                    "rest.address", "127.0.0.1"));
    ClusterPlan before = ClusterPlan.of(files, first);
    before.write(files);

    ClusterPlan again = ClusterPlan.of(files, ClusterSettings.UNCHANGED);

    assertThat(again.taskManagers()).isEqualTo(2);
    assertThat(again.configuration().toMap()).isEqualTo(before.configuration().toMap());
  }

  @Test
  void what_is_told_of_a_cluster_that_was_there_changes_nothing_else() {
    ClusterFiles files = new ClusterFiles(directory);
    files.create();
    ClusterPlan before =
        ClusterPlan.of(files, ClusterSettings.of(2, 3).with(Map.of("a", "1", "b", "2")));
    before.write(files);

    ClusterPlan changed =
        ClusterPlan.of(
            files,
            new ClusterSettings(
                Optional.of(5), Optional.empty(), Optional.of(18083), Map.of("b", "3")));

    assertThat(changed.taskManagers()).isEqualTo(5);
    Map<String, String> expected = new HashMap<>(before.configuration().toMap());
    expected.put("rest.port", "18083");
    expected.put("b", "3");
    assertThat(changed.configuration().toMap()).isEqualTo(expected);
  }

  @Test
  void a_new_cluster_has_one_task_manager_with_four_slots() {
    ClusterPlan plan = ClusterPlan.of(new ClusterFiles(directory), ClusterSettings.UNCHANGED);

    assertThat(plan.taskManagers()).isEqualTo(1);
    assertThat(plan.configuration().get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(4);
  }

  private void assertRefused(int port, Map<String, String> flink, String option, int running) {
    ClusterSettings settings =
        new ClusterSettings(Optional.of(1), Optional.of(1), Optional.of(port), flink);
    assertThatThrownBy(() -> LocalCluster.in(directory).start(null, settings))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1016 %s: the cluster of this directory runs already, at localhost:%d. Leave it"
                + " out, stop the cluster first, or give this one another directory.",
            option, running);
  }
}
