package io.datamirror.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for what does not fit into memory. It is deleted with all that is in it when it is
 * closed, and when the process is told to end before.
 */
final class ScratchDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final Thread hook;

  private ScratchDirectory(Path path) {
    this.path = path;
    this.hook = new Thread(this::delete, "mirror-scratch");
  }

  /** A new directory of this machine's temporary files. */
  static ScratchDirectory create(String prefix) throws IOException {
    ScratchDirectory directory = new ScratchDirectory(Files.createTempDirectory(prefix));
    Runtime.getRuntime().addShutdownHook(directory.hook);
    return directory;
  }

  Path path() {
    return path;
  }

  /** A new directory in it. */
  Path inner(String name) throws IOException {
    return Files.createDirectory(path.resolve(name));
  }

  private void delete() {
    // Whoever still writes there may add a file behind the back of the one who deletes.
    for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
      FileUtils.deleteDirectoryQuietly(path.toFile());
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook is at work.
      LOG.debug("the process is ending", e);
    }
    delete();
  }
}
