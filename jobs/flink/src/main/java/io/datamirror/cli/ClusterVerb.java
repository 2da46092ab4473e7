package io.datamirror.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts and ends a Flink cluster on this machine. */
@Command(
    name = "cluster",
    description = {
      "Starts, ends and looks at a Flink cluster of processes on this machine.",
      "It listens on the loopback interface alone. Everything that it keeps is in one directory:"
          + " conf, log, checkpoints, savepoints, and in bin the tools of Flink, flink and"
          + " sql-client.sh, which speak to this cluster."
    },
    footer = {
      "",
      "If FLINK_HOME is set, its Flink is used, else the one that the build has assembled. Secrets"
          + " of a spec are looked up where the job runs: start the cluster with the variables that"
          + " specs refer to.",
      "",
      "Examples:",
      "  mirror cluster start",
      "  mirror cluster status",
      "  mirror run --spec airports.yaml --cluster localhost:8081",
      "  mirror cluster stop"
    },
    subcommands = {ClusterStart.class, ClusterStop.class, ClusterStatus.class})
final class ClusterVerb implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name one of start, stop and status.");
  }

  /** The option that names the directory of a cluster. */
  static final class Directory {
    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description =
            "The directory of the cluster: one for each that runs at the same time. Default:"
                + " cluster in the directory of Data Mirror.")
    private Path directory;

    Path path() {
      return Optional.ofNullable(directory)
          .map(Path::toAbsolutePath)
          .orElseGet(() -> Installation.home().resolve("cluster"));
    }
  }
}
