package io.datamirror.lake;

/** What of a lake was tried to be written. */
public enum Probed {
  /** The catalog and the place of its tables' files. */
  ALL("", "can be written"),
  /** The catalog, but not the storage of the files. */
  CATALOG(
      "; writing files was not tried", "its catalog can be written; writing files was not tried"),
  /** The storage of the files, but not the catalog. */
  FILES(
      "; writing its catalog was not tried",
      "files can be written; writing its catalog was not tried"),
  /** Neither. */
  NOTHING("; writing was not tried", "can be opened; writing was not tried");

  private final String untried;
  private final String words;

  Probed(String untried, String words) {
    this.untried = untried;
    this.words = words;
  }

  /** What is known of a lake that is there. */
  public String words() {
    return words;
  }

  /** What is not known, to be put behind a sentence; empty if there is nothing. */
  public String untried() {
    return untried;
  }
}
