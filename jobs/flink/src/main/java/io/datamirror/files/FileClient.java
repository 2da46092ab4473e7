package io.datamirror.files;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.ClientConnection;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** A directory on any file system that Flink knows. */
final class FileClient implements ClientConnection.Client {

  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  private static final Pattern WILD = Pattern.compile(".*[*?\\[{].*");

  private final String root;
  private final Duration settle;

  /**
   * @param root the directory, absolute
   * @param settle how long a file must have stayed as it is
   */
  FileClient(String root, Duration settle) {
    this.root = root;
    this.settle = settle;
  }

  static FileClient of(Connection connection) throws SQLException {
    return connection.unwrap(FileClient.class);
  }

  /** A path as an address: a relative one starts at the directory of this process. */
  static String absolute(String path) {
    return ADDRESS.matcher(path).matches()
        ? path
        : java.nio.file.Path.of(path).toAbsolutePath().normalize().toUri().toString();
  }

  Duration settle() {
    return settle;
  }

  /**
   * The files that {@code source} means, in the order of their paths: a file, all files below a
   * directory, or those whose path matches. What begins with a dot or an underscore is not meant:
   * writers call files so that are not complete.
   */
  List<ChangeFile> list(String source, String table) {
    String fixed = fixedPart(source);
    Path start = fixed.isEmpty() ? new Path(root) : new Path(root, fixed);
    try {
      FileSystem system = start.getFileSystem();
      List<ChangeFile> files = new ArrayList<>();
      collect(system, system.getFileStatus(start), fixed, matcher(source), files);
      files.sort(Comparator.comparing(ChangeFile::path));
      return files;
    } catch (FileNotFoundException e) {
      throw new MirrorException(
          ErrorCode.SOURCE_TABLE_MISSING,
          table,
          "there is no " + start,
          "Create the directory, or mend source.path and the source of the table.");
    } catch (IOException e) {
      throw unreachable(e, table, start.toString());
    }
  }

  private static void collect(
      FileSystem system, FileStatus found, String path, PathMatcher matcher, List<ChangeFile> files)
      throws IOException {
    if (!found.isDir()) {
      if (matcher.matches(java.nio.file.Path.of(path))) {
        files.add(new ChangeFile(path, found.getLen(), found.getModificationTime()));
      }
      return;
    }
    FileStatus[] inside = system.listStatus(found.getPath());
    for (FileStatus next : inside == null ? new FileStatus[0] : inside) {
      String name = next.getPath().getName();
      if (!name.startsWith(".") && !name.startsWith("_")) {
        collect(system, next, path.isEmpty() ? name : path + "/" + name, matcher, files);
      }
    }
  }

  /** The directories of a pattern before the first one with a wildcard. */
  private static String fixedPart(String source) {
    if (!WILD.matcher(source).matches()) {
      return source.equals(".") ? "" : source;
    }
    List<String> fixed = new ArrayList<>();
    for (String part : source.split("/")) {
      if (WILD.matcher(part).matches()) {
        break;
      }
      fixed.add(part);
    }
    return String.join("/", fixed);
  }

  private static PathMatcher matcher(String source) {
    return WILD.matcher(source).matches()
        ? FileSystems.getDefault().getPathMatcher("glob:" + source)
        : path -> true;
  }

  /**
   * Opens a file as it was found.
   *
   * @throws MirrorException if it is no longer what it was
   */
  FSDataInputStream open(ChangeFile file, String table) throws IOException {
    Path path = path(file);
    FileSystem system = path.getFileSystem();
    FileStatus now;
    try {
      now = system.getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw changed(file, table, "was removed");
    }
    if (now.getLen() != file.length() || now.getModificationTime() != file.modifiedMillis()) {
      throw changed(file, table, "was written again");
    }
    return system.open(path);
  }

  private Path path(ChangeFile file) {
    return file.path().isEmpty() ? new Path(root) : new Path(root, file.path());
  }

  private static MirrorException changed(ChangeFile file, String table, String what) {
    return new MirrorException(
        ErrorCode.HISTORY_LOST,
        table,
        "the file " + file.path() + " " + what + " before it was read",
        "Put it back; give new files new names, and move them in when they are complete.");
  }

  static MirrorException unreachable(IOException failure, String table, String place) {
    return MirrorException.causedBy(
        new IOException(failure.getClass().getSimpleName()),
        ErrorCode.FILES_UNREACHABLE,
        table,
        place + " cannot be read, with " + failure.getClass().getSimpleName(),
        "See whether it is there and may be read; some file systems need a jar in lib/.");
  }

  @Override
  public boolean valid() {
    return true;
  }

  @Override
  public void abort() {}

  @Override
  public void close() {}
}
