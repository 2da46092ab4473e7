package io.datamirror.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a verb speaks. What a program may want to read goes to {@link #data}, everything else to
 * {@link #say}.
 *
 * <p>Names and texts of other systems pass through here: control characters are made visible, so
 * that none of them can steer the terminal.
 */
final class Console {
  private final CommandLine commandLine;
  private final PrintWriter out;
  private final PrintWriter err;

  private Console(CommandLine commandLine) {
    this.commandLine = commandLine;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
  }

  static Console of(CommandSpec command) {
    return of(command.commandLine());
  }

  static Console of(CommandLine commandLine) {
    return new Console(commandLine);
  }

  /** A line of data for people. */
  void data(String line) {
    raw(safe(line));
  }

  /** Data as it is: the format has its own way with control characters. */
  void raw(String line) {
    synchronized (out) {
      out.print(line);
      out.print('\n');
      out.flush();
    }
  }

  /** Where {@link #raw} data of any size is streamed to. */
  PrintWriter out() {
    return out;
  }

  /** A line of talk. */
  void say(String line) {
    synchronized (err) {
      err.println(safe(line));
      err.flush();
    }
  }

  /** A line that says what went wrong, in red where the terminal has colours. */
  void fail(String line) {
    synchronized (err) {
      err.println(commandLine.getColorScheme().errorText(safe(line)));
      err.flush();
    }
  }

  private static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              if (point == '\n' || !Character.isISOControl(point)) {
                safe.appendCodePoint(point);
              } else {
                safe.append(String.format("\\u%04x", point));
              }
            });
    return safe.toString();
  }
}
