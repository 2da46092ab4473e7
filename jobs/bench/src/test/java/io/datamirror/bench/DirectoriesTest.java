package io.datamirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

  @TempDir private Path directory;

  @Test
  void what_is_emptied_keeps_its_files_and_nothing_in_them() throws IOException {
    Path outside = Files.writeString(directory.resolve("outside"), "kept");
    Path inside = Files.createDirectories(directory.resolve("lake/data"));
    Path file = Files.writeString(inside.resolve("a.parquet"), "rows");
    Files.createSymbolicLink(inside.resolve("link"), outside);

    Directories.empty(directory.resolve("lake"));

    assertThat(file).isEmptyFile();
    assertThat(outside).hasContent("kept");
    Directories.delete(directory.resolve("lake"));
    assertThat(directory.resolve("lake")).doesNotExist();
    assertThat(outside).hasContent("kept");
  }
}
