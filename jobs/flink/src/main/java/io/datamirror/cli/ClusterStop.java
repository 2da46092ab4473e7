package io.datamirror.cli;

import io.datamirror.cluster.LocalCluster;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Ends a cluster. */
@Command(
    name = "stop",
    description = {
      "Ends the processes of a cluster; checkpoints, savepoints and logs stay.",
      "A mirror that runs in it goes on from the lake when it is started again."
    },
    footer = {"", "Examples:", "  mirror cluster stop", "  mirror cluster stop --dir ./other"})
final class ClusterStop implements Callable<Integer> {
  @Mixin private ClusterVerb.Directory directory;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    LocalCluster cluster = LocalCluster.in(directory.path());
    Set<String> processes = cluster.processes().keySet();
    cluster.stop();
    Console.of(command)
        .say(
            processes.isEmpty()
                ? "No cluster runs in " + directory.path()
                : "Ended " + String.join(", ", processes));
    return 0;
  }
}
