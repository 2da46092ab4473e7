package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Mirrors. */
@Command(
    name = "run",
    description = {
      "Mirrors the tables of a spec.",
      "Works in this process, in the cluster of --cluster, or where flink run submits it. Started"
          + " again, it applies what is new: the lake knows how far it is.",
      "Ctrl-C ends cleanly what works in this process. A job in a cluster goes on; with --until"
          + " now, which waits for its end, Ctrl-C says how to stop it."
    },
    footer = {
      "",
      "Examples:",
      "  mirror run --spec airports.yaml --until now",
      "  mirror run --spec airports.yaml --parallelism 4 -D state.backend.type=rocksdb",
      "  mirror run --spec airports.yaml --until now --mode batch -o json",
      "  mirror run --spec airports.yaml --cluster localhost:8081",
      "  flink run -d data-mirror.jar run --spec s3://bucket/airports.yaml"
    })
final class RunVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private RunOptions options;
  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() throws Exception {
    MirrorSpec mirror = spec.read();
    Console console = Console.of(command);
    RunOutcome outcome =
        new MirrorRun(mirror, options, SecretSource.ofProcess(), console)
            .run(JobParameters.of(mirror, spec, options));
    if (!output.json()) {
      outcome.lines().forEach(console::data);
    } else if (!outcome.document().isEmpty()) {
      console.raw(Json.document(outcome.document()));
    }
    outcome.stopped().forEach(console::fail);
    return outcome.stopped().isEmpty() ? 0 : ErrorCode.TABLE_STOPPED.exitCode();
  }
}
