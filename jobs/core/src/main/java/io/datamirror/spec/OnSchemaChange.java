package io.datamirror.spec;

/** What to do when the columns of the source change. */
public enum OnSchemaChange implements Choice {
  ADD_COLUMNS("add-columns", "Adds new columns to the table in the lake."),
  IGNORE("ignore", "Keeps the columns that the table has."),
  STOP("stop", "Stops and names the column.");

  private final String text;
  private final String meaning;

  OnSchemaChange(String text, String meaning) {
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
