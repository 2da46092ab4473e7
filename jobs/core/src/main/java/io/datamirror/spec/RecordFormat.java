package io.datamirror.spec;

/** How the records of topics and files are written. */
public enum RecordFormat implements Choice {
  JSON("json", "One JSON object a record; in files one a line."),
  DEBEZIUM_JSON("debezium-json", "The change events of Debezium as JSON, with or without schema."),
  AVRO("avro", "One row in Avro a record, whose schema is in a registry."),
  DEBEZIUM_AVRO("debezium-avro", "The change events of Debezium in Avro."),
  CSV("csv", "Values between commas under a line of column names; an empty value is NULL."),
  PARQUET("parquet", "Parquet files.");

  private final String text;
  private final String meaning;

  RecordFormat(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /** Whether a record says by an id which schema of a registry it has. */
  public boolean needsRegistry() {
    return switch (this) {
      case AVRO, DEBEZIUM_AVRO -> true;
      case JSON, DEBEZIUM_JSON, CSV, PARQUET -> false;
    };
  }

  /** Whether a record is an event that says itself what it does. */
  boolean ofEvents() {
    return switch (this) {
      case DEBEZIUM_JSON, DEBEZIUM_AVRO -> true;
      case JSON, AVRO, CSV, PARQUET -> false;
    };
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
