package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import io.datamirror.cluster.ClusterClient;
import io.datamirror.cluster.LocalCluster;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at a cluster. */
@Command(
    name = "status",
    description = {
      "Says where a cluster is, what runs of it, and which jobs it has.",
      "Ends with exit code 3 if it does not answer."
    },
    footer = {
      "",
      "Examples:",
      "  mirror cluster status",
      "  mirror cluster status --cluster flink.example.com:8081 -o json | jq '.jobs[].name'"
    })
final class ClusterStatus implements Callable<Integer> {
  private static final int MOST_NAME = 60;

  @Mixin private ClusterVerb.Directory directory;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      description = "Looks at the cluster of this REST address, wherever it was started.")
  private String cluster;

  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (cluster != null) {
      LeftAside.refuse(
          command,
          List.of("--dir"),
          "--cluster says already which cluster it is",
          "Leave one of the two out.");
    }
    LocalCluster local = LocalCluster.in(directory.path());
    ClusterAddress address =
        Optional.ofNullable(cluster)
            .map(text -> ClusterAddress.parse("--cluster", text))
            .or(local::address)
            .orElseThrow(
                () ->
                    new MirrorException(
                        ErrorCode.CLUSTER_UNREACHABLE,
                        directory.path().toString(),
                        "no cluster was started in this directory",
                        "Start one: mirror cluster start."));
    try (ClusterClient client = ClusterClient.of(address)) {
      print(address, client.overview(), cluster == null ? local.processes() : Map.of());
    }
    return 0;
  }

  private void print(
      ClusterAddress address,
      ClusterClient.Overview overview,
      Map<String, ProcessHandle> processes) {
    Console console = Console.of(command);
    if (output.json()) {
      console.raw(Json.document(document(address, overview, processes)));
      return;
    }
    console.data("rest           " + address);
    console.data("flink          " + overview.version());
    console.data("task managers  " + overview.taskManagers());
    console.data("slots          " + overview.freeSlots() + " of " + overview.slots() + " free");
    processes.forEach((name, process) -> console.data(pad(name) + "process " + process.pid()));
    if (overview.jobs().isEmpty()) {
      console.data("jobs           none");
      return;
    }
    TextTable jobs = new TextTable("job", "name", "status");
    overview.jobs().forEach(job -> jobs.row(job.id(), shortName(job), job.status()));
    console.data("");
    jobs.lines().forEach(console::data);
  }

  /** The job of a query has the whole query for its name. */
  private static String shortName(ClusterClient.Job job) {
    String line = job.name().replaceAll("\\s+", " ");
    return line.length() <= MOST_NAME ? line : line.substring(0, MOST_NAME) + "…";
  }

  private static String pad(String name) {
    return String.format("%-15s", name);
  }

  private static Map<String, Object> document(
      ClusterAddress address,
      ClusterClient.Overview overview,
      Map<String, ProcessHandle> processes) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("rest", address.toString());
    document.put("flink", overview.version().toString());
    document.put("taskManagers", overview.taskManagers());
    document.put("slots", overview.slots());
    document.put("freeSlots", overview.freeSlots());
    Map<String, Object> pids = new LinkedHashMap<>();
    processes.forEach((name, process) -> pids.put(name, process.pid()));
    document.put("processes", pids);
    document.put("jobs", overview.jobs().stream().map(ClusterStatus::document).toList());
    return document;
  }

  private static Map<String, Object> document(ClusterClient.Job job) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", job.id().toString());
    document.put("name", job.name());
    document.put("status", job.status().toString());
    return document;
  }
}
