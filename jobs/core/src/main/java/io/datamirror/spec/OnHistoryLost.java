package io.datamirror.spec;

/** What to do when the source no longer has the changes after the position. */
public enum OnHistoryLost implements Choice {
  STOP("stop", "Stops and says which table."),
  SNAPSHOT(
      "snapshot",
      "Reads the base table again, deletes what it no longer has, and goes on from there."),
  CONTINUE(
      "continue",
      "Goes on with what is left of a table of changes that was cleaned up, for those who clean up"
          + " nothing that was not mirrored; stops otherwise.");

  private final String text;
  private final String meaning;

  OnHistoryLost(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public String meaning() {
    return meaning;
  }

  @Override
  public String toString() {
    return text;
  }
}
