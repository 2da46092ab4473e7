package io.datamirror.feed;

import io.datamirror.feed.BigQuery.Told;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;

/** Which warehouse a source is. */
final class Warehouses {

  private Warehouses() {}

  static Warehouse of(SourceSpec source, TableSpec table) {
    return of(source.type(), table.feed());
  }

  /** The warehouse, as its tables describe themselves. */
  static Warehouse of(SourceType type) {
    return of(type, FeedKind.NATIVE);
  }

  private static Warehouse of(SourceType type, FeedKind feed) {
    return switch (type) {
      case SNOWFLAKE -> new Snowflake();
      case DATABRICKS -> new Databricks();
      case BIGQUERY -> new BigQuery(feed == FeedKind.APPENDS ? Told.APPENDS : Told.CHANGES);
      case JDBC, KAFKA, FILES -> throw new IllegalArgumentException(type + " has no native feed");
    };
  }
}
