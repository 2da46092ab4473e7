package io.datamirror.error;

import java.util.List;
import java.util.stream.Collectors;

/** All problems at once, so that a user mends them in one go. */
public final class ProblemsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf gives a serializable list
  private final List<Problem> problems;

  /**
   * @param subject what was looked at, for example the name of the spec file
   * @param problems at least one
   */
  public ProblemsException(String subject, List<Problem> problems) {
    super(message(subject, problems));
    this.problems = List.copyOf(problems);
  }

  private static String message(String subject, List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problems");
    }
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    return problems.stream().map(Problem::text).collect(Collectors.joining("\n"))
        + "\n"
        + count
        + " in "
        + subject;
  }

  /** The problems, in the order of the spec's lines where they have one. */
  public List<Problem> problems() {
    return problems;
  }

  /** The exit code of a process that ends with these problems: the first problem's. */
  public int exitCode() {
    return problems.get(0).code().exitCode();
  }
}
