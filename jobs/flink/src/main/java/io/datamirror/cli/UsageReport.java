package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Ends a command line that cannot be understood. */
final class UsageReport implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine commandLine = failure.getCommandLine();
    Console console = Console.of(commandLine);
    String verb = commandLine.getCommandSpec().qualifiedName();
    console.fail(ErrorCode.WRONG_ARGUMENT + " " + verb + ": " + sentence(failure.getMessage()));
    UnmatchedArgumentException.printSuggestions(failure, commandLine.getErr());
    console.say("See " + verb + " --help");
    return ErrorCode.WRONG_ARGUMENT.exitCode();
  }

  private static String sentence(String message) {
    String text = message.strip();
    String first = text.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + text.substring(1);
    return first.endsWith(".") ? first : first + ".";
  }
}
