package io.datamirror.spec;

/** What the rows of a table are. */
public enum Behavior implements Choice {
  RECORD("record", "Each key is one thing that changes over time."),
  TIME_SERIES("time-series", "Each row is an event; its timestamp is part of the key.");

  private final String text;
  private final String meaning;

  Behavior(String text, String meaning) {
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
