package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.files.SingleFile;
import io.datamirror.job.Upload;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Applies a file of changes to one table. */
@Command(
    name = "apply",
    description = {
      "Applies a file of changes to one table of the lake, whatever its source says: to purge rows,"
          + " or to correct them.",
      "The file's columns are called as in the source; any other is refused. The table's operation"
          + " column, _change_request_type unless operation: names another, says u or d. Its changes"
          + " rank among those of the source by their version: a delete with a row's version deletes"
          + " it, and a newer change of the source brings it back.",
      "A table with feed: native, or a topic with a snapshot, is refused until it has been read once"
          + " as a whole: before that, the next start begins it anew.",
      "A mirror that is running stops; start it again without a savepoint."
    },
    footer = {
      "",
      "The first row that cannot be applied ends it, with its line and its reason.",
      "",
      "Examples:",
      "  mirror apply --spec shop.yaml --table orders purge.csv",
      "  mirror query --spec shop.yaml -o csv \"SELECT id, revision, 'd' AS _change_request_type FROM"
          + " orders WHERE customer = 7\" > purge.csv"
    })
final class ApplyVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description = "The table, by its name in the lake.")
  private String table;

  @Parameters(
      paramLabel = "FILE",
      description = "The file: .csv, .json (an object a line) or .parquet, also with .gz.")
  private String file;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws Exception {
    MirrorSpec mirror = spec.read();
    if (mirror.table(table).isEmpty()) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          table,
          "the spec has no table of this name",
          "Name one of "
              + String.join(", ", mirror.tables().stream().map(TableSpec::name).toList())
              + ".");
    }
    Upload upload = new Upload(table, SingleFile.of(file));
    Console console = Console.of(command);
    Optional<RunReport> report =
        new MirrorRun(mirror, RunOptions.ofOneFile(), SecretSource.ofProcess(), console, upload)
            .inThisProcess();
    report.ifPresent(done -> print(console, done));
    return 0;
  }

  private void print(Console console, RunReport report) {
    if (output.json()) {
      console.raw(Json.document(report.document()));
    } else {
      report.lines().forEach(console::data);
    }
  }
}
