package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cluster.ClusterAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;

class InterruptTest {
  private static final JobID JOB = JobID.fromHexString("00112233445566778899aabbccddeeff");

  private final StringWriter said = new StringWriter();
  private final Console console =
      Console.of(MirrorCommand.commandLine().setErr(new PrintWriter(said)));

  @Test
  void a_job_in_a_cluster_goes_on_and_is_named_with_the_way_to_stop_it() {
    try (Interrupt interrupt =
        Interrupt.leaves(JOB, new ClusterAddress("flink.example.com", 8081), console)) {
      interrupt.pull();

      assertThat(interrupt.pulled()).isTrue();
    }
    assertThat(said.toString())
        .isEqualToNormalizingNewlines(
            "Not waiting any longer: job 00112233445566778899aabbccddeeff goes on in the cluster at"
                + " flink.example.com:8081. To stop it: flink cancel -m flink.example.com:8081"
                + " 00112233445566778899aabbccddeeff\n");
  }

  @Test
  void nothing_is_said_of_a_job_whose_end_was_awaited() {
    Interrupt.leaves(JOB, new ClusterAddress("localhost", 8081), console).close();

    assertThat(said.toString()).isEmpty();
  }
}
