package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import java.util.List;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;

/**
 * A table of the lake as its rows are written: the order of columns is the writer's, their numbers
 * are the table's.
 */
final class LakeTable {

  private final String name;
  private final Table table;
  private final Schema schema;
  private final RowType rowType;
  private final Partitions partitions;

  private LakeTable(String name, Table table, Schema schema) {
    this.name = name;
    this.table = table;
    this.schema = schema;
    this.rowType = FlinkSchemaUtil.convert(schema);
    this.partitions = new Partitions(name, table.spec(), schema, rowType);
  }

  static LakeTable mirrored(Table table, ChangeLayout layout) {
    return new LakeTable(layout.table(), table, LakeSchema.asLaidOut(table.schema(), layout));
  }

  static LakeTable own(Table table) {
    return new LakeTable(table.name(), table, table.schema());
  }

  /** The name of the table, as users know it. */
  String name() {
    return name;
  }

  Table table() {
    return table;
  }

  /** The columns of a row, in its order. */
  Schema schema() {
    return schema;
  }

  RowType rowType() {
    return rowType;
  }

  Partitions partitions() {
    return partitions;
  }

  /** The columns that identify a row, in the order of the row. */
  Schema keySchema() {
    List<String> names =
        schema.columns().stream()
            .filter(field -> schema.identifierFieldIds().contains(field.fieldId()))
            .map(field -> field.name())
            .toList();
    return schema.select(names);
  }

  int[] keyFieldIds() {
    return keySchema().columns().stream().mapToInt(field -> field.fieldId()).toArray();
  }
}
