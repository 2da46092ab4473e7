package io.datamirror.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Runs the command line inside of a test, without colours. */
public final class Cli {
  private Cli() {}

  /** What came of a command. */
  public record Result(int exitCode, String out, String err) {}

  /**
   * A mirror that runs in this process makes a checkpoint more often than it does for people: it
   * waits for one before it goes on from the lake, and for one before it ends.
   */
  public static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        MirrorCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int exitCode = commandLine.execute(hurried(arguments));
    return new Result(exitCode, out.toString(), err.toString());
  }

  private static String[] hurried(String[] arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    boolean runs = !all.isEmpty() && all.get(0).equals("run") && all.contains("--until");
    boolean asked = all.stream().anyMatch(argument -> argument.contains("checkpointing.interval"));
    if (runs && !asked && !all.contains("--cluster")) {
      all.addAll(List.of("-D", "execution.checkpointing.interval=500 ms"));
    }
    return all.toArray(new String[0]);
  }
}
