package io.datamirror.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.cluster.ClusterAddress;
import io.datamirror.cluster.ClusterClient;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.MirrorSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;

/**
 * One upgrade, from the check to the first commit. Nothing is stopped before the new start has been
 * checked; from then on the mirror either goes on in the new way or in the old one.
 */
final class Upgrade {
  private final ClusterClient client;
  private final ClusterAddress address;
  private final MirrorSpec mirror;
  private final Console console;
  private final Duration patience;
  private String savepointDirectory;
  private int exitCode;

  Upgrade(
      ClusterClient client,
      ClusterAddress address,
      MirrorSpec mirror,
      Console console,
      Duration patience) {
    this.client = client;
    this.address = address;
    this.mirror = mirror;
    this.console = console;
    this.patience = patience;
  }

  /** Where the savepoint is put; null for where the cluster puts savepoints. */
  Upgrade withSavepointDirectory(String directory) {
    savepointDirectory = directory;
    return this;
  }

  /** A way to start the mirror. */
  record Start(MirrorJar jar, SpecFile spec, List<String> options) {
    Start with(List<String> more) {
      List<String> all = new ArrayList<>(options);
      all.addAll(more);
      return new Start(jar, spec, all);
    }
  }

  /** A mirror that a cluster has taken. */
  private record Started(JobID job, long generation) {}

  /** An upgrade that has worked. */
  record Done(String mirror, String savepoint, JobID job, long generation, FirstCommit.Sign sign) {

    List<String> lines() {
      return List.of(
          "savepoint   " + savepoint, "job         " + job, "first sign  " + sign.words());
    }

    Map<String, Object> document() {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("mirror", mirror);
      document.put("savepoint", savepoint);
      document.put("job", job.toString());
      document.put("generation", generation);
      document.put("firstSign", sign.words());
      return document;
    }
  }

  /** How the process ends when the new start was refused. */
  int exitCode() {
    return exitCode;
  }

  /**
   * Upgrades.
   *
   * @return empty if the new start was refused; then the old one still runs
   */
  Optional<Done> run(ClusterClient.Job running, Start old, Start next) {
    if (!accepted(running, next)) {
      return Optional.empty();
    }
    console.say("Stopping job " + running.id() + " with a savepoint");
    String savepoint = client.stop(running.id(), savepointDirectory);
    console.say("Savepoint: " + savepoint);
    try {
      return Optional.of(goOn(running, old, next, savepoint));
    } catch (MirrorException e) {
      throw told(e) ? e : brokenOff(e, savepoint);
    } catch (RuntimeException e) {
      throw brokenOff(e, savepoint);
    }
  }

  private static boolean told(MirrorException failure) {
    return failure.code() == ErrorCode.UPGRADE_ROLLED_BACK
        || failure.code() == ErrorCode.UPGRADE_STUCK;
  }

  /** Nobody knows what runs: the user must, and where the savepoint is. */
  private MirrorException brokenOff(RuntimeException failure, String savepoint) {
    return MirrorException.causedBy(
        failure,
        ErrorCode.UPGRADE_STUCK,
        "mirror " + mirror.mirror(),
        "the upgrade broke off after the old job had been stopped: " + words(failure),
        "See whether a job of the mirror runs. If none does, start it by hand: mirror run --cluster"
            + " --from-savepoint "
            + savepoint
            + ".");
  }

  private static String words(RuntimeException failure) {
    return failure instanceof MirrorException known
        ? known.getMessage()
        : failure.getClass().getSimpleName();
  }

  private Done goOn(ClusterClient.Job running, Start old, Start next, String savepoint) {
    client.awaitEnd(running.id());
    Optional<Started> started = start(next, savepoint);
    if (started.isEmpty()) {
      throw rolledBack(old, savepoint, Optional.empty(), "the new mirror does not start");
    }
    console.say("Waiting for the first commit of job " + started.get().job());
    FirstCommit first = new FirstCommit(client, mirror, started.get().generation());
    return first
        .await(started.get().job(), patience)
        .map(
            sign ->
                new Done(
                    mirror.mirror(),
                    savepoint,
                    started.get().job(),
                    started.get().generation(),
                    sign))
        .orElseThrow(
            () -> rolledBack(old, savepoint, started, "the new mirror has not committed in time"));
  }

  /** Lets the new jar look at its spec, source and lake, and at the state of what runs. */
  private boolean accepted(ClusterClient.Job running, Start next) {
    console.say("Checking the new mirror against job " + running.id());
    if (!well(next, List.of("check"))) {
      return false;
    }
    return TrialSavepoint.of(client, running.id(), savepointDirectory, console)
        .answers(state -> well(next, List.of("plan", "--from-savepoint", state)));
  }

  private boolean well(Start start, List<String> verb) {
    List<String> arguments = new ArrayList<>(verb);
    arguments.addAll(start.spec().arguments());
    MirrorJar.Result result = start.jar().run(arguments);
    exitCode = result.exitCode();
    if (exitCode != 0) {
      result.err().lines().forEach(console::fail);
    }
    return exitCode == 0;
  }

  private Optional<Started> start(Start start, String savepoint) {
    List<String> arguments = new ArrayList<>(List.of("run", "-o", "json"));
    arguments.addAll(start.spec().arguments());
    arguments.addAll(List.of("--cluster", address.toString()));
    if (savepoint != null) {
      arguments.addAll(List.of("--from-savepoint", savepoint));
    }
    arguments.addAll(start.options());
    MirrorJar.Result result = start.jar().run(arguments);
    if (result.exitCode() != 0) {
      result.err().lines().forEach(console::fail);
      return Optional.empty();
    }
    try {
      JsonNode told = new ObjectMapper().readTree(result.out());
      return Optional.of(
          new Started(
              JobID.fromHexString(told.get("job").asText()), told.get("generation").asLong()));
    } catch (IOException e) {
      throw new IllegalStateException("the command line has printed something else", e);
    }
  }

  /** Starts the old mirror again; what to tell the user. */
  private MirrorException rolledBack(
      Start old, String savepoint, Optional<Started> failed, String why) {
    console.say("Going back to the old mirror: " + why);
    failed.ifPresent(job -> client.cancel(job.job()));
    // It may have committed in the end: then the lake knows more than the savepoint.
    boolean ahead =
        failed.isPresent()
            && new FirstCommit(client, mirror, failed.get().generation()).committed();
    Optional<Started> again = start(old, ahead ? null : savepoint);
    if (again.isEmpty()) {
      return new MirrorException(
          ErrorCode.UPGRADE_STUCK,
          "mirror " + mirror.mirror(),
          why + ", and the old one does not start either: nothing runs",
          "Start it by hand: mirror run --cluster --from-savepoint " + savepoint + ".");
    }
    return new MirrorException(
        ErrorCode.UPGRADE_ROLLED_BACK,
        "mirror " + mirror.mirror(),
        why + ", so the old one runs again as job " + again.get().job(),
        "Read the log of the cluster for the reason.");
  }
}
