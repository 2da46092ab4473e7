package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Options that mean nothing beside others: whoever gives one must not take it for heard. */
final class LeftAside {

  private LeftAside() {}

  /**
   * Refuses the first of the options that was given, whatever its value.
   *
   * @param sentence why it means nothing here
   * @param nextStep what to do instead
   */
  static void refuse(CommandSpec command, List<String> options, String sentence, String nextStep) {
    ParseResult parsed = command.commandLine().getParseResult();
    for (String option : options) {
      if (parsed.hasMatchedOption(option)) {
        throw new MirrorException(ErrorCode.WRONG_ARGUMENT, option, sentence, nextStep);
      }
    }
  }
}
