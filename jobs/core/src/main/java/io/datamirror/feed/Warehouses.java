package io.datamirror.feed;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.SourceSpec;

/** Which warehouse a source is. */
final class Warehouses {

  private Warehouses() {}

  static Warehouse of(SourceSpec source) {
    return switch (source.type()) {
      case SNOWFLAKE -> new Snowflake();
      case DATABRICKS -> new Databricks();
      case BIGQUERY -> throw later(source);
      case JDBC, KAFKA, FILES ->
          throw new IllegalArgumentException(source.type() + " has no native feed");
    };
  }

  private static MirrorException later(SourceSpec source) {
    return new MirrorException(
        ErrorCode.NOT_IN_THIS_RELEASE,
        "source.type",
        "sources of type " + source.type() + " are not in this release",
        "Wait for a later release.");
  }
}
