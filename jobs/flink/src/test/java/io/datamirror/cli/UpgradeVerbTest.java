package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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

  private static Cli.Result upgrade(String option, String value) {
    return Cli.run("upgrade", "--spec", "no-such.yaml", "--cluster", "localhost:1", option, value);
  }

  private static void assertRefused(Cli.Result result, String message) {
    assertThat(result.err()).startsWith(message);
    assertThat(result.exitCode()).isEqualTo(2);
  }
}
