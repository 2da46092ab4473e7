package io.datamirror.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Prints what it is given, and remembers the errors in it: the lines that begin with a code. */
final class ErrorMemory extends PrintWriter {
  private static final String CODE = "MIRROR-";

  private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

  ErrorMemory(PrintWriter shown) {
    super(shown, true);
  }

  @Override
  public void write(String text, int offset, int length) {
    if (text.startsWith(CODE, offset)) {
      errors.add(text.substring(offset, offset + length));
    }
    super.write(text, offset, length);
  }

  /** The errors, for somebody who sees nothing of what was printed. */
  String text(int exitCode) {
    return errors.isEmpty()
        ? "the verb ended with exit code " + exitCode + "; the log of the process says why"
        : String.join("\n", errors);
  }
}
