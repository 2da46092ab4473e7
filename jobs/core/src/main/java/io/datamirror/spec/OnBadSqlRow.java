package io.datamirror.spec;

/** What a query does with a change that cannot be applied: it has no ledger to put it in. */
public enum OnBadSqlRow implements Choice {
  STOP("stop", "Stops the query and says why."),
  SKIP(
      "skip",
      "Goes on without it. It is counted in the metrics `late` and `rejected`, and kept nowhere.");

  private final String text;
  private final String meaning;

  OnBadSqlRow(String text, String meaning) {
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
