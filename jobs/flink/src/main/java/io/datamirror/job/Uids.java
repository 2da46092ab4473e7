package io.datamirror.job;

/**
 * The names under which Flink finds the state of each stage again. They are part of every
 * savepoint: none may ever change or be used for something else.
 */
public final class Uids {

  public static final String SOURCE = "mirror-source";
  public static final String SPLIT = "mirror-split";
  public static final String RESOLVE = "mirror-resolve";
  public static final String COMMIT = "mirror-commit";

  private Uids() {}
}
