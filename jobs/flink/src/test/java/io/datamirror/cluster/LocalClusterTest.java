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
  void a_cluster_whose_directory_was_moved_has_its_files_where_it_is_now() throws Exception {
    ClusterFiles before = new ClusterFiles(directory.resolve("before"));
    before.create();
    ClusterPlan.of(before, ClusterSettings.of(2, 3).with(Map.of("io.tmp.dirs", "/scratch")))
        .write(before);
    ClusterFiles after = new ClusterFiles(directory.resolve("my after"));
    Files.move(before.directory(), after.directory());

    ClusterPlan moved = ClusterPlan.of(after, ClusterSettings.UNCHANGED);

    assertThat(moved.taskManagers()).isEqualTo(2);
    assertThat(moved.configuration().toMap())
        .containsEntry("execution.checkpointing.dir", "file:" + after.checkpoints())
        .containsEntry("execution.checkpointing.savepoint-dir", "file:" + after.savepoints())
        .containsEntry("io.tmp.dirs", "/scratch")
        .containsEntry("taskmanager.numberOfTaskSlots", "3");
  }

  @Test
  void what_nobody_has_told_is_as_a_new_cluster_is_now() {
    ClusterFiles files = new ClusterFiles(directory);
    files.create();
    ClusterPlan.of(files, ClusterSettings.UNCHANGED.with(Map.of("a", "1"))).write(files);
    Configuration earlier = files.defaults().orElseThrow();
    earlier.setString("execution.checkpointing.interval", "1 h");
    earlier.setString("b", "no longer a default");
    files.writeDefaults(earlier);
    earlier.setString("a", "1");
    files.writeConfiguration(earlier);

    assertThat(ClusterPlan.of(files, ClusterSettings.UNCHANGED).configuration().toMap())
        .containsEntry("execution.checkpointing.interval", "5 s")
        .containsEntry("a", "1")
        .doesNotContainKey("b");
  }

  @Test
  void of_a_cluster_of_an_earlier_release_the_ports_and_the_processes_are_kept() throws Exception {
    ClusterFiles files = new ClusterFiles(directory);
    files.create();
    files.writeConfiguration(
        Configuration.fromMap(
            Map.of(
                "rest.port", "18081",
                "jobmanager.rpc.port", "16123",
                "execution.checkpointing.dir", "file:///my%20dir/checkpoints",
                "execution.checkpointing.interval", "1 h")));
    for (String name : List.of("jobmanager", "taskmanager-1", "taskmanager-2")) {
      Files.writeString(files.pids().resolve(name + ".pid"), "1 -\n");
    }

    ClusterPlan plan = ClusterPlan.of(files, ClusterSettings.UNCHANGED);

    assertThat(plan.taskManagers()).isEqualTo(2);
    assertThat(plan.configuration().toMap())
        .containsEntry("rest.port", "18081")
        .containsEntry("jobmanager.rpc.port", "16123")
        .containsEntry("execution.checkpointing.dir", "file:" + files.checkpoints())
        .containsEntry("execution.checkpointing.interval", "5 s");
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
