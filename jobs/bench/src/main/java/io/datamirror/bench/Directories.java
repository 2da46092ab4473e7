package io.datamirror.bench;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories that are done with. */
public final class Directories {

  private Directories() {}

  /** Deletes a directory and what is in it. */
  public static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  /**
   * Lets go of what the files in a directory hold, and leaves them there. A file system without a
   * journal gives nobody the place of a file that was deleted a moment ago: who makes many files
   * after that would pay for the search.
   */
  public static void empty(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(directory)) {
      files = paths.filter(path -> Files.isRegularFile(path, NOFOLLOW_LINKS)).toList();
    }
    for (Path file : files) {
      Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
    }
  }
}
