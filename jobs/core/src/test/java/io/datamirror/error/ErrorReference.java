package io.datamirror.error;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** The list of all errors, as Markdown. */
public final class ErrorReference {
  private static final String INTRODUCTION =
      """
      # Errors

      <!-- Generated from io.datamirror.error.ErrorCode. Change that, not this file. -->

      An error is written as `MIRROR-1001 <object>: <sentence>. <next step>`. Its class says who acts,
      and the exit code of the command that ends with it: usage 2, environment 3, runtime 1, data 4.

      | code | class | meaning |
      |---|---|---|
      """;

  private ErrorReference() {}

  /** The document. */
  public static String markdown() {
    return INTRODUCTION
        + Arrays.stream(ErrorCode.values())
            .sorted(Comparator.comparingInt(ErrorCode::number))
            .map(ErrorReference::row)
            .collect(Collectors.joining());
  }

  private static String row(ErrorCode code) {
    String errorClass = code.errorClass().name().toLowerCase(Locale.ROOT);
    return "| `" + code + "` | " + errorClass + " | " + code.meaning() + " |\n";
  }
}
