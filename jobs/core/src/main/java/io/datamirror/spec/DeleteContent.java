package io.datamirror.spec;

/**
 * How a delete is handed to a query. Of a deleted row the key is known, whatever the source says
 * besides.
 */
public enum DeleteContent implements Choice {
  KEY("key", "The primary key. Where a query or a sink wants more, Flink remembers every row."),
  ROW(
      "row",
      "The primary key, handed over as if it were the whole row, so that no sink needs a memory of"
          + " rows: all other columns are NULL, but for those of version, order and time, which are"
          + " the delete's. For queries that hand rows on to a sink that"
          + " deletes by key alone, as Iceberg's does. No join, aggregation or filter on other"
          + " columns may stand between, and what is written outside the key must be nullable.");

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
