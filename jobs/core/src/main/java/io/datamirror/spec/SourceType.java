package io.datamirror.spec;

import java.time.Duration;

/** What kind of source a mirror reads. */
public enum SourceType implements Choice {
  JDBC(
      "jdbc",
      "A database with a JDBC driver that tells its clock as a time with a zone. SQLite and Db2 do"
          + " not.",
      5),
  SNOWFLAKE("snowflake", "Snowflake, by its change tracking.", 60),
  DATABRICKS("databricks", "Delta tables on Databricks, by their change data feed.", 0),
  BIGQUERY("bigquery", "BigQuery, by its change history.", 600),
  KAFKA("kafka", "Topics of changes.", 60),
  FILES("files", "Files of changes.", 5);

  private final String text;
  private final String meaning;
  private final Duration settle;

  SourceType(String text, String meaning, long settleSeconds) {
    this.text = text;
    this.meaning = meaning;
    this.settle = Duration.ofSeconds(settleSeconds);
  }

  /**
   * How far windows stay behind the source's clock, if the spec does not say. The clouds' commit
   * times may differ from their clocks; Delta numbers its commits, and needs no such time.
   */
  Duration settle() {
    return settle;
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
