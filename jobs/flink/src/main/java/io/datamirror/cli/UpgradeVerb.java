package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import io.datamirror.cluster.ClusterClient;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.job.MirrorJob;
import io.datamirror.spec.MirrorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts a new spec, a new jar or other settings in the place of a running mirror. */
@Command(
    name = "upgrade",
    description = {
      "Replaces a running mirror by one of another spec, jar or parallelism, without losing its"
          + " state.",
      "Checks the new one against what runs, stops that with a savepoint, starts the new one from"
          + " it, and waits for its first commit. If that does not come, the old spec and jar are"
          + " started again from the savepoint."
    },
    footer = {
      "",
      "Ends with exit code 1 if the upgrade was taken back; whatever is refused is refused before"
          + " anything is stopped.",
      "",
      "Examples:",
      "  mirror upgrade --spec airports-with-runways.yaml --cluster localhost:8081",
      "  mirror upgrade --spec airports.yaml --cluster localhost:8081 --jar new/data-mirror.jar",
      "  mirror upgrade --spec airports.yaml --cluster localhost:8081 --parallelism 8",
      "  mirror upgrade --spec airports.yaml --cluster localhost:8081 -D state.backend.type=rocksdb"
    })
final class UpgradeVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      required = true,
      description = "The REST address of the cluster that the mirror runs in.")
  private String cluster;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "The data-mirror.jar to go over to. Default: the one of this command line.")
  private Path jar;

  @Option(
      names = "--old-spec",
      paramLabel = "FILE",
      description =
          "The spec that the running mirror was started with: needed when that file has changed"
              + " since, so that there is something to go back to.")
  private String oldSpec;

  @Option(
      names = "--old-set",
      paramLabel = "PATH=VALUE",
      description =
          "A --set that the running mirror was started with and that is not given now, or with"
              + " another value. If a --set is given now that was not given then: each one that was."
              + " May be given several times.")
  private Map<String, String> oldSet = new LinkedHashMap<>();

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description =
          "How many writers work side by side, and at most how many readers: source.connections"
              + " limits those. Default: as many as now.")
  private Integer parallelism;

  @Option(
      names = "--savepoint-dir",
      paramLabel = "PATH",
      description = "Where the savepoint is put. Default: where the cluster puts savepoints.")
  private String savepointDirectory;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description =
          "How long to wait for the first commit of the new mirror, for example 90s. Default:"
              + " ${DEFAULT-VALUE}.")
  private String within;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description =
          "Sets a key of Flink's own configuration. May be given several times. Keys that the"
              + " running mirror was started with stay as they are unless they are given here.")
  private Map<String, String> flink = new LinkedHashMap<>();

  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Duration patience = duration();
    check(flink);
    ClusterAddress address = ClusterAddress.parse("--cluster", cluster);
    MirrorJar oldJar = MirrorJar.of(Installation.jar(), "--jar");
    MirrorJar newJar = jar == null ? oldJar : MirrorJar.of(jar, "--jar");
    MirrorSpec mirror = spec.read();
    Console console = Console.of(command);
    try (ClusterClient client = ClusterClient.of(address)) {
      newJar.flink().requireFits(client.overview().version(), address.toString());
      ClusterClient.Job running = running(client, mirror.mirror());
      JobParameters told = JobParameters.of(client.parameters(running.id()));
      requireNoEnd(running, told);
      requireSecrets(running, told);
      // An earlier release may have started it with what this one refuses.
      check(newSettings(told));
      int before = client.parallelism(running.id());
      Upgrade.Start old =
          new Upgrade.Start(oldJar, previousSpec(running, told), options(before))
              .with(settings(oldSettings(told)));
      Upgrade.Start next =
          new Upgrade.Start(newJar, spec, options(parallelism == null ? before : parallelism))
              .with(settings(newSettings(told)));
      Upgrade upgrade =
          new Upgrade(client, address, mirror, console, patience)
              .withSavepointDirectory(savepointDirectory);
      Optional<Upgrade.Done> done = upgrade.run(running, old, next);
      done.ifPresent(this::print);
      return done.isPresent() ? 0 : upgrade.exitCode();
    }
  }

  /** The new start would refuse it too, but only after the old mirror was stopped. */
  private void check(Map<String, String> settings) {
    RunOptions options = RunOptions.inCluster(cluster, parallelism, settings);
    options.check();
    Configuration asked = options.configuration();
    options.check(asked);
    MirrorJob.checkSettings(new StreamExecutionEnvironment(asked));
  }

  private void print(Upgrade.Done done) {
    Console console = Console.of(command);
    if (output.json()) {
      console.raw(Json.document(done.document()));
    } else {
      done.lines().forEach(console::data);
    }
  }

  private static ClusterClient.Job running(ClusterClient client, String mirror) {
    return client
        .running(MirrorRun.jobName(mirror))
        .orElseThrow(
            () ->
                new MirrorException(
                    ErrorCode.MIRROR_NOT_RUNNING,
                    "mirror " + mirror,
                    "no job of this mirror runs in the cluster",
                    "Start it: mirror run --cluster."));
  }

  /** The spec to go back to: exactly the one that runs. */
  private SpecFile previousSpec(ClusterClient.Job running, JobParameters told) {
    List<SpecFile> texts = new ArrayList<>();
    if (oldSpec != null) {
      texts.add(spec.at(oldSpec));
    } else {
      texts.add(spec);
      if (!told.spec().isEmpty()) {
        texts.add(spec.at(told.spec()));
      }
    }
    return texts.stream()
        .flatMap(text -> text.before(oldSet).stream())
        .filter(candidate -> isThat(candidate, told))
        .findFirst()
        .orElseThrow(
            () ->
                new MirrorException(
                    ErrorCode.SPEC_OF_RUN_UNKNOWN,
                    running.name(),
                    "the spec that it was started with is not there any more as it was",
                    "Name a copy of it with --old-spec, and with --old-set what replaced values of it,"
                        + " so that there is something to go back to."));
  }

  private static boolean isThat(SpecFile candidate, JobParameters told) {
    try {
      return candidate.fingerprint().equals(told.fingerprint());
    } catch (MirrorException e) {
      // It cannot be read: so it is not the one.
      return false;
    }
  }

  private static List<String> options(int parallelism) {
    return parallelism > 0 ? List.of("--parallelism", String.valueOf(parallelism)) : List.of();
  }

  /** What takes its place would have none, and whoever waits for it would be told that it came. */
  static void requireNoEnd(ClusterClient.Job running, JobParameters told) {
    if (!told.until().isEmpty()) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          running.name(),
          "it runs with --until " + told.until() + " and ends by itself",
          "Let it end; or cancel it and start the new one with --until "
              + told.until()
              + ": it goes on from what the lake holds.");
    }
  }

  /** Secrets are kept by nobody, and without them neither mirror would start. */
  private void requireSecrets(ClusterClient.Job running, JobParameters told) {
    for (String name : told.secretSettings()) {
      if (!flink.containsKey(name)) {
        throw new MirrorException(
            ErrorCode.WRONG_ARGUMENT,
            running.name(),
            "it was started with a value of " + name + ", which is a secret and kept nowhere",
            "Put it into the cluster's configuration file, and start the mirror from a savepoint"
                + " without it; or give it again, with -D "
                + name
                + "=VALUE, which others on this machine can read.");
      }
    }
  }

  private Map<String, String> oldSettings(JobParameters told) {
    Map<String, String> settings = new LinkedHashMap<>(told.flink());
    told.secretSettings().forEach(name -> settings.put(name, flink.get(name)));
    return settings;
  }

  private Map<String, String> newSettings(JobParameters told) {
    Map<String, String> settings = oldSettings(told);
    settings.putAll(flink);
    return settings;
  }

  private static List<String> settings(Map<String, String> settings) {
    List<String> options = new ArrayList<>();
    settings.forEach((key, value) -> options.addAll(List.of("-D", key + "=" + value)));
    return options;
  }

  private Duration duration() {
    try {
      Duration duration = Duration.parse("PT" + within.toUpperCase(Locale.ROOT));
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // The same answer as for one that is no time at all.
    }
    throw new MirrorException(
        ErrorCode.WRONG_ARGUMENT,
        "--within",
        "this is not a length of time",
        "Write for example --within 90s or --within 5m.");
  }
}
