package io.datamirror.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScratchDirectoryTest {
  private static final long PATIENCE_SECONDS = 60;

  @Test
  void a_closed_one_is_gone_with_its_files() throws Exception {
    Path path;
    try (ScratchDirectory directory = ScratchDirectory.create("mirror-test-")) {
      path = directory.path();
      Files.writeString(directory.inner("bucket").resolve("file"), "x");
    }

    assertThat(path).doesNotExist();
  }

  @Test
  void a_process_that_is_told_to_end_leaves_none_behind() throws Exception {
    Process process = new ProcessBuilder(command()).redirectErrorStream(true).start();
    try (BufferedReader told = process.inputReader(UTF_8)) {
      Path path = Path.of(told.readLine());
      assertThat(path.resolve("bucket/file")).exists();

      process.destroy();

      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(path).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Sleeper.class.getName());
  }

  /** A process that is at work in a directory until somebody ends it. */
  static final class Sleeper {

    private Sleeper() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      try (ScratchDirectory directory = ScratchDirectory.create("mirror-test-")) {
        Files.writeString(directory.inner("bucket").resolve("file"), "x");
        System.out.println(directory.path());
        Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      }
    }
  }
}
