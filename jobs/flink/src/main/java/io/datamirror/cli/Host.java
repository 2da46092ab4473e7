package io.datamirror.cli;

import java.lang.StackWalker.StackFrame;
import java.util.List;

/** Whose process a verb runs in: that decides how a verb that failed may end. */
enum Host {
  /** The command line's own: it ends with the verb. */
  MIRROR,
  /**
   * Flink's, for this one job: the client of {@code flink run}, or the job manager of an
   * application. A verb that failed ends it, and whoever keeps a job manager starts it again; to
   * Flink an exception is the end of the application, whose jobs it cancels.
   */
  FLINK_FOR_ONE_JOB,
  /** Flink's, with the jobs of others in it, which go on whatever becomes of this one. */
  FLINK_FOR_MANY;

  private static final String FLINK = "org.apache.flink.client.";
  private static final String CLIENT = "org.apache.flink.client.cli.CliFrontend";

  /** What the main classes of job managers of an application have in their names. */
  private static final String APPLICATION = "ApplicationClusterEntry";

  /** The process that this is called in, by a verb's main method. */
  static Host here() {
    List<String> callers =
        StackWalker.getInstance()
            .walk(frames -> frames.map(StackFrame::getClassName).distinct().toList());
    return of(callers, System.getProperty("sun.java.command", ""));
  }

  /**
   * @param callers the classes on the stack
   * @param command the process's main class, and its arguments
   */
  static Host of(List<String> callers, String command) {
    if (callers.stream().noneMatch(name -> name.startsWith(FLINK))) {
      return MIRROR;
    }
    boolean application = command.split(" ", 2)[0].contains(APPLICATION);
    return application || callers.contains(CLIENT) ? FLINK_FOR_ONE_JOB : FLINK_FOR_MANY;
  }
}
