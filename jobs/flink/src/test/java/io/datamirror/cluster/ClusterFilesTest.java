package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFilesTest {
  @TempDir private Path directory;

  @Test
  void flink_finds_the_directories_of_a_name_that_a_url_would_escape() {
    ClusterFiles files = new ClusterFiles(directory.resolve("my dir ö 100%"));
    files.create();
    Configuration settings = new Configuration();
    files.addTo(settings);

    files.writeConfiguration(settings);

    Configuration read = GlobalConfiguration.loadConfiguration(files.conf().toString());
    assertThat(local(read.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)))
        .isEqualTo(files.checkpoints());
    assertThat(local(read.get(CheckpointingOptions.SAVEPOINT_DIRECTORY)))
        .isEqualTo(files.savepoints());
  }

  private static Path local(String address) {
    return Path.of(new org.apache.flink.core.fs.Path(address).getPath());
  }
}
