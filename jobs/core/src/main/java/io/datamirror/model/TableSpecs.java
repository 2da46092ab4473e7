package io.datamirror.model;

import io.datamirror.spec.Behavior;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.List;

/** Tables of a spec with some of their parts replaced. */
final class TableSpecs {

  private TableSpecs() {}

  static TableSpec withRelationships(TableSpec table, List<RelationshipSpec> relationships) {
    return with(
        table,
        new Law(table.behavior(), table.primaryKey(), table.version(), table.timestamp()),
        table.partitionBy(),
        relationships);
  }

  /** What descriptors say of a table. */
  record Law(Behavior behavior, List<String> primaryKey, List<String> version, String timestamp) {}

  static TableSpec with(
      TableSpec table,
      Law law,
      List<PartitionField> partitions,
      List<RelationshipSpec> relationships) {
    boolean implied =
        table.feed() == FeedKind.INCREMENTAL
            && table.version().equals(java.util.Collections.singletonList(table.cursor()))
            && law.version().size() == 1;
    return new TableSpec(
        table.name(),
        table.source(),
        table.feed(),
        law.behavior(),
        law.primaryKey(),
        law.version(),
        law.timestamp(),
        table.operation(),
        table.order(),
        implied ? law.version().get(0) : table.cursor(),
        table.transaction(),
        table.snapshot(),
        table.columns(),
        partitions,
        relationships,
        table.onSchemaChange(),
        table.onBadRow(),
        table.allowedLateness(),
        table.tie(),
        table.line());
  }
}
