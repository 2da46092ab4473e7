package io.datamirror.feed;

import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;

/** Which warehouse a source is. */
final class Warehouses {

  private Warehouses() {}

  static Warehouse of(SourceSpec source) {
    return of(source.type());
  }

  static Warehouse of(SourceType type) {
    return switch (type) {
      case SNOWFLAKE -> new Snowflake();
      case DATABRICKS -> new Databricks();
      case BIGQUERY -> new BigQuery();
      case JDBC, KAFKA, FILES -> throw new IllegalArgumentException(type + " has no native feed");
    };
  }
}
