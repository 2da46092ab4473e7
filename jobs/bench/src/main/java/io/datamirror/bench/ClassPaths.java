package io.datamirror.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the classes of the contenders are. Peers of other engines have their own, and only theirs.
 */
final class ClassPaths {

  /** The directory with a directory of jars for each foreign engine. */
  static final String PEERS = "mirror.bench.peers";

  private ClassPaths() {}

  static String of(Contender.Home home) {
    return switch (home) {
      case OWN -> System.getProperty("java.class.path");
      case PAIMON -> jars("paimon");
      case SPARK -> jars("spark");
    };
  }

  /** Whether the jars of a contender are there. */
  static boolean present(Contender.Home home) {
    return home == Contender.Home.OWN || Files.isDirectory(directory(of(home)));
  }

  private static Path directory(String jars) {
    return Path.of(jars.substring(0, jars.length() - 2));
  }

  private static String jars(String engine) {
    return Path.of(System.getProperty(PEERS, "target/peers"), engine) + "/*";
  }
}
