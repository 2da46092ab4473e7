package io.datamirror.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Process process = process(Sleeper.class).start();
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

  @Test
  void a_process_that_makes_one_after_the_other_leaves_none_behind(@TempDir Path files)
      throws Exception {
    Process process = process(Maker.class, "-Djava.io.tmpdir=" + files).start();
    try (BufferedReader told = process.inputReader(UTF_8)) {
      assertThat(told.readLine()).isEqualTo("at work");

      // Its streams are to stay open.
      assertThat(process.toHandle().destroy()).isTrue();

      assertThat(told.readLine()).isEqualTo("no more of them: ending");
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(files).isEmptyDirectory();
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder process(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-UsePerfData");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return new ProcessBuilder(command).redirectErrorStream(true);
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

  /** A process that makes directories as long as it can, beside one that takes time to delete. */
  static final class Maker {
    private static final int MANY = 5_000;

    private Maker() {}

    public static void main(String[] arguments) throws IOException {
      ScratchDirectory large = ScratchDirectory.create("mirror-test-");
      for (int number = 0; number < MANY; number++) {
        Files.writeString(large.path().resolve("file-" + number), "x");
      }
      System.out.println("at work");
      try {
        while (true) {
          ScratchDirectory.create("mirror-test-").close();
        }
      } catch (IllegalStateException e) {
        System.out.println("no more of them: " + (ScratchDirectory.ending() ? "ending" : e));
      }
    }
  }
}
