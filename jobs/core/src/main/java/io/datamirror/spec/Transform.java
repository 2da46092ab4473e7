package io.datamirror.spec;

/** What a partition is made of. */
public enum Transform implements Choice {
  IDENTITY("identity", "The column's value itself."),
  BUCKET("bucket", "A hash of the value, modulo the width."),
  TRUNCATE("truncate", "The value cut to the width."),
  YEAR("year", "The year of a date or timestamp."),
  MONTH("month", "The month of a date or timestamp."),
  DAY("day", "The day of a date or timestamp."),
  HOUR("hour", "The hour of a timestamp.");

  private final String text;
  private final String meaning;

  Transform(String text, String meaning) {
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
