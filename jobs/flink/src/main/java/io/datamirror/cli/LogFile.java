package io.datamirror.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Where logs go. The console belongs to the command line. */
final class LogFile {
  static final String PROPERTY = "mirror.log.file";

  private static final String[] CONFIGURED = {
    PROPERTY, "log4j2.configurationFile", "log4j.configurationFile", "log.file"
  };

  private LogFile() {}

  /**
   * Gives the process a log file, unless the launcher or Flink did. Has to be called before the
   * first logger is made.
   */
  static void prepare() {
    for (String property : CONFIGURED) {
      if (System.getProperty(property) != null) {
        return;
      }
    }
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "mirror-" + user() + ".log");
    System.setProperty(PROPERTY, file.toString());
    System.setProperty("log4j2.configurationFile", "classpath:io/datamirror/cli/log4j2.properties");
  }

  private static String user() {
    return System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
  }

  /** The file, if this process writes one. */
  static Optional<String> path() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .or(() -> Optional.ofNullable(System.getProperty("log.file")));
  }
}
