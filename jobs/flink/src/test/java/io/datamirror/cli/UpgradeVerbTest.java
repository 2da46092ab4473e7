package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.cluster.ClusterClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No cluster is at the address: what is refused with another message is refused before. */
class UpgradeVerbTest {

  @Test
  void a_parallelism_that_no_mirror_has_is_refused_before_the_cluster_is_asked() {
    for (String parallelism : new String[] {"0", "-1", "129"}) {
      assertRefused(
          upgrade("--parallelism", parallelism),
          "MIRROR-1016 --parallelism: " + parallelism + " is not between 1 and 128.");
    }
  }

  @Test
  void a_setting_that_would_lose_data_is_refused_before_the_cluster_is_asked() {
    assertRefused(
        upgrade("-D", "execution.checkpointing.mode=AT_LEAST_ONCE"),
        "MIRROR-1027 execution.checkpointing.mode:");
  }

  @Test
  void batch_is_refused_before_the_cluster_is_asked() {
    assertRefused(
        upgrade("-D", "execution.runtime-mode=BATCH"),
        "MIRROR-1016 execution.runtime-mode: batch has an end and this mirror has none. Add --until"
            + " now, or take the setting out.");
  }

  @Test
  void the_spec_to_go_back_to_is_found_by_what_was_replaced_then(@TempDir Path directory)
      throws IOException {
    String file = Files.writeString(directory.resolve("spec.yaml"), "mirror: m\n").toString();
    SpecFile now = with(file, Map.of("source.settle", "5s", "source.connections", "3"));

    assertThat(now.before(Map.of()))
        .extracting(SpecFile::fingerprint)
        .contains(now.fingerprint(), with(file, Map.of()).fingerprint());
    assertThat(now.before(Map.of("source.settle", "9s", "source.fetch-size", "7")))
        .extracting(SpecFile::fingerprint)
        .contains(
            with(
                    file,
                    Map.of(
                        "source.settle", "9s", "source.connections", "3", "source.fetch-size", "7"))
                .fingerprint(),
            with(file, Map.of("source.settle", "9s", "source.fetch-size", "7")).fingerprint());
  }

  @Test
  void a_run_that_has_an_end_is_not_replaced_by_one_without() {
    ClusterClient.Job running =
        new ClusterClient.Job(new JobID(), "mirror shop", JobStatus.RUNNING);
    JobParameters told =
        new JobParameters("shop", "", "", "", RunOptions.ofOneFile().until(), Map.of(), List.of());

    assertThatThrownBy(() -> UpgradeVerb.requireNoEnd(running, told))
        .hasMessage(
            "MIRROR-1016 mirror shop: it runs with --until now and ends by itself. Let it end; or"
                + " cancel it and start the new one with --until now: it goes on from what the lake"
                + " holds.");
    UpgradeVerb.requireNoEnd(running, JobParameters.of(Map.of("data-mirror.mirror", "shop")));
  }

  private static SpecFile with(String file, Map<String, String> replacements) {
    return new SpecFile().at(file).with(replacements);
  }

  private static Cli.Result upgrade(String option, String value) {
    return Cli.run("upgrade", "--spec", "no-such.yaml", "--cluster", "localhost:1", option, value);
  }

  private static void assertRefused(Cli.Result result, String message) {
    assertThat(result.err()).startsWith(message);
    assertThat(result.exitCode()).isEqualTo(2);
  }
}
