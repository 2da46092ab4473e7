package io.datamirror.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that lives on when the one that started it has ended, and is found again by a file with
 * its id. The file also says when it began: ids are used again.
 */
public final class Daemon {

  private static final long PATIENCE_SECONDS = 20;

  private final Path pidFile;

  private Daemon(Path pidFile) {
    this.pidFile = pidFile;
  }

  /** The process that a file tells of, whether it lives or not. */
  public static Daemon at(Path pidFile) {
    return new Daemon(pidFile);
  }

  /**
   * Starts a process. It hears nothing of the terminal, not even that it closes.
   *
   * @param command the program and its arguments
   * @param output where what it prints goes
   */
  public static Daemon start(Path pidFile, List<String> command, Path output) {
    List<String> detached = new ArrayList<>();
    detached.add("nohup");
    detached.addAll(command);
    try {
      Process process =
          new ProcessBuilder(detached)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      Files.writeString(pidFile, process.pid() + " " + began(process.toHandle()) + "\n");
      return new Daemon(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String began(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("-");
  }

  /** The process, if it lives. */
  public Optional<ProcessHandle> process() {
    if (!Files.isRegularFile(pidFile)) {
      return Optional.empty();
    }
    try {
      String[] told = Files.readString(pidFile).strip().split(" ");
      return ProcessHandle.of(Long.parseLong(told[0]))
          .filter(ProcessHandle::isAlive)
          .filter(process -> began(process).equals(told[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean alive() {
    return process().isPresent();
  }

  /** Ends the process, gently if it lets itself be told, and forgets it. */
  public void stop() {
    process().ifPresent(Daemon::end);
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    if (!ended(process)) {
      process.destroyForcibly();
      ended(process);
    }
  }

  private static boolean ended(ProcessHandle process) {
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
