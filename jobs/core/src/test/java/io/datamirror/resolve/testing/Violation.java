package io.datamirror.resolve.testing;

/** Something happened to a table of the model that the promise rules out. */
public final class Violation extends AssertionError {

  private static final long serialVersionUID = 1L;

  public Violation(String message) {
    super(message);
  }
}
