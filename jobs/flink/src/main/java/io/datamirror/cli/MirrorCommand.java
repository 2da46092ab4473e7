package io.datamirror.cli;

import io.datamirror.about.ProductVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line's entry: {@code mirror <verb>}. */
@Command(
    name = "mirror",
    mixinStandardHelpOptions = true,
    versionProvider = MirrorCommand.Version.class,
    description = "Mirrors warehouse tables into Apache Iceberg.")
public final class MirrorCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs one verb and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MirrorCommand()).execute(arguments));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a verb.");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Data Mirror " + ProductVersion.current()};
    }
  }
}
