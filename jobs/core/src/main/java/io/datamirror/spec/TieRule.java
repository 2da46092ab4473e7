package io.datamirror.spec;

/** Which change wins when version and order are equal. */
public enum TieRule implements Choice {
  DELETE_WINS("delete-wins", "A delete beats an upsert of equal version."),
  UPSERT_WINS("upsert-wins", "An upsert beats a delete of equal version.");

  private final String text;
  private final String meaning;

  TieRule(String text, String meaning) {
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
