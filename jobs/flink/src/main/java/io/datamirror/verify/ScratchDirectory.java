package io.datamirror.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for what does not fit into memory. It is deleted with all that is in it when it is
 * closed, and when the process is told to end before: from then on there are no new ones.
 */
final class ScratchDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
  private static final int ATTEMPTS = 10;

  private static volatile boolean ending;

  private final Thread hook = new Thread(this::end, "mirror-scratch");

  /** Null until it is made. */
  private Path path;

  private ScratchDirectory() {}

  /**
   * A new directory of this machine's temporary files.
   *
   * @throws IllegalStateException if the process is ending
   */
  static ScratchDirectory create(String prefix) throws IOException {
    ScratchDirectory directory = new ScratchDirectory();
    directory.make(prefix);
    return directory;
  }

  /** Whether the process was told to end: then files are missing that somebody may look for. */
  static boolean ending() {
    return ending;
  }

  private synchronized void make(String prefix) throws IOException {
    try {
      // Before there is a directory: a process that ends meanwhile must not leave it.
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      ending = true;
      throw e;
    }
    try {
      path = Files.createTempDirectory(prefix);
    } catch (IOException | RuntimeException e) {
      forget();
      throw e;
    }
  }

  private void end() {
    ending = true;
    delete();
  }

  synchronized Path path() {
    return path;
  }

  /** A new directory in it. */
  Path inner(String name) throws IOException {
    return Files.createDirectory(path().resolve(name));
  }

  private void delete() {
    Path made = path();
    // Whoever still writes there may add a file behind the back of the one who deletes.
    for (int attempt = 0; made != null && Files.exists(made) && attempt < ATTEMPTS; attempt++) {
      FileUtils.deleteDirectoryQuietly(made.toFile());
    }
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook is at work.
      LOG.debug("the process is ending", e);
    }
  }

  @Override
  public void close() {
    delete();
    forget();
  }
}
