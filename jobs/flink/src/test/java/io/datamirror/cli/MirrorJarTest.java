package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MirrorJarTest {

  @Test
  void another_process_is_told_how_drivers_behave_and_whom_to_trust() {
    assertThat(
            MirrorJar.handedOver(
                List.of(
                    "-Xmx6g",
                    "-Xms6g",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-Dfile.encoding=UTF-8",
                    "-Dmirror.home=/opt/mirror",
                    "-Dmirror.jar=/opt/mirror/old.jar",
                    "-Dlog4j2.configurationFile=/opt/mirror/log4j2.properties",
                    "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
                    "-javaagent:/opt/agent.jar=port=9404",
                    "-Dcom.sun.management.jmxremote.port=9010",
                    "-Duser.timezone=UTC",
                    "-Djavax.net.ssl.trustStore=/opt/trust.p12")))
        .containsExactly(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Duser.timezone=UTC",
            "-Djavax.net.ssl.trustStore=/opt/trust.p12");
  }

  @Test
  void another_process_takes_no_option_that_writes_to_its_output_or_sets_its_memory() {
    assertThat(
            MirrorJar.handedOver(
                List.of(
                    "-Xlog:gc",
                    "-verbose:gc",
                    "-XX:+PrintCommandLineFlags",
                    "-XX:StartFlightRecording",
                    "-XX:MinHeapSize=2g")))
        .isEmpty();
    List<String> modules =
        List.of(
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "--add-modules=jdk.security.auth");
    assertThat(MirrorJar.handedOver(modules)).isEqualTo(modules);
  }
}
