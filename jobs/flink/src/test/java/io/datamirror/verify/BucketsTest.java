package io.datamirror.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.KeyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BucketsTest {

  @TempDir Path directory;

  /** Whoever fills a disk must not leave it full. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void the_files_of_a_full_disk_are_deleted() throws IOException {
    Path files = Files.createDirectory(directory.resolve("files"));
    for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
      Files.createSymbolicLink(files.resolve("bucket-" + bucket), Path.of("/dev/full"));
    }
    Buckets buckets = new Buckets(1, files);
    buckets.add(new Entry(new KeyId(1, 2, 3), new byte[0], true, 4, "{}", Timeliness.LATE));
    assertThatThrownBy(buckets::seal).isInstanceOf(IOException.class);

    buckets.close();

    assertThat(files).doesNotExist();
  }
}
