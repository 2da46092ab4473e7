package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import io.datamirror.cluster.ClusterSettings;
import io.datamirror.cluster.FlinkHome;
import io.datamirror.cluster.LocalCluster;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a cluster, or what is missing of it. */
@Command(
    name = "start",
    description = {
      "Starts a cluster, or those of its processes that do not run, and prints its REST address.",
      "Returns when all task managers have registered. The cluster runs until it is stopped.",
      "",
      "Started again in the same directory, it is as it was before: options that are left out mean"
          + " what they meant then. What runs goes on as it began, whatever the options say."
    },
    footer = {
      "",
      "Examples:",
      "  mirror cluster start --port 8081 --task-managers 2 --slots 4",
      "  CLUSTER=$(mirror cluster start)",
      "  mirror cluster start -D state.backend.type=rocksdb"
    })
final class ClusterStart implements Callable<Integer> {
  private static final int MOST = 64;
  private static final int GREATEST_PORT = 65_535;

  @Mixin private ClusterVerb.Directory directory;

  @Option(
      names = "--task-managers",
      paramLabel = "N",
      description = "How many processes do the work. Default: as before, at first 1.")
  private Integer taskManagers;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "How many tasks of a kind each of them takes: with the number of processes, the greatest"
              + " parallelism. Default: as before, at first 4.")
  private Integer slots;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "The port of the REST interface and web UI. Default: as before, at first one that is"
              + " free.")
  private Integer port;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description =
          "Sets a key of Flink's own configuration. May be given several times. To be rid of one"
              + " again, take its line out of conf/config.yaml in the directory of the cluster while"
              + " it is stopped.")
  private Map<String, String> flink = new LinkedHashMap<>();

  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    between("--task-managers", taskManagers, 1, MOST);
    between("--slots", slots, 1, MOST);
    between("--port", port, 0, GREATEST_PORT);
    Console console = Console.of(command);
    FlinkHome home = Installation.flink();
    LocalCluster cluster = LocalCluster.in(directory.path());
    console.say("Starting Flink " + home.version() + " in " + directory.path());
    ClusterAddress address =
        cluster.start(
            home,
            new ClusterSettings(
                Optional.ofNullable(taskManagers),
                Optional.ofNullable(slots),
                Optional.ofNullable(port).filter(number -> number > 0),
                flink));
    console.say("Web UI: http://" + address + "  Tools: " + cluster.bin());
    if (output.json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("rest", address.toString());
      document.put("flink", home.version().toString());
      document.put("directory", directory.path().toString());
      document.put("tools", cluster.bin().toString());
      console.raw(Json.document(document));
    } else {
      console.data(address.toString());
    }
    return 0;
  }

  private static void between(String option, Integer value, int least, int greatest) {
    if (value != null && (value < least || value > greatest)) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          option,
          value + " is not between " + least + " and " + greatest,
          "Choose another number.");
    }
  }
}
