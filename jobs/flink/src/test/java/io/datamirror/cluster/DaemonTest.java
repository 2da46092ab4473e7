package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
  @TempDir private Path directory;

  @Test
  void a_process_is_found_again_and_ended() {
    Path pidFile = directory.resolve("sleeper.pid");
    Daemon.start(pidFile, List.of("sleep", "600"), directory.resolve("sleeper.out"));

    Daemon found = Daemon.at(pidFile);
    assertThat(found.alive()).isTrue();
    ProcessHandle process = found.process().orElseThrow();

    found.stop();

    assertThat(process.isAlive()).isFalse();
    assertThat(found.alive()).isFalse();
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void another_process_with_the_same_id_is_left_alone() throws Exception {
    Path pidFile = directory.resolve("other.pid");
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(pidFile, other.pid() + " 2001-01-01T00:00:00Z\n");

      Daemon daemon = Daemon.at(pidFile);
      assertThat(daemon.alive()).isFalse();
      daemon.stop();

      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void a_file_that_is_not_there_tells_of_no_process() {
    Daemon daemon = Daemon.at(directory.resolve("none.pid"));

    assertThat(daemon.alive()).isFalse();
    daemon.stop();
  }
}
