package io.datamirror.lake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, but permissions are set in this process.
 *
 * <p>Hadoop starts a process for each file that is created, to set its permissions, where its
 * native library is not installed. That costs more than writing the file.
 */
public final class LocalFiles extends LocalFileSystem {

  public LocalFiles() {
    super(new Raw());
    setWriteChecksum(false);
  }

  private static final class Raw extends RawLocalFileSystem {

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      File file = pathToFile(path);
      PosixFileAttributeView view =
          Files.getFileAttributeView(file.toPath(), PosixFileAttributeView.class);
      if (view == null) {
        super.setPermission(path, permission);
        return;
      }
      view.setPermissions(PosixFilePermissions.fromString(text(permission)));
    }

    private static String text(FsPermission permission) {
      return permission.getUserAction().SYMBOL
          + permission.getGroupAction().SYMBOL
          + permission.getOtherAction().SYMBOL;
    }
  }
}
