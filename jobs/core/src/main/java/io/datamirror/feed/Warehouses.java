package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
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
      case BIGQUERY -> throw later(type);
      case JDBC, KAFKA, FILES -> throw new IllegalArgumentException(type + " has no native feed");
    };
  }

  private static MirrorException later(SourceType type) {
    return new MirrorException(
        ErrorCode.NOT_IN_THIS_RELEASE,
        "source.type",
        "sources of type " + type + " are not in this release",
        "Wait for a later release.");
  }
}
