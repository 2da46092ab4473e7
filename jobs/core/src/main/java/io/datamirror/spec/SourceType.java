package io.datamirror.spec;

/** What kind of source a mirror reads. */
public enum SourceType implements Choice {
  JDBC("jdbc", "Any database with a JDBC driver."),
  SNOWFLAKE("snowflake", "Snowflake, by its change tracking."),
  DATABRICKS("databricks", "Delta tables on Databricks, by their change data feed."),
  BIGQUERY("bigquery", "BigQuery, by its change history."),
  KAFKA("kafka", "Topics of changes."),
  FILES("files", "Files of changes.");

  private final String text;
  private final String meaning;

  SourceType(String text, String meaning) {
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
