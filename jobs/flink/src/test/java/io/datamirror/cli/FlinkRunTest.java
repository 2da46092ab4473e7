package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The command line as the main method of a jar that {@code flink run} submits, and waits for. */
class FlinkRunTest {
  @Test
  void what_flink_run_was_given_is_known() {
    Map<String, String> given =
        FlinkRun.with(
            Map.of("state.backend.type", "rocksdb", "rest.address", "flink.example.com"),
            () ->
                FlinkRuntime.of(
                        RunOptions.untilNow(RunOptions.Mode.STREAMING), RunOptions.Start.FROM_LAKE)
                    .given());

    assertThat(given)
        .containsEntry("state.backend.type", "rocksdb")
        .containsKey("execution.checkpointing.interval")
        .doesNotContainKeys("rest.address", "execution.target", "execution.attached");
  }
}
