package io.datamirror.spec;

/** How the changes of a table are found. */
public enum FeedKind implements Choice {
  CHANGE_TABLE("change-table", "Reads a table of changes, window by window along its cursor."),
  INCREMENTAL(
      "incremental",
      "Reads the rows of the table itself whose cursor has moved on; deleted rows cannot be seen."),
  NATIVE("native", "Reads the warehouse's own change feed."),
  APPENDS(
      "appends",
      "Reads from BigQuery's own feed what was added to a table, for tables whose rows are never"
          + " updated or deleted: neither can be seen."),
  RECORDS("records", "Reads the records of topics and files; what `kafka` and `files` do anyway.");

  private final String text;
  private final String meaning;

  FeedKind(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /** Whether the warehouse itself says what changed. */
  public boolean ofWarehouse() {
    return switch (this) {
      case NATIVE, APPENDS -> true;
      case CHANGE_TABLE, INCREMENTAL, RECORDS -> false;
    };
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
