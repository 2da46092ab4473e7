package io.datamirror.spec;

/** How far a query reads. */
public enum ReadUntil implements Choice {
  NOW("now", "To the newest change when the query starts; then it ends."),
  STOPPED("stopped", "On and on.");

  private final String text;
  private final String meaning;

  ReadUntil(String text, String meaning) {
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
