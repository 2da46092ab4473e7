package io.datamirror.spec;

/** What a published change looks like. */
public enum PublishStyle implements Choice {
  UPSERT("upsert", "The row as one JSON object; a record without a value deletes the row."),
  DEBEZIUM(
      "debezium",
      "A change event of Debezium as JSON, with `op`, `before` and `after`; after a delete follows"
          + " a record without a value.");

  private final String text;
  private final String meaning;

  PublishStyle(String text, String meaning) {
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
