package io.datamirror.cli;

import java.util.Locale;
import picocli.CommandLine.Option;

/** How data is printed. */
enum Format {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The option of verbs that print data. */
  static final class Choice {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "How data is printed: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format;

    boolean json() {
      return format == JSON;
    }
  }
}
