package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStarterTest {

  @TempDir private Path directory;
  private ClusterFiles files;
  private ProcessStarter starter;

  /** A Java that prints its arguments. */
  @BeforeEach
  void layOut() throws IOException {
    files = new ClusterFiles(directory);
    files.create();
    Path java = directory.resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\" end\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Configuration configuration =
        Configuration.fromMap(
            Map.of(
                "jobmanager.memory.process.size", "1 gb",
                "taskmanager.memory.process.size", "1600 mb",
                "env.java.opts.all", "-Dall=1  -Xss2m",
                "env.java.opts.jobmanager", "-Djobs=2",
                "env.java.opts.taskmanager", "-Dtasks=3"));
    FlinkHome home =
        new FlinkHome(FlinkVersion.parse("2.3.0"), List.of("flink.jar"), List.of(), directory);
    starter = new ProcessStarter(files, home, java, List.of("-Dmirror=0"), configuration);
  }

  private List<String> arguments(String process) {
    Path output = files.log().resolve(process + ".out");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(output) && Files.readString(output).endsWith("\nend\n"));
    return read(output);
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_process_has_the_options_of_all_and_then_its_own() {
    starter.startJobManager("jobmanager");
    starter.startTaskManager("taskmanager-1");

    assertThat(arguments("jobmanager"))
        .containsSubsequence("-Dmirror=0", "-Dall=1", "-Xss2m", "-Djobs=2", "-cp", "flink.jar")
        .doesNotContain("-Dtasks=3", "");
    assertThat(arguments("taskmanager-1"))
        .containsSubsequence("-Dmirror=0", "-Dall=1", "-Xss2m", "-Dtasks=3", "-cp", "flink.jar")
        .doesNotContain("-Djobs=2", "");
  }
}
