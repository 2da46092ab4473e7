package io.datamirror.error;

/** Who has to act on an error, and the exit code of the process that ends with it. */
public enum ErrorClass {
  /** The command line or the spec is wrong: the user changes it. */
  USAGE(2),
  /** Something outside the mirror is missing, refused or not reachable. */
  ENVIRONMENT(3),
  /** The mirror failed while it ran. */
  RUNTIME(1),
  /** The source and the lake differ. */
  DATA(4);

  private final int exitCode;

  ErrorClass(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The exit code of a process that ends with an error of this class. */
  public int exitCode() {
    return exitCode;
  }
}
