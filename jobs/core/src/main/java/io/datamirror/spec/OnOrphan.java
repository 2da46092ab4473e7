package io.datamirror.spec;

/** What to do with a row that refers to a row that is not there. */
public enum OnOrphan implements Choice {
  REPORT("report", "Counts it, in reports and metrics."),
  LEDGER(
      "ledger",
      "Counts it, and writes to the ledger when it is found, and when it is none any more.");

  private final String text;
  private final String meaning;

  OnOrphan(String text, String meaning) {
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
