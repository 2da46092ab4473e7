package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostTest {

  private static final String MAIN = "io.datamirror.cli.MirrorCommand";
  private static final String PROGRAM = "org.apache.flink.client.program.PackagedProgram";
  private static final String APPLICATION =
      "org.apache.flink.client.deployment.application.PackagedProgramApplication";

  @Test
  void the_command_line_has_a_process_of_its_own() {
    assertThat(Host.of(List.of(MAIN), MAIN + " run --spec flink.yaml")).isEqualTo(Host.MIRROR);
    assertThat(Host.here()).isEqualTo(Host.MIRROR);
  }

  @Test
  void the_client_of_flink_run_is_there_for_one_job() {
    String client = "org.apache.flink.client.cli.CliFrontend";

    assertThat(Host.of(List.of(MAIN, PROGRAM, client), client + " run data-mirror.jar"))
        .isEqualTo(Host.FLINK_FOR_ONE_JOB);
  }

  @Test
  void the_job_manager_of_an_application_is_there_for_one_job() {
    for (String entry :
        List.of(
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            "org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint",
            "org.apache.flink.yarn.entrypoint.YarnApplicationClusterEntryPoint")) {
      assertThat(Host.of(List.of(MAIN, PROGRAM, APPLICATION), entry + " --configDir conf"))
          .isEqualTo(Host.FLINK_FOR_ONE_JOB);
    }
  }

  @Test
  void the_job_manager_of_a_session_has_other_jobs() {
    String entry = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    String rest = "org.apache.flink.client.deployment.application.DetachedApplicationRunner";

    for (String runner : List.of(rest, APPLICATION)) {
      assertThat(Host.of(List.of(MAIN, PROGRAM, runner), entry + " --configDir conf"))
          .isEqualTo(Host.FLINK_FOR_MANY);
    }
    assertThat(Host.of(List.of(MAIN, PROGRAM, rest), "")).isEqualTo(Host.FLINK_FOR_MANY);
  }

  @Test
  void who_does_not_see_the_output_is_told_the_errors_in_it() {
    StringWriter shown = new StringWriter();
    ErrorMemory errors = new ErrorMemory(new PrintWriter(shown));

    int exitCode =
        MirrorCommand.commandLine()
            .setErr(errors)
            .execute("validate", "--spec", "/no/such/spec.yaml");

    assertThat(exitCode).isEqualTo(2);
    assertThat(errors.text(exitCode)).startsWith("MIRROR-").contains("/no/such/spec.yaml");
    assertThat(errors.text(exitCode).lines()).hasSize(1);
    assertThat(shown.toString()).contains(errors.text(exitCode));
  }

  @Test
  void a_failure_without_an_error_is_told_too() {
    assertThat(new ErrorMemory(new PrintWriter(new StringWriter())).text(4))
        .isEqualTo("the verb ended with exit code 4; the log of the process says why");
  }
}
