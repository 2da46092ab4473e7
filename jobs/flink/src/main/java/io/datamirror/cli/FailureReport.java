package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import java.util.Optional;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Ends a verb that failed: one or two sentences for people, the code for programs, and the stack
 * trace for the log file. Messages of other libraries are never shown, since nobody knows what
 * stands in them.
 */
final class FailureReport implements IExecutionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) {
    String verb = commandLine.getCommandName();
    LOG.error("{} failed", verb, SafeFailure.of(failure));
    Console console = Console.of(commandLine);
    int exitCode = tell(failure, console, verb);
    LogFile.path().ifPresent(path -> console.say("The log is " + path));
    return exitCode;
  }

  private static int tell(Exception failure, Console console, String verb) {
    Optional<ProblemsException> problems = find(failure, ProblemsException.class);
    if (problems.isPresent()) {
      problems.get().getMessage().lines().forEach(console::fail);
      return problems.get().exitCode();
    }
    MirrorException error = mirrorError(failure, verb);
    console.fail(error.getMessage());
    return error.code().exitCode();
  }

  /** The failure in the words of the mirror, wherever in the chain of causes it stands. */
  static MirrorException mirrorError(Throwable failure, String verb) {
    return find(failure, MirrorException.class)
        .orElseGet(
            () ->
                new MirrorException(
                    ErrorCode.INTERNAL,
                    verb,
                    "this failed with " + root(failure).getClass().getSimpleName(),
                    "The log file has the whole story; please report it."));
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    return ExceptionUtils.findThrowableSerializedAware(
        failure, type, FailureReport.class.getClassLoader());
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
