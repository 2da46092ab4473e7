package io.datamirror.spec;

/** How many rows of a table stand for one row of the table that it refers to. */
public enum Cardinality implements Choice {
  ONE_TO_ONE("1:1", "Each row refers to exactly one row, and no two to the same."),
  MANY_TO_ONE("M:1", "Many rows refer to one row."),
  ONE_TO_ZERO("1:0", "As 1:1, but a row may refer to none."),
  MANY_TO_ZERO("M:0", "As M:1, but a row may refer to none.");

  private final String text;
  private final String meaning;

  Cardinality(String text, String meaning) {
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
