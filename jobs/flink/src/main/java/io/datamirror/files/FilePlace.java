package io.datamirror.files;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalDataInputStream;

/**
 * A file or directory on any file system that Flink knows.
 *
 * <p>Those of this machine are asked for without Flink, which takes no colon and no backslash in
 * their names.
 *
 * @param address where it is, as Flink writes it: nothing in it is escaped
 */
record FilePlace(String address) {

  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  private static final String LOCAL = "file";

  /** The place of a path: a relative one starts at the directory of this process. */
  static FilePlace of(String path) {
    return new FilePlace(ADDRESS.matcher(path).matches() ? path : absolute(path));
  }

  private static String absolute(String path) {
    try {
      return LOCAL + ":" + java.nio.file.Path.of(path).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw unreadableName(e, path);
    }
  }

  /** A name has what is no letter in the encoding that this process has for names. */
  static MirrorException unreadableName(InvalidPathException failure, String object) {
    return new MirrorException(
        ErrorCode.FILES_UNREACHABLE,
        object,
        "the name of "
            + failure.getInput()
            + " cannot be read as "
            + System.getProperty("sun.jnu.encoding"),
        "Rename it; if names are in UTF-8, start with LC_ALL=C.UTF-8.");
  }

  /** What has this path below here; an empty one is the place itself. */
  FilePlace within(String path) {
    return path.isEmpty() ? this : new FilePlace(address + "/" + path);
  }

  boolean local() {
    return address.startsWith(LOCAL + ":");
  }

  /** The place for Flink. */
  Path path() {
    return new Path(address);
  }

  /** The place on this machine. */
  java.nio.file.Path file() {
    String path = address.substring(LOCAL.length() + 1);
    return new File(path.startsWith("//") ? afterHost(path) : path).toPath();
  }

  private static String afterHost(String path) {
    int slash = path.indexOf('/', 2);
    return slash < 0 ? "/" : path.substring(slash);
  }

  /**
   * Opens the file if it is still what it was found to be.
   *
   * @throws FileNotFoundException if it is not there
   * @throws FileChanged if it was written again
   */
  FSDataInputStream open(ChangeFile found) throws IOException, FileChanged {
    if (local()) {
      File file = file().toFile();
      if (!file.exists()) {
        throw new FileNotFoundException(file.getPath());
      }
      requireSame(found, file.length(), Files.getLastModifiedTime(file.toPath()).toMillis());
      return new LocalDataInputStream(file);
    }
    FileSystem system = path().getFileSystem();
    FileStatus now = system.getFileStatus(path());
    requireSame(found, now.getLen(), asListed(found, now.getModificationTime()));
    return system.open(path());
  }

  /** Many stores list milliseconds, and tell only whole seconds of a file that is asked for. */
  private static long asListed(ChangeFile found, long modifiedMillis) {
    long listed = found.modifiedMillis();
    return isCut(listed, modifiedMillis) || isCut(modifiedMillis, listed) ? listed : modifiedMillis;
  }

  private static boolean isCut(long seconds, long millis) {
    return seconds == millis - Math.floorMod(millis, 1_000);
  }

  private static void requireSame(ChangeFile found, long length, long modifiedMillis)
      throws FileChanged {
    if (length != found.length() || modifiedMillis != found.modifiedMillis()) {
      throw new FileChanged();
    }
  }

  /** A file is not what it was found to be. */
  static final class FileChanged extends Exception {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public String toString() {
    return address;
  }
}
