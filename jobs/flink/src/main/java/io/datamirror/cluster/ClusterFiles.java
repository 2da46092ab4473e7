package io.datamirror.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/** Where a cluster on this machine keeps what it consists of: all in one directory. */
record ClusterFiles(Path directory) {

  /** How the names of the processes begin that do the work. */
  static final String TASK_MANAGER = "taskmanager-";

  ClusterFiles {
    directory = directory.toAbsolutePath().normalize();
  }

  Path conf() {
    return directory.resolve("conf");
  }

  /** What a new cluster was like when the last start wrote the configuration. */
  private Path defaultsDirectory() {
    return conf().resolve("defaults");
  }

  Path log() {
    return directory.resolve("log");
  }

  Path pids() {
    return directory.resolve("pids");
  }

  Path bin() {
    return directory.resolve("bin");
  }

  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  Path savepoints() {
    return directory.resolve("savepoints");
  }

  private Path tmp() {
    return directory.resolve("tmp");
  }

  void create() {
    try {
      for (Path path :
          List.of(
              conf(),
              defaultsDirectory(),
              log(),
              pids(),
              bin(),
              checkpoints(),
              savepoints(),
              tmp())) {
        Files.createDirectories(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings that name directories. */
  void addTo(Configuration configuration) {
    configuration.setString("execution.checkpointing.dir", address(checkpoints()));
    configuration.setString("execution.checkpointing.savepoint-dir", address(savepoints()));
    configuration.setString("io.tmp.dirs", tmp().toString());
  }

  /** The address as Flink reads it: nothing in it is escaped, whether it is there or not. */
  private static String address(Path path) {
    return new org.apache.flink.core.fs.Path("file", null, path.toString()).toString();
  }

  void writeConfiguration(Configuration configuration) {
    writeConfiguration(conf(), configuration);
    try (InputStream logging = ClusterFiles.class.getResourceAsStream("log4j2.properties")) {
      Files.write(conf().resolve("log4j2.properties"), logging.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps what a new cluster is like now, to tell later what was given and what was not. */
  void writeDefaults(Configuration defaults) {
    writeConfiguration(defaultsDirectory(), defaults);
  }

  private static void writeConfiguration(Path directory, Configuration configuration) {
    List<String> lines = new ArrayList<>();
    lines.add("# Written by: mirror cluster start");
    new TreeMap<>(configuration.toMap())
        .forEach((key, value) -> lines.add(key + ": '" + value.replace("'", "''") + "'"));
    write(directory.resolve("config.yaml"), String.join("\n", lines) + "\n");
  }

  /** The configuration of the last start; empty if there was none. */
  Optional<Configuration> configuration() {
    return configuration(conf());
  }

  /** What a new cluster was like at the last start; empty if that did not say. */
  Optional<Configuration> defaults() {
    return configuration(defaultsDirectory());
  }

  private static Optional<Configuration> configuration(Path directory) {
    return Files.isRegularFile(directory.resolve("config.yaml"))
        ? Optional.of(GlobalConfiguration.loadConfiguration(directory.toString()))
        : Optional.empty();
  }

  /** Writes how many task managers there are as Flink does: a line with its host for each. */
  void writeWorkers(int count) {
    write(workersFile(), "localhost\n".repeat(count));
  }

  /**
   * How many task managers the last start was for; empty if there was none. That of an earlier
   * release is told by its processes alone.
   */
  Optional<Integer> workers() {
    if (!Files.isRegularFile(workersFile())) {
      long started =
          pidFiles().keySet().stream().filter(name -> name.startsWith(TASK_MANAGER)).count();
      return Optional.of((int) started).filter(count -> count > 0);
    }
    try {
      return Optional.of(Files.readAllLines(workersFile()).size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path workersFile() {
    return conf().resolve("workers");
  }

  /** Writes {@code bin/flink} and {@code bin/sql-client.sh}, which speak to this cluster. */
  void writeTools(FlinkHome home, Path java, List<String> options) {
    writeTool(
        "flink",
        java,
        options,
        home.path(),
        "org.apache.flink.client.cli.CliFrontend",
        Map.of("FLINK_CONF_DIR", conf().toString()));
    writeTool(
        "sql-client.sh",
        java,
        options,
        home.sqlClientPath(),
        "org.apache.flink.table.client.SqlClient",
        Map.of("FLINK_CONF_DIR", conf().toString(), "FLINK_OPT_DIR", home.opt().toString()));
  }

  private void writeTool(
      String name,
      Path java,
      List<String> options,
      String classPath,
      String main,
      Map<String, String> environment) {
    StringBuilder text = new StringBuilder("#!/bin/sh\n# Written by: mirror cluster start\n");
    new TreeMap<>(environment)
        .forEach(
            (key, value) ->
                text.append("export ").append(key).append('=').append(quoted(value)).append('\n'));
    text.append("exec ").append(quoted(java.toString()));
    for (String option : options) {
      text.append(" \\\n  ").append(quoted(option));
    }
    Path logFile = log().resolve(name.replace(".sh", "") + ".log");
    text.append(" \\\n  ").append(quoted("-Dlog.file=" + logFile));
    text.append(" \\\n  ").append(quoted(loggingOption()));
    text.append(" \\\n  -cp ").append(quoted(classPath));
    text.append(" \\\n  ").append(main).append(" \"$@\"\n");
    Path tool = bin().resolve(name);
    write(tool, text.toString());
    if (!tool.toFile().setExecutable(true)) {
      throw new IllegalStateException(tool + " cannot be made executable");
    }
  }

  String loggingOption() {
    return "-Dlog4j2.configurationFile=" + conf().resolve("log4j2.properties").toUri();
  }

  /** Everything that says of a process that it was started here, by the process's name. */
  Map<String, Path> pidFiles() {
    Map<String, Path> files = new TreeMap<>();
    if (!Files.isDirectory(pids())) {
      return files;
    }
    try (Stream<Path> paths = Files.list(pids())) {
      paths
          .filter(path -> path.toString().endsWith(".pid"))
          .forEach(path -> files.put(path.getFileName().toString().replace(".pid", ""), path));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
