package io.datamirror.spec;

/** What to do with a row that cannot be applied. */
public enum OnBadRow implements Choice {
  LEDGER("ledger", "Writes it to the ledger with its reason and goes on."),
  STOP("stop", "Stops and says why.");

  private final String text;
  private final String meaning;

  OnBadRow(String text, String meaning) {
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
