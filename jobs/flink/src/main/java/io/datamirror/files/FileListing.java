package io.datamirror.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;

/**
 * Finds the files below a place while others write there: what is renamed or moved away in the
 * meantime is left out, what cannot be read is an error, never an empty directory. Only what an
 * object store does not know is empty: it has no directories.
 */
final class FileListing {

  private final PathMatcher matcher;
  private final List<ChangeFile> files = new ArrayList<>();

  private FileListing(PathMatcher matcher) {
    this.matcher = matcher;
  }

  /**
   * The files below {@code place}, in the order of their paths.
   *
   * @param path the path of the place, that those of the files begin with; empty for none
   * @throws FileNotFoundException if the place is not there, on this machine
   * @throws InvalidPathException if one of them has a name that it would not be found by
   */
  static List<ChangeFile> below(FilePlace place, String path, PathMatcher matcher)
      throws IOException {
    FileListing listing = new FileListing(matcher);
    if (place.local()) {
      listing.addLocal(place.file(), java.nio.file.Path.of(path), path);
    } else {
      listing.addStored(place, path);
    }
    listing.files.sort(Comparator.comparing(ChangeFile::path));
    return List.copyOf(listing.files);
  }

  /**
   * Flink's own listing of a local directory fails when one of the files is gone, and for some
   * names.
   *
   * @param below {@code path} with the bytes that its names have on the disk
   */
  private void addLocal(java.nio.file.Path found, java.nio.file.Path below, String path)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(found, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw gone(e);
    }
    if (!attributes.isDirectory()) {
      if (matcher.matches(below)) {
        requireFoundBy(path, below);
        files.add(
            new ChangeFile(path, attributes.size(), attributes.lastModifiedTime().toMillis()));
      }
      return;
    }
    try (DirectoryStream<java.nio.file.Path> inside = Files.newDirectoryStream(found)) {
      for (java.nio.file.Path next : inside) {
        java.nio.file.Path bytes = next.getFileName();
        String name = bytes.toString();
        if (meant(name)) {
          ignoringGone(() -> addLocal(next, below.resolve(bytes), within(path, name)));
        }
      }
    } catch (NoSuchFileException e) {
      throw gone(e);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void addStored(FilePlace place, String path) throws IOException {
    FileSystem system = place.path().getFileSystem();
    ignoringGone(() -> add(system, system.getFileStatus(place.path()), path));
  }

  private void add(FileSystem system, FileStatus found, String path) throws IOException {
    if (!found.isDir()) {
      if (matcher.matches(java.nio.file.Path.of(path))) {
        files.add(new ChangeFile(path, found.getLen(), found.getModificationTime()));
      }
      return;
    }
    FileStatus[] inside = system.listStatus(found.getPath());
    if (inside == null) {
      FileStatus there = system.getFileStatus(found.getPath());
      throw new IOException("nothing is said of what is in " + there.getPath());
    }
    for (FileStatus next : inside) {
      String name = next.getPath().getName();
      if (meant(name)) {
        ignoringGone(() -> add(system, next, within(path, name)));
      }
    }
  }

  /** What is no letter in the encoding of this process is another one in the text of a name. */
  private static void requireFoundBy(String path, java.nio.file.Path below) {
    if (!java.nio.file.Path.of(path).equals(below)) {
      throw new InvalidPathException(path, "some of its bytes are no letters");
    }
  }

  /** Writers call files so that are not complete. */
  private static boolean meant(String name) {
    return !name.startsWith(".") && !name.startsWith("_");
  }

  private static String within(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  private interface Visit {
    void run() throws IOException;
  }

  private static void ignoringGone(Visit visit) throws IOException {
    try {
      visit.run();
    } catch (FileNotFoundException e) {
      // It was renamed or moved away since its directory was read, or with all that was below it.
      return;
    }
  }

  private static FileNotFoundException gone(NoSuchFileException e) {
    FileNotFoundException gone = new FileNotFoundException(e.getFile());
    gone.initCause(e);
    return gone;
  }
}
