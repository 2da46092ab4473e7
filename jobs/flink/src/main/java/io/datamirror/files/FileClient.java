package io.datamirror.files;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.ClientConnection;
import io.datamirror.spec.FileName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A directory on any file system that Flink knows. */
final class FileClient implements ClientConnection.Client {

  private final FilePlace root;
  private final Duration settle;

  /**
   * @param root the directory
   * @param settle how long a file must have stayed as it is
   */
  FileClient(FilePlace root, Duration settle) {
    this.root = root;
    this.settle = settle;
  }

  static FileClient of(Connection connection) throws SQLException {
    return connection.unwrap(FileClient.class);
  }

  Duration settle() {
    return settle;
  }

  /**
   * The files that {@code source} means, in the order of their paths: a file, all files below a
   * directory, or those whose path matches. What begins with a dot or an underscore is not meant:
   * writers call files so that are not complete.
   *
   * @throws MirrorException if the directory is not there; on other file systems than this
   *     machine's it is empty then
   */
  List<ChangeFile> list(String source, String table) {
    String fixed = fixedPart(source);
    FilePlace start = root.within(fixed);
    try {
      requireLetters(source);
      return FileListing.below(start, fixed, FileName.matcher(source));
    } catch (FileNotFoundException e) {
      throw new MirrorException(
          ErrorCode.SOURCE_TABLE_MISSING,
          table,
          "there is no " + start,
          "Create the directory, or mend source.path and the source of the table.");
    } catch (InvalidPathException e) {
      throw FilePlace.unreadableName(e, table);
    } catch (IOException e) {
      throw unreachable(e, table, start.toString());
    }
  }

  /**
   * A pattern with a letter that no name of a file can have in this process would match none, and
   * nobody would know why.
   */
  private static void requireLetters(String source) {
    var unused = Path.of(source);
  }

  /** The directories of a pattern before the first one with a wildcard. */
  private static String fixedPart(String source) {
    if (!FileName.isPattern(source)) {
      return source.equals(".") ? "" : source;
    }
    List<String> fixed = new ArrayList<>();
    for (String part : source.split("/")) {
      if (FileName.isPattern(part)) {
        break;
      }
      fixed.add(part);
    }
    return String.join("/", fixed);
  }

  /**
   * Opens a file as it was found.
   *
   * @throws MirrorException if it is no longer what it was
   * @throws ReadFailed if the file system does not open it
   */
  FileInput open(ChangeFile file, String table) throws ReadFailed {
    try {
      return new FileInput(root.within(file.path()).open(file), file.length());
    } catch (FileNotFoundException e) {
      throw changed(file, table, "was removed");
    } catch (FilePlace.FileChanged e) {
      throw changed(file, table, "was written again");
    } catch (IOException | RuntimeException e) {
      throw ReadFailed.by(e);
    }
  }

  private static MirrorException changed(ChangeFile file, String table, String what) {
    return new MirrorException(
        ErrorCode.HISTORY_LOST,
        table,
        "the file " + file.path() + " " + what + " before it was read",
        "Put it back; give new files new names, and move them in when they are complete.");
  }

  static MirrorException unreachable(IOException failure, String table, String place) {
    Throwable told = failure instanceof ReadFailed ? failure.getCause() : failure;
    String kind = told.getClass().getSimpleName();
    return MirrorException.causedBy(
        new IOException(kind),
        ErrorCode.FILES_UNREACHABLE,
        table,
        place + " cannot be read, with " + kind,
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
