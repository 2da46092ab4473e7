package io.datamirror.spec;

/** What a delete holds, as far as a query may rely on it. */
public enum DeleteContent implements Choice {
  KEY("key", "The primary key. Where a query or a sink wants more, Flink remembers every row."),
  ROW(
      "row",
      "All columns, so that no sink needs a memory of rows. For sources whose deletes have all"
          + " columns, and for sinks that delete by key alone, as Iceberg's does.");

  private final String text;
  private final String meaning;

  DeleteContent(String text, String meaning) {
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
