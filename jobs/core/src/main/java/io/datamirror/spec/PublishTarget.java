package io.datamirror.spec;

/** Where applied changes are published. */
public enum PublishTarget implements Choice {
  KAFKA("kafka", "Topics of Kafka, one a table.");

  private final String text;
  private final String meaning;

  PublishTarget(String text, String meaning) {
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
