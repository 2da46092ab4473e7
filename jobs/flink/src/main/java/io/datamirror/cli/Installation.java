package io.datamirror.cli;

import io.datamirror.cluster.FlinkHome;
import io.datamirror.cluster.FlinkVersion;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** Where the parts of this installation are; the launcher tells. */
final class Installation {
  static final String HOME = "mirror.home";
  static final String DIST = "mirror.dist";
  static final String JAR = "mirror.jar";
  private static final String FLINK_HOME = "FLINK_HOME";

  private Installation() {}

  /** The directory of the whole; the working directory if nobody told. */
  static Path home() {
    return Path.of(System.getProperty(HOME, "")).toAbsolutePath();
  }

  /** Where the jar and its libraries are. */
  static Path dist() {
    return Optional.ofNullable(System.getProperty(DIST))
        .map(Path::of)
        .filter(Files::isDirectory)
        .orElseThrow(
            () ->
                new MirrorException(
                    ErrorCode.WRONG_ARGUMENT,
                    "cluster",
                    "the command line does not run from its installation, and a cluster needs that",
                    "Use scripts/mirror."));
  }

  /** The deployable jar that this command line runs from. */
  static Path jar() {
    return Optional.ofNullable(System.getProperty(JAR))
        .map(Path::of)
        .orElseGet(() -> dist().resolve("data-mirror.jar"));
  }

  /** The Flink that clusters on this machine are made of: the user's, if there is one. */
  static FlinkHome flink() {
    String chosen = System.getenv(FLINK_HOME);
    FlinkHome flink =
        chosen == null || chosen.isBlank()
            ? FlinkHome.assembled(dist())
            : FlinkHome.of(Path.of(chosen).toAbsolutePath(), dist());
    ownFlink().requireFits(flink.version(), FLINK_HOME);
    return flink.with(home().resolve("lib"));
  }

  /** The Flink that this command line is built for. */
  static FlinkVersion ownFlink() {
    return FlinkVersion.parse(EnvironmentInformation.getVersion());
  }
}
