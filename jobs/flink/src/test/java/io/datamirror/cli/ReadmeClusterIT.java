package io.datamirror.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cluster.LocalCluster;
import io.datamirror.cluster.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to copy is run here, line by line, as it stands there. */
@Tag("sql-client")
class ReadmeClusterIT {
  private static final Path REPOSITORY =
      Path.of(System.getProperty("mirror.dist"), "..", "..", "..", "..").normalize();
  private static final Pattern BLOCK =
      Pattern.compile("(?s)\\n## On a cluster\\n.*?\\n```sh\\n(.*?)\\n```\\n");
  private static final long PATIENCE_MINUTES = 8;

  @TempDir private Path directory;

  /** A directory that looks like the repository and has a cluster and a demo of its own. */
  @BeforeEach
  void layOut() throws IOException {
    for (String name : List.of("pom.xml", "jobs", "conf")) {
      Files.createSymbolicLink(directory.resolve(name), REPOSITORY.resolve(name));
    }
    Path script = Files.createDirectory(directory.resolve("scripts")).resolve("mirror");
    Files.copy(REPOSITORY.resolve("scripts/mirror"), script);
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void leaveNothingRunning() {
    LocalCluster.in(directory.resolve("cluster")).stop();
    Cli.run("demo", "--stop", directory.resolve("my-demo").toString());
  }

  @Test
  void the_lines_of_the_readme_do_what_they_say() throws Exception {
    String script = "set -euo pipefail\n" + block();

    String output = run(script);

    assertThat(output)
        .contains("Job has been submitted with JobID")
        .containsPattern("\\| +regions \\| +continents \\|")
        .contains("1 row in set", "Savepoint: ", "first sign  committed")
        .containsPattern("(?m)^countries +following ")
        .containsPattern("(?m)^runways +(loading|following) ")
        .contains("Ended jobmanager, taskmanager-1", "Ended the warehouse");
    assertThat(LocalCluster.in(directory.resolve("cluster")).processes()).isEmpty();
  }

  private static String block() throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(REPOSITORY.resolve("README.md")));
    assertThat(matcher.find()).as("a block of shell lines under 'On a cluster'").isTrue();
    return matcher.group(1);
  }

  private String run(String script) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JDK_JAVA_OPTIONS", RealCluster.FIRST_COMPILER_ONLY);
    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output, UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
