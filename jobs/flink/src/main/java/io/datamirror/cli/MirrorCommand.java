package io.datamirror.cli;

import io.datamirror.about.ProductVersion;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.PrintStream;
import org.apache.flink.util.FlinkRuntimeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's entry: {@code mirror <verb>}. */
@Command(
    name = "mirror",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = MirrorCommand.Version.class,
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    optionListHeading = "%nOptions:%n",
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = "Mirrors tables of a warehouse into Apache Iceberg, exactly.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed while it ran",
      "2:the command line or the spec is wrong",
      "3:something outside is missing, refused or not reachable",
      "4:source and lake differ"
    },
    subcommands = {
      DemoVerb.class,
      ValidateVerb.class,
      CheckVerb.class,
      PlanVerb.class,
      RunVerb.class,
      ApplyVerb.class,
      StatusVerb.class,
      QueryVerb.class,
      VerifyVerb.class,
      ModelVerb.class,
      RelationsVerb.class,
      UpgradeVerb.class,
      ClusterVerb.class
    })
public final class MirrorCommand implements Runnable {
  @Spec private CommandSpec spec;

  /**
   * Runs one verb and ends the process with its exit code.
   *
   * @throws FlinkRuntimeException with the text of the errors, if the verb failed in a process that
   *     must not end with it
   */
  public static void main(String[] arguments) {
    LogFile.prepare();
    CommandLine commandLine = commandLine();
    ErrorMemory errors = new ErrorMemory(commandLine.getErr());
    int exitCode = commandLine.setErr(errors).execute(arguments);
    end(Host.here(), written(exitCode, System.out, System.err), errors);
  }

  /** What ends well in a process of Flink goes on there. */
  private static void end(Host host, int exitCode, ErrorMemory errors) {
    switch (host) {
      case MIRROR -> System.exit(exitCode);
      case FLINK_FOR_ONE_JOB -> {
        if (exitCode != 0) {
          System.exit(exitCode);
        }
      }
      case FLINK_FOR_MANY -> {
        if (exitCode != 0) {
          throw new FlinkRuntimeException(errors.text(exitCode));
        }
      }
    }
  }

  /**
   * Streams keep their failures to themselves: a disk that is full would end a query in the middle
   * of a row, and well.
   */
  static int written(int exitCode, PrintStream out, PrintStream err) {
    if (exitCode != 0 || !out.checkError()) {
      return exitCode;
    }
    MirrorException failure =
        new MirrorException(
            ErrorCode.OUTPUT_FAILED,
            "standard output",
            "not all of what was asked for could be written there",
            "See whether the disk is full or the reader has gone, and run the verb again.");
    err.println(failure.getMessage());
    return failure.code().exitCode();
  }

  /** The command line, for those who give it other streams than the process's. */
  static CommandLine commandLine() {
    return new CommandLine(new MirrorCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedSubcommandsAllowed(false)
        .setExecutionExceptionHandler(new FailureReport())
        .setParameterExceptionHandler(new UsageReport());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a verb.");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Data Mirror " + ProductVersion.current()};
    }
  }
}
