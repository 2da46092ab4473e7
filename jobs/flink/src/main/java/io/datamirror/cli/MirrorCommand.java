package io.datamirror.cli;

import io.datamirror.about.ProductVersion;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.PrintStream;
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

  /** Runs one verb and ends the process with its exit code. */
  public static void main(String[] arguments) {
    LogFile.prepare();
    int exitCode = written(commandLine().execute(arguments), System.out, System.err);
    // In the process of flink run, or of a cluster's job manager, the end is Flink's to decide.
    if (exitCode != 0 || !startedByFlink()) {
      System.exit(exitCode);
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

  private static boolean startedByFlink() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame -> frame.getClassName().startsWith("org.apache.flink.client.")));
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
