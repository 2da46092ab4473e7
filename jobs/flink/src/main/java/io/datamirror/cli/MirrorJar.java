package io.datamirror.cli;

import io.datamirror.cluster.FlinkVersion;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * A deployable jar of some release. What it does is asked of itself, in a process of its own: two
 * releases never meet in one.
 *
 * @param path the file
 * @param flink the Flink that it was built for
 */
record MirrorJar(Path path, FlinkVersion flink) {
  private static final String TITLE = "Data Mirror";
  private static final String FLINK_VERSION = "Flink-Version";
  private static final String LOGGING = "log4j2.configurationFile";

  /** Options that another process may need; others may write to its output, which is read. */
  private static final List<String> SHARED =
      List.of("-D", "--add-opens=", "--add-exports=", "--add-modules=");

  /** Properties that are of one process alone: who looks into it, and what is set anew. */
  private static final List<String> OWN =
      List.of(
          "-Dcom.sun.management.jmxremote",
          "-Dfile.encoding=",
          "-D" + Installation.HOME + "=",
          "-D" + Installation.DIST + "=",
          "-D" + Installation.JAR + "=",
          "-D" + LOGGING + "=",
          "-D" + LogFile.PROPERTY + "=");

  /** What came of a command. */
  record Result(int exitCode, String out, String err) {}

  /**
   * Looks at a jar.
   *
   * @param option the option that named it
   */
  static MirrorJar of(Path path, String option) {
    try (JarFile jar = new JarFile(path.toFile())) {
      Optional<Attributes> attributes =
          Optional.ofNullable(jar.getManifest()).map(Manifest::getMainAttributes);
      Optional<String> flink =
          attributes
              .filter(all -> TITLE.equals(all.getValue(Attributes.Name.IMPLEMENTATION_TITLE)))
              .map(all -> all.getValue(FLINK_VERSION));
      return new MirrorJar(
          path.toAbsolutePath(),
          flink.map(FlinkVersion::parse).orElseThrow(() -> notOurs(option, path)));
    } catch (IOException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.WRONG_ARGUMENT,
          option,
          "the file " + path + " is not a jar that can be read",
          "Name a data-mirror.jar.");
    }
  }

  private static MirrorException notOurs(String option, Path path) {
    return new MirrorException(
        ErrorCode.WRONG_ARGUMENT,
        option,
        "the jar " + path + " is not one of Data Mirror",
        "Name a data-mirror.jar.");
  }

  /** Runs its command line to the end. */
  Result run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.addAll(List.of("-cp", classPath(), MirrorCommand.class.getName()));
    command.addAll(arguments);
    try {
      return run(new ProcessBuilder(command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("mirror-", ".out");
    Path err = Files.createTempFile("mirror-", ".err");
    try {
      int exitCode =
          builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
      return new Result(exitCode, text(out), text(err));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Of the options of a process, those that another one needs too: how drivers are to behave. */
  static List<String> handedOver(List<String> options) {
    return options.stream()
        .filter(option -> SHARED.stream().anyMatch(option::startsWith))
        .filter(option -> OWN.stream().noneMatch(option::startsWith))
        .toList();
  }

  private List<String> options() {
    List<String> options =
        new ArrayList<>(handedOver(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    options.add("-Xmx1g");
    options.add("-Dfile.encoding=UTF-8");
    options.add("-D" + Installation.HOME + "=" + Installation.home());
    options.add("-D" + Installation.DIST + "=" + Installation.dist());
    options.add("-D" + Installation.JAR + "=" + path);
    Stream.of(LOGGING, LogFile.PROPERTY)
        .filter(property -> System.getProperty(property) != null)
        .forEach(property -> options.add("-D" + property + "=" + System.getProperty(property)));
    return options;
  }

  private String classPath() {
    return String.join(
        File.pathSeparator,
        path.toString(),
        Installation.dist().resolve("lib/*").toString(),
        Installation.home().resolve("lib/*").toString());
  }
}
