package io.datamirror.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * Files of this machine as an object store gives them: it lists milliseconds and tells whole
 * seconds of a file that is asked for, and there are no directories without files.
 */
final class TestStore extends LocalFileSystem {

  static final String SCHEME = "teststore";

  /** Makes the store known to Flink. */
  public static final class Factory implements FileSystemFactory {
    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public FileSystem create(URI address) {
      return new TestStore();
    }
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    FileStatus status = super.getFileStatus(path);
    if (status.isDir() && empty(path)) {
      throw new FileNotFoundException(path.toString());
    }
    return new InSeconds(status);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return Stream.of(super.listStatus(path))
        .map(status -> ((InSeconds) status).listed())
        .toArray(FileStatus[]::new);
  }

  private static boolean empty(Path path) throws IOException {
    try (Stream<java.nio.file.Path> below = Files.walk(java.nio.file.Path.of(path.getPath()))) {
      return below.noneMatch(Files::isRegularFile);
    }
  }

  private record InSeconds(FileStatus listed) implements FileStatus {
    @Override
    public long getLen() {
      return listed.getLen();
    }

    @Override
    public long getBlockSize() {
      return listed.getBlockSize();
    }

    @Override
    public short getReplication() {
      return listed.getReplication();
    }

    @Override
    public long getModificationTime() {
      return listed.getModificationTime() / 1_000 * 1_000;
    }

    @Override
    public long getAccessTime() {
      return listed.getAccessTime();
    }

    @Override
    public boolean isDir() {
      return listed.isDir();
    }

    @Override
    public Path getPath() {
      return listed.getPath();
    }
  }
}
